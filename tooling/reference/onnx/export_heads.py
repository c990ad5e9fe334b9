"""Small classifiers with the heads that real networks have, exported by both PyTorch exporters, and PyTorch's gradients.

Writes packages/onnx/test/fixtures/heads.json and heads/*.onnx. Random weights (seed 0); made with torch 2.13.0 (CPU):

    python tooling/reference/onnx/export_heads.py

For every head: the input, and in float64 from the same float32 weights the activations behind the trunk, the logits, and
d(logit_c)/d(activations) for two classes.
"""

import json
import pathlib
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
CHANNELS, CLASSES, SIZE = 6, 4, 8


class Net(nn.Module):
    def __init__(self, head):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 5, 3, padding=1), nn.ReLU())
        self.features = nn.Sequential(nn.Conv2d(5, CHANNELS, 3, stride=2, padding=1), nn.ReLU())
        self.head = head

    def forward(self, x):
        return self.head(self.features(self.stem(x)))


class Lambda(nn.Module):
    def __init__(self, f, **modules):
        super().__init__()
        self.f = f
        for name, module in modules.items():
            setattr(self, name, module)

    def forward(self, x):
        return self.f(self, x)


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        x = F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


def gap():
    return nn.AdaptiveAvgPool2d(1)


def linear(inputs=CHANNELS, outputs=CLASSES):
    return nn.Linear(inputs, outputs)


def matmul_head():
    module = Lambda(lambda m, x: x.mean([2, 3]) @ m.weight + m.bias)
    module.weight = nn.Parameter(torch.randn(CHANNELS, CLASSES) * 0.5)
    module.bias = nn.Parameter(torch.randn(CLASSES) * 0.5)
    return module


def normalized_head():
    return Lambda(lambda m, x: m.fc(F.normalize(m.pool(x).flatten(1))) * 4, pool=gap(), fc=linear())


HEADS = {
    "linear": lambda: nn.Sequential(gap(), nn.Flatten(), linear()),
    "view": lambda: Lambda(lambda m, x: m.fc(m.pool(x).view(x.size(0), -1)), pool=gap(), fc=linear()),
    "matmul": matmul_head,
    "convolution": lambda: nn.Sequential(gap(), nn.Conv2d(CHANNELS, CLASSES, 1), nn.Flatten()),
    "average_pool": lambda: nn.Sequential(nn.AvgPool2d(SIZE // 2), nn.Flatten(), linear()),
    "softmax": lambda: nn.Sequential(gap(), nn.Flatten(), linear(), nn.Softmax(1)),
    "class_maps": lambda: nn.Sequential(nn.Dropout(), nn.Conv2d(CHANNELS, CLASSES, 1), nn.ReLU(), gap(), nn.Flatten()),
    "batch_norm": lambda: nn.Sequential(gap(), nn.Flatten(), nn.BatchNorm1d(CHANNELS), linear()),
    "two_linear": lambda: nn.Sequential(gap(), nn.Flatten(), linear(CHANNELS, 5), linear(5, CLASSES)),
    "mobilenet_v3": lambda: nn.Sequential(
        gap(), nn.Flatten(), linear(CHANNELS, 9), nn.Hardswish(), nn.Dropout(0.2), linear(9, CLASSES)
    ),
    "convnext": lambda: nn.Sequential(gap(), LayerNorm2d(CHANNELS, eps=1e-6), nn.Flatten(1), linear()),
    "gelu": lambda: nn.Sequential(gap(), nn.Flatten(), linear(CHANNELS, 9), nn.GELU(), linear(9, CLASSES)),
    "gelu_tanh": lambda: nn.Sequential(
        gap(), nn.Flatten(), linear(CHANNELS, 9), nn.GELU("tanh"), linear(9, CLASSES)
    ),
    "three_layers": lambda: nn.Sequential(
        gap(), nn.Flatten(), linear(CHANNELS, 7), nn.Tanh(), linear(7, 8), nn.SiLU(), linear(8, CLASSES)
    ),
    "relu_layers": lambda: nn.Sequential(
        gap(), nn.Flatten(), linear(CHANNELS, 16), nn.ReLU(), linear(16, 8), nn.LeakyReLU(0.1), linear(8, CLASSES)
    ),
    "normalized": normalized_head,
    "max_pool": lambda: nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten(), linear()),
    "elu_mish_softplus": lambda: nn.Sequential(
        gap(), nn.Flatten(), linear(CHANNELS, 7), nn.ELU(), linear(7, 8), nn.Mish(), linear(8, 5), nn.Softplus(),
        linear(5, CLASSES),
    ),
}
EXPORTS = {"script13": 13, "script17": 17, "dynamo20": 20}


def export(net, x, path, kind, opset):
    if kind.startswith("script"):
        torch.onnx.export(
            net, x, path, opset_version=opset, dynamo=False, input_names=["input"], output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
        )
    else:
        program = torch.onnx.export(
            net, (x,), dynamo=True, opset_version=opset, input_names=["input"], output_names=["output"],
            dynamic_shapes=({0: torch.export.Dim("batch")},), verbose=False,
        )
        program.save(str(path), include_initializers=True)


def main():
    folder = pathlib.Path(__file__).parents[3] / "packages/onnx/test/fixtures"
    (folder / "heads").mkdir(parents=True, exist_ok=True)
    heads = {}
    for name, make in HEADS.items():
        torch.manual_seed(0)
        net = Net(make()).eval()
        for module in net.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.5, 2)
                module.weight.data.uniform_(0.5, 2)
                module.bias.data.normal_()
            if isinstance(module, LayerNorm2d):
                module.weight.data.uniform_(0.5, 2)
                module.bias.data.normal_()
        # No channel may be dead: the maximum of equal cells has no one gradient.
        net.features[0].bias.data += 0.5
        x = torch.randn(2, 3, SIZE, SIZE)
        files = []
        for kind, opset in EXPORTS.items():
            file = f"heads/{name}.{kind}.onnx"
            try:
                export(net, x, folder / file, kind, opset)
                files.append(file)
            except Exception as error:  # an operator the old exporter lacks at that opset
                print(name, kind, str(error).splitlines()[0])
        double = Net(make()).eval().double()
        double.load_state_dict({key: value.double() for key, value in net.state_dict().items()})
        activations = double.features(double.stem(x.double())).detach().requires_grad_()
        modules = list(double.head)[:-1] if name == "softmax" else [double.head]
        logits = nn.Sequential(*modules)(activations)
        gradients = []
        for c in (0, CLASSES - 1):
            (gradient,) = torch.autograd.grad(logits[:, c].sum(), activations, retain_graph=True)
            gradients.append(gradient.flatten().tolist())
        heads[name] = {
            "files": files,
            "input": x.flatten().tolist(),
            "activations": activations.detach().flatten().tolist(),
            "logits": logits.detach().flatten().tolist(),
            "classes": [0, CLASSES - 1],
            "gradients": gradients,
        }
    def rounded(value):
        return float(f"{value:.10g}")

    for head in heads.values():
        for key in ("input", "activations", "logits"):
            head[key] = [rounded(value) for value in head[key]]
        head["gradients"] = [[rounded(value) for value in row] for row in head["gradients"]]
    text = json.dumps({"shape": [2, 3, SIZE, SIZE], "layer": [2, CHANNELS, SIZE // 2, SIZE // 2], "heads": heads})
    (folder / "heads.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
