"""FullGrad of two small networks in PyTorch, by hooks on their modules in float64: fixtures of packages/onnx/test/network/full-grad.test.ts.

    python full_grad.py OUT          (OUT is packages/onnx/test/network/fixtures)

NAME.onnx is the network in inference form (batch normalisation folded by the exporter), NAME.safetensors holds `input`, `logits`, and for
class 1 the raw maps `paper`, with what ReLU6 adds where it is saturated, and `pytorch-grad-cam`, without; `missing` is what the shares of layers,
linear ones included, leave out of the logit, `saturated` the largest share of saturated cells.
"""
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../onnx-gradients"))
import tensors_file  # noqa: E402
from tiny_networks import NETWORKS  # noqa: E402

SIZE, CLASS = 24, 1


def build(name):
    torch.manual_seed(7)
    model = NETWORKS[name]()
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.momentum = None
            # Wide enough that ReLU6 meets its upper bound.
            norm.weight.uniform_(2, 4)
            norm.bias.uniform_(-0.5, 1.5)
        for _ in range(4):
            model(torch.randn(8, 3, SIZE, SIZE))
    return model.eval()


def scaled(values, axes, epsilon):
    low = values.amin(axes, keepdim=True)
    return (values - low) / ((values - low).amax(axes, keepdim=True) + epsilon)


def enlarged(share, variant):
    share = share.abs()
    if variant == "pytorch-grad-cam":
        # cv2.resize of every channel, whose linear interpolation has half-pixel centres.
        return F.interpolate(scaled(share, (2, 3), 1e-7), (SIZE, SIZE), mode="bilinear", align_corners=False).sum(1)
    return F.interpolate(scaled(share, (1, 2, 3), 1e-6), (SIZE, SIZE), mode="bilinear", align_corners=True).sum(1)


def effective_bias(module):
    if isinstance(module, nn.BatchNorm2d):
        return module.bias - module.running_mean * module.weight / torch.sqrt(module.running_var + module.eps)
    return module.bias


def reference(model, x):
    model, kept = model.double(), []
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.Linear, nn.ReLU6)):
            if isinstance(module, nn.ReLU6) or effective_bias(module) is not None:
                module.register_forward_hook(lambda module, _, result: (result.retain_grad(), kept.append((module, result)))[0])
    x = x.double().requires_grad_()
    logits = model(x)
    logits[0, CLASS].backward()
    of_input = x.grad * x.detach()
    layers, clipped, elsewhere, saturated = [], [], 0.0, []
    for module, result in kept:
        if isinstance(module, nn.ReLU6):
            clipped.append(torch.where(result >= 6, result, 0.0).detach() * result.grad)
            saturated.append((result >= 6).double().mean().item())
        elif result.dim() == 4:
            layers.append(effective_bias(module).detach().reshape(1, -1, 1, 1) * result.grad)
        else:
            elsewhere += (effective_bias(module).detach() * result.grad).sum().item()
    missing = logits[0, CLASS].item() - of_input.sum().item() - sum(share.sum().item() for share in layers) - elsewhere
    complete = missing - sum(share.sum().item() for share in clipped)
    print(f"logit {logits[0, CLASS].item():.6f}, missing without ReLU6 {missing:.3e}, with it {complete:.1e}, saturated {saturated}")
    assert abs(complete) < 1e-10
    maps = {
        "paper": sum(enlarged(share, "paper") for share in [of_input, *layers, *clipped]),
        "pytorch-grad-cam": sum(enlarged(share, "pytorch-grad-cam") for share in [of_input, *layers]),
    }
    return {
        "input": x.detach(),
        "logits": logits.detach(),
        **{variant: value[0].detach() for variant, value in maps.items()},
        "missing": torch.tensor([missing]),
        "saturated": torch.tensor([max(saturated, default=0.0)]),
    }


def main(out):
    for name in ("residual", "inverted_residual"):
        model = build(name)
        # Halves of a half are exact in every float type.
        x = torch.round(torch.randn(1, 3, SIZE, SIZE) * 4) / 4
        path = os.path.join(out, f"{name}.onnx")
        torch.onnx.export(model, (x,), path, input_names=["input"], output_names=["logits"], opset_version=13, dynamo=False)
        tensors = {key: value.float().numpy() for key, value in reference(model, x).items()}
        tensors_file.save(path.replace(".onnx", ".safetensors"), tensors)
        print(name, os.path.getsize(path))


main(sys.argv[1])
