"""Runs the check.py of many printed projects in one interpreter: python runChecks.py FOLDER... Prints a JSON line for each."""

import importlib
import json
import os
import sys
import traceback

OWN = ("check", "custom_layers", "initialize", "layers", "model", "weights")

for folder in sys.argv[1:]:
    for name in OWN:
        sys.modules.pop(name, None)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    os.chdir(folder)
    try:
        difference, scale = importlib.import_module("check").compare()
        answer = {"difference": str(difference), "scale": scale, "error": None}
    except Exception:
        answer = {"difference": "nan", "scale": 0, "error": traceback.format_exc(limit=-3)}
    print(json.dumps(answer), flush=True)
    sys.path.pop(0)
