"""Prints, as JSON, what torchvision says of its own networks: parameters, multiply-adds, and every layer with a kernel.

Usage: published.py NAME=SIZE ...  Nothing is computed: all tensors are on PyTorch's meta device, which knows shapes alone.
"""

import json
import sys

import torch
from torch import nn


def load_torchvision():
    """torchvision; a build without its compiled operators, of which none is needed here, asks for the names of two."""
    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor boxes, Tensor scores, float threshold) -> Tensor")
        load_torchvision.library = library
        import torchvision
    return torchvision


def build(torchvision, name: str) -> nn.Module:
    models = torchvision.models
    if name == "deeplabv3_resnet50":
        return models.segmentation.deeplabv3_resnet50(weights=None, weights_backbone=None, aux_loss=False)
    unaided = {"aux_logits": False, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    return getattr(models, name)(weights=None, **unaided)


def describe(model: nn.Module, size: int) -> dict:
    layers: list = []
    macs = 0

    def note(module: nn.Module, _, out: torch.Tensor) -> None:
        nonlocal macs
        weight = module.weight
        kernel = [*weight.shape[2:], weight.shape[1], weight.shape[0]]
        if isinstance(module, nn.Conv2d):
            shape = [*out.shape[2:], out.shape[1]]
        else:
            shape = list(out.shape[1:])
        macs += out.numel() * weight[0].numel()
        layers.append([kernel, shape])

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(note)
    model.eval()
    model(torch.empty(1, 3, size, size))
    return {"params": sum(each.numel() for each in model.parameters()), "macs": macs, "layers": layers}


def main() -> None:
    torchvision = load_torchvision()
    answers = {}
    for name, size in (argument.split("=") for argument in sys.argv[1:]):
        with torch.device("meta"), torch.no_grad():
            answers[name] = describe(build(torchvision, name), int(size))
    print(json.dumps(answers))


main()
