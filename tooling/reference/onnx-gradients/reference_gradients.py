"""Values and gradients of the tensors a backward plan names, by autograd in float64 over the same ONNX file.

    python reference_gradients.py MODEL.onnx INPUT.safetensors REQUEST.json OUT.safetensors

REQUEST: {"input": name, "scores": name, "layers": [...], "taps": [...]}. OUT: `scores`, `cotangent`, `tap:NAME` and
`gradient:NAME`. The cotangent is one-hot at the winning class of each picture. Values and gradients are computed in float64 and
rounded once, to float32.
"""
import json
import os
import sys

import numpy as np
import onnx
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import onnx_autograd  # noqa: E402
import tensors_file  # noqa: E402


def main():
    model_path, input_path, request_path, out = sys.argv[1:]
    with open(request_path) as file:
        request = json.load(file)
    torch.set_num_threads(2)
    model = onnx.load(model_path)
    x = tensors_file.load(input_path)["input"]
    values = onnx_autograd.run(model, {request["input"]: x}, torch.float64, set(request["layers"]))
    scores = values[request["scores"]]
    flat = scores.detach().reshape(scores.shape[0], -1)
    cotangent = torch.zeros_like(flat).scatter_(1, flat.argmax(1, keepdim=True), 1.0).reshape(scores.shape)
    scores.backward(cotangent)
    tensors = {"scores": scores.detach().numpy(), "cotangent": cotangent.numpy().astype(np.float32)}
    for name in request["taps"]:
        array = values[name].detach().numpy()
        tensors[f"tap:{name}"] = array.astype(np.float32) if array.dtype == np.float64 else array
    for name in request["layers"]:
        tensors[f"gradient:{name}"] = values[name].grad.numpy().astype(np.float32)
    tensors_file.save(out, tensors)


if __name__ == "__main__":
    main()
