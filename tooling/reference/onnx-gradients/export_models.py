"""Exports torchvision classifiers with random, calibrated weights, and what torch's autograd says about them.

    python export_models.py OUT [--models resnet18,vit] [--opset 13] [--dynamo] [--batch] [--bn] [--double] [--picture 8]

For each model OUT gets NAME.onnx and NAME.safetensors: `input`, `logits`, `class`, and for each module of `MODELS` the
`MODULE.activations` and `MODULE.gradients` of the winning logit, computed by hooks in float32; with `--double` also
`MODULE.activations64` and `MODULE.gradients64`, of the same class, computed in float64 and rounded once.

Weights are random because no test may download any; BatchNorm's statistics are then measured on random pictures and its
scale and shift drawn, so that activations have the spread of a trained network and no layer is dead or linear.
The old exporter (torch.onnx.export, here torch 1.13) and the dynamo one (torch 2.13) are chosen by `--dynamo`.
"""
import argparse
import copy
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tensors_file  # noqa: E402


def import_torchvision():
    try:
        import torchvision
    except RuntimeError:
        # A torchvision built for another torch: its C++ operators are absent, and no classifier needs them.
        for name in [m for m in sys.modules if m.startswith("torchvision")]:
            del sys.modules[name]
        original = torch.library.register_fake
        torch.library.register_fake = lambda *a, **k: (lambda f: f)
        import torchvision

        torch.library.register_fake = original
    return torchvision


models = import_torchvision().models


def vit():
    kind = models.vision_transformer.VisionTransformer
    return kind(image_size=224, patch_size=16, num_layers=6, num_heads=6, hidden_dim=192, mlp_dim=768)


def googlenet():
    return models.googlenet(aux_logits=False, init_weights=False)


def inception():
    return models.inception_v3(aux_logits=False, init_weights=False)


MODELS = {
    "resnet18": (models.resnet18, ["maxpool", "layer1", "layer2", "layer3", "layer4"]),
    "resnet50": (models.resnet50, ["layer1", "layer2", "layer3", "layer4"]),
    "mobilenet_v2": (models.mobilenet_v2, ["features.3", "features.6", "features.13", "features.17", "features.18"]),
    "mobilenet_v3_small": (models.mobilenet_v3_small, ["features.1", "features.3", "features.8", "features.12"]),
    "densenet121": (
        models.densenet121,
        ["features.denseblock1", "features.denseblock2", "features.denseblock3", "features.norm5"],
    ),
    "googlenet": (googlenet, ["inception3a", "inception3b", "inception4c", "inception5b"]),
    "inception_v3": (inception, ["Mixed_5d", "Mixed_6b", "Mixed_6e", "Mixed_7c"]),
    "vgg11": (models.vgg11, ["features.5", "features.10", "features.19", "features.20"]),
    "squeezenet1_1": (models.squeezenet1_1, ["features.4", "features.7", "features.12"]),
    "efficientnet_b0": (models.efficientnet_b0, ["features.2", "features.3", "features.5", "features.8"]),
    "regnet_x_400mf": (models.regnet_x_400mf, ["trunk_output.block1", "trunk_output.block2", "trunk_output.block4"]),
    "regnet_y_400mf": (models.regnet_y_400mf, ["trunk_output.block1", "trunk_output.block2", "trunk_output.block4"]),
    "shufflenet_v2": (models.shufflenet_v2_x1_0, ["stage2", "stage3", "stage4", "conv5"]),
    "mnasnet1_0": (models.mnasnet1_0, ["layers.8", "layers.12", "layers.16"]),
    "convnext_tiny": (models.convnext_tiny, ["features.1", "features.3", "features.5", "features.7"]),
    "swin_t": (models.swin_t, ["features.1", "features.3", "features.5", "features.7", "norm"]),
    "vit": (
        vit,
        ["encoder.layers.encoder_layer_2", "encoder.layers.encoder_layer_4.ln_1", "encoder.layers.encoder_layer_5.ln_1"],
    ),
}
if hasattr(models, "maxvit_t"):
    MODELS["maxvit_t"] = (lambda: models.maxvit_t(input_size=(224, 224)), ["blocks.1", "blocks.3"])


