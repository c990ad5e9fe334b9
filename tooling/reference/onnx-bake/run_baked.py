"""Runs a baked ONNX file as anybody would: the ONNX checker, then onnxruntime, with nothing of ours.

    python run_baked.py MODEL.onnx FEEDS.json OUT.json

FEEDS.json: {input: {"dtype", "shape", "data"}}. OUT.json: {output: {"shape", "data"}} with one line per run. Used by
packages/onnx/test/bake/python.test.ts, which compares the numbers with the library's.
"""
import json
import sys

import numpy as np
import onnx
import onnxruntime

model, feeds_file, out = sys.argv[1:4]
onnx.checker.check_model(onnx.load(model), full_check=True)
with open(feeds_file) as file:
    feeds = json.load(file)
options = onnxruntime.SessionOptions()
options.log_severity_level = 3
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
names = [value.name for value in session.get_outputs()]
results = session.run(
    names, {name: np.array(f["data"], f["dtype"]).reshape(f["shape"]) for name, f in feeds.items()}
)
with open(out, "w") as file:
    json.dump(
        {
            "metadata": session.get_modelmeta().custom_metadata_map,
            "optional": [value.name for value in session.get_overridable_initializers()],
            "outputs": {n: {"shape": list(r.shape), "data": r.ravel().tolist()} for n, r in zip(names, results)},
        },
        file,
    )
