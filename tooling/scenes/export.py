"""Writes a trained network as one safetensors file: batch norm folded, float16, its architecture in the metadata.

    python tooling/scenes/export.py CHECKPOINT.pt FILE.safetensors

`train.py` does this at its end.
"""

import hashlib
import json
import sys

import torch
from network import CLASSES, SIZE, STAGES, ScenesNetwork
from safetensors.torch import save


def fold(conv, norm):
    """The convolution that equals `norm(conv(x))` in evaluation mode: weight, bias in float64."""
    scale = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    weight = conv.weight.double() * scale[:, None, None, None]
    return weight, norm.bias.double() - norm.running_mean.double() * scale


@torch.no_grad()
def export(network, path):
    tensors, steps = {}, []

    def conv(name, module, norm, source):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = fold(module, norm)
        steps.append(
            {
                "op": "convolution",
                "name": name,
                "input": source,
                "inChannels": module.in_channels,
                "outChannels": module.out_channels,
                "kernel": module.kernel_size[0],
                "stride": module.stride[0],
                "padding": module.padding[0],
                "groups": 1,
                "bias": True,
            }
        )
        return name

    def relu(name, source):
        steps.append({"op": "relu", "name": name, "input": source})
        return name

    at = relu("relu", conv("conv1", network.conv1, network.bn1, "input"))
    steps.append({"op": "max-pool", "name": "maxpool", "input": at, "kernel": 3, "stride": 2, "padding": 1})
    at = "maxpool"
    for index in range(1, len(STAGES) + 1):
        for number, block in enumerate(getattr(network, f"layer{index}")):
            name = f"layer{index}.{number}"
            shortcut = at
            if block.downsample is not None:
                shortcut = conv(f"{name}.downsample.0", block.downsample[0], block.downsample[1], at)
            inner = relu(f"{name}.relu", conv(f"{name}.conv1", block.conv1, block.bn1, at))
            inner = relu(f"{name}.relu_1", conv(f"{name}.conv2", block.conv2, block.bn2, inner))
            inner = conv(f"{name}.conv3", block.conv3, block.bn3, inner)
            steps.append({"op": "add", "name": f"{name}.add", "input": inner, "other": shortcut})
            # A block's output carries the block's name: that is what people call the layer.
            at = relu(name, f"{name}.add")
    steps.append({"op": "global-average-pool", "name": "avgpool", "input": at})
    channels = network.fc.in_features
    steps.append({"op": "linear", "name": "fc", "input": "avgpool", "inFeatures": channels, "outFeatures": len(CLASSES)})
    tensors["fc.weight"], tensors["fc.bias"] = network.fc.weight, network.fc.bias

    architecture = {
        "version": 1,
        "name": "scenes-resnet26",
        "input": {"name": "input", "channels": 3, "height": SIZE, "width": SIZE},
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "classes": CLASSES,
        "output": "fc",
        "steps": steps,
    }
    halves = {name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}
    data = save(halves, {"format": "pt", "architecture": json.dumps(architecture, separators=(",", ":"))})
    with open(path, "wb") as file:
        file.write(data)
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "parameters": sum(tensor.numel() for tensor in halves.values()),
    }


if __name__ == "__main__":
    checkpoint, target = sys.argv[1:]
    trained = ScenesNetwork(len(CLASSES))
    trained.load_state_dict(torch.load(checkpoint))
    print(json.dumps(export(trained, target)))