def picture(batch, size):
    coarse = torch.randn(batch, 3, 7, 7)
    return torch.randn(batch, 3, size, size) + 1.5 * torch.nn.functional.interpolate(coarse, (size, size), mode="bilinear")


def calibrate(model, size):
    norms = [m for m in model.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    with torch.no_grad():
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
            norm.weight.uniform_(0.6, 1.4)
            norm.bias.uniform_(-0.3, 0.5)
        for name, parameter in model.named_parameters():
            if name.endswith("layer_scale"):
                parameter.normal_(0.3, 0.3)
            elif name.endswith("heads.head.weight"):
                parameter.normal_(0, 0.05)
            elif name.endswith("class_token"):
                parameter.normal_(0, 0.5)
        model.eval()
        for norm in norms:
            norm.train()
        for _ in range(4 if norms else 0):
            model(picture(4, size))
    model.eval()


def autograd(model, layers, x, winners=None):
    """What the model's own hooks see; `winners`: the classes to differentiate, where they are not to be chosen anew."""
    kept = {}

    def hook(name):
        def keep(module, inputs, output):
            kept[name] = output.clone()
            kept[name].retain_grad()
            # Another clone goes on: an in-place ReLU behind the module (DenseNet's last) must not reach what is kept.
            return kept[name].clone()

        return keep

    modules = dict(model.named_modules())
    handles = [modules[name].register_forward_hook(hook(name)) for name in layers]
    logits = model(x.clone().requires_grad_(True))
    winners = logits.argmax(1) if winners is None else winners
    logits.gather(1, winners[:, None]).sum().backward()
    for handle in handles:
        handle.remove()
    tensors = {"input": x.numpy(), "logits": logits.detach().numpy(), "class": winners.numpy()}
    for name, tensor in kept.items():
        tensors[f"{name}.activations"] = tensor.detach().numpy()
        tensors[f"{name}.gradients"] = tensor.grad.numpy()
    return tensors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--opset", type=int, default=0)
    parser.add_argument("--dynamo", action="store_true")
    parser.add_argument("--batch", action="store_true", help="open batch, two pictures")
    parser.add_argument("--bn", action="store_true", help="leave BatchNormalization unfolded")
    parser.add_argument("--double", action="store_true", help="gradients in float64 too")
    parser.add_argument("--picture", type=int, default=7, help="seed of the picture")
    parser.add_argument("--tag", default="")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(2)
    for name in options.models.split(","):
        build, layers = MODELS[name]
        size = 299 if name == "inception_v3" else 224
        torch.manual_seed(1)
        model = build()
        calibrate(model, size)
        torch.manual_seed(options.picture)
        x = picture(2 if options.batch else 1, size)
        base = os.path.join(options.out, name + options.tag)
        tensors = autograd(model, layers, x)
        if options.double:
            winners = torch.from_numpy(tensors["class"])
            doubles = autograd(copy.deepcopy(model).double(), layers, x.double(), winners)
            for layer in layers:
                for kind in ("activations", "gradients"):
                    tensors[f"{layer}.{kind}64"] = doubles[f"{layer}.{kind}"].astype(np.float32)
        tensors_file.save(base + ".safetensors", tensors)
        arguments = {"input_names": ["input"], "output_names": ["logits"]}
        if options.opset:
            arguments["opset_version"] = options.opset
        if options.dynamo:
            arguments.update(dynamo=True, external_data=False, verbose=False)
            if options.batch:
                arguments["dynamic_shapes"] = ({0: torch.export.Dim.DYNAMIC},)
        else:
            if options.batch:
                arguments["dynamic_axes"] = {"input": {0: "batch"}, "logits": {0: "batch"}}
            if options.bn:
                arguments["training"] = torch.onnx.TrainingMode.PRESERVE
        torch.onnx.export(model, (x,), base + ".onnx", **arguments)
        print(name + options.tag, os.path.getsize(base + ".onnx") // 1024, "KiB", flush=True)


if __name__ == "__main__":
    main()
