"""Checks ONNX files as the format's own package does: every operator's rules, and every shape that a file states."""

import json
import sys

import onnx


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    stated = len(model.graph.value_info)
    # Shapes are inferred from the inputs alone, so that what the file states is no help.
    del model.graph.value_info[:]
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    return {"opset": max(entry.version for entry in model.opset_import if entry.domain == ""), "stated": stated}


print(json.dumps({path: check(path) for path in sys.argv[1:]}))
