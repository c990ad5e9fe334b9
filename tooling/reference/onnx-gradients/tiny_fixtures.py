"""Exports `tiny_networks.py` with what float64 autograd says at every float tensor: fixtures of the tap injection tests.

    python tiny_fixtures.py OUT --opset 13            (old exporter, torch 1.13)
    python tiny_fixtures.py OUT --dynamo              (torch 2.x)
    python tiny_fixtures.py OUT --reference           (torch 2.x: gradients for every NAME.onnx in OUT that has none)
    python tiny_fixtures.py OUT --half                (torch 2.x: half/NAME.onnx by ONNX Runtime's float16 converter)

OUT is packages/onnx/test/autodiff/fixtures. NAME.safetensors holds `input`, `cotangent`, `scores`, for every float tensor between
picture and scores `tap:NAME`, and for about six of them `gradient:NAME`; computed in float64, rounded once.
"""
import argparse
import glob
import os
import sys

import numpy as np
import onnx
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import onnx_autograd  # noqa: E402
import tensors_file  # noqa: E402
from tiny_networks import NETWORKS  # noqa: E402

SIZE = 24


def build(name):
    torch.manual_seed(11)
    model = NETWORKS[name]()
    norms = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.momentum = None
            norm.weight.uniform_(0.6, 1.4)
            norm.bias.uniform_(-0.3, 0.5)
        for _ in range(4 if norms else 0):
            model(torch.randn(8, 3, SIZE, SIZE))
    return model.eval()


def export(out, options):
    for name in options.networks.split(","):
        model = build(name)
        x = torch.randn(2 if options.dynamo and name != "windows" else 1, 3, SIZE, SIZE)
        tag = f"{name}.dynamo" if options.dynamo else f"{name}.opset{options.opset}"
        path = os.path.join(out, f"{tag}.onnx")
        arguments = {"input_names": ["input"], "output_names": ["logits"]}
        if options.dynamo:
            arguments.update(dynamo=True, external_data=False, verbose=False)
            if options.opset:
                arguments["opset_version"] = options.opset
            if name not in ("windows",):
                arguments["dynamic_shapes"] = ({0: torch.export.Dim.DYNAMIC},)
        else:
            arguments["opset_version"] = options.opset
            if name not in ("windows", "shuffle"):
                arguments["dynamic_axes"] = {"input": {0: "batch"}, "logits": {0: "batch"}}
        torch.onnx.export(model, (x,), path, **arguments)
        if options.dynamo:
            # The exporter writes a stack trace to every node.
            saved = onnx.load(path)
            for node in saved.graph.node:
                kept = [p for p in node.metadata_props if p.key.endswith("name_scopes")]
                del node.metadata_props[:]
                node.metadata_props.extend(kept)
            del saved.graph.metadata_props[:]
            del saved.metadata_props[:]
            onnx.save(saved, path)
        print(tag, os.path.getsize(path))


def reference(out):
    for path in sorted(glob.glob(os.path.join(out, "*.onnx"))):
        target = path.replace(".onnx", ".safetensors")
        if os.path.exists(target):
            continue
        model = onnx.load(path)
        torch.manual_seed(5)
        # Halves are exact in every float type, so the file may hold the picture coarsely.
        x = torch.randn(1, 3, SIZE, SIZE).half().double()
        plain = onnx_autograd.run(model, {"input": x.numpy()}, torch.float64, {"input"})
        moving = [n for n, v in plain.items() if v.is_floating_point() and v.requires_grad and n != "input"]
        step = max(1, len(moving) // 5)
        layers = sorted({*moving[::step], "input"})
        values = onnx_autograd.run(model, {"input": x.numpy()}, torch.float64, set(layers))
        cotangent = torch.randn_like(values["logits"]).half().double()
        values["logits"].backward(cotangent)
        tensors = {"input": x, "cotangent": cotangent, "scores": values["logits"].detach()}
        tensors.update({f"tap:{n}": plain[n].detach() for n in moving})
        tensors.update({f"gradient:{n}": values[n].grad for n in layers})
        tensors_file.save(target, {k: v.numpy().astype(np.float32) for k, v in tensors.items()})
        print(os.path.basename(target), len(moving), "taps", len(layers), "gradients", os.path.getsize(target))


def half(out):
    from onnxruntime.transformers.float16 import convert_float_to_float16

    os.makedirs(os.path.join(out, "half"), exist_ok=True)
    for name in ("squeeze.opset13", "attention.opset11"):
        model = onnx.load(os.path.join(out, f"{name}.onnx"))
        # Float32 picture and logits: the converter appends its Casts behind the nodes that read them.
        onnx.save(convert_float_to_float16(model, keep_io_types=True), os.path.join(out, "half", f"{name}.onnx"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--opset", type=int, default=0)
    parser.add_argument("--dynamo", action="store_true")
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--half", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(1)
    if options.half:
        half(options.out)
    elif options.reference:
        reference(options.out)
    else:
        export(options.out, options)


if __name__ == "__main__":
    main()
