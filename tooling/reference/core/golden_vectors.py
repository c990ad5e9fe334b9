"""Writes packages/core/golden: vectors.safetensors and vectors.json. See the README there.

    python tooling/reference/core/golden_vectors.py packages/core/golden
"""
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors.numpy import save_file

import formulas as f
from drawn import normal, rise_masks, uniform
from network import Network
from targets import further_target_cases, target_cases

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(20260825)
tensors, cases = {}, []

SOURCES = {
    "paper": "the method's paper",
    "author": "adityac94/Grad_CAM_plus_plus 4a9faf6",
    "notebook": "the reference notebook of Hybrid Grad-LayerCAM",
    "pytorch-grad-cam": "jacobgil/pytorch-grad-cam 084273b (2026-06-14)",
    "torchcam": "frgfm/torch-cam f44afef (2026-08-21)",
    "tf-keras-vis": "keisen/tf-keras-vis 8bb8392 (2025-03)",
    "xplique": "deel-ai/xplique 0c90fa4 (2026-07)",
}


def store(name, values):
    """Rounds to float32, so that everyone starts from the numbers in the file, and gives them back in float64."""
    rounded = np.ascontiguousarray(np.asarray(values, dtype=np.float32))
    tensors[name] = rounded
    return torch.from_numpy(rounded.astype(np.float64))


def case(name, method, inputs, expected, variant="paper", source=None, **more):
    assert torch.isfinite(expected).all(), name
    store(f"expected/{name}", expected.numpy())
    cases.append({
        "name": name, "method": method, "variant": variant, **({"source": source} if source else {}),
        "inputs": inputs, "expected": f"expected/{name}", **more,
    })


def layer(name, activations, gradients):
    return store(f"{name}/activations", activations), store(f"{name}/gradients", gradients)


# Layers: behind a ReLU; signed (SiLU, GELU, batch normalisation); a finer one; and what breaks programs.
shape, fine_shape = (6, 4, 5), (5, 8, 10)
positive = np.maximum(random.normal(0.3, 1, shape), 0)
layers = {
    "relu": layer("relu", positive, random.normal(0, 0.05, shape)),
    "signed": layer("signed", random.normal(0.1, 1, shape), random.normal(0, 0.05, shape)),
    "fine": layer("fine", np.maximum(random.normal(0.2, 1, fine_shape), 0), random.normal(0, 0.02, fine_shape)),
    "constant-gradient": layer(
        "constant-gradient", np.maximum(random.normal(0.2, 1, shape), 0), np.broadcast_to(random.normal(0, 0.05, (6, 1, 1)), shape)),
    "no-positive-evidence": layer("no-positive-evidence", positive, -np.abs(random.normal(0, 0.05, shape))),
    "zero-activations": layer("zero-activations", np.zeros(shape), random.normal(0, 0.05, shape)),
    "zero-gradients": layer("zero-gradients", positive, np.zeros(shape)),
    "constant": layer("constant", np.full(shape, 0.5), np.full(shape, 0.25)),
    "tiny-gradients": layer("tiny-gradients", positive, random.normal(0, 1e-12, shape)),
}
degenerate = {"no-positive-evidence", "zero-activations", "zero-gradients", "constant"}

for name, (A, g) in layers.items():
    inputs = {"activations": f"{name}/activations", "gradients": f"{name}/gradients"}
    for method, formula in [
        ("grad-cam", f.grad_cam), ("layer-cam", f.layer_cam), ("hires-cam", f.hi_res_cam),
        ("element-wise-grad-cam", f.element_wise_grad_cam),
    ]:
        case(f"{method}/{name}", method, inputs, formula(A, g))
    for variant in ["paper", "pytorch-grad-cam", "torchcam", "author", "tf-keras-vis", "xplique"]:
        case(f"grad-cam-plus-plus/{variant}/{name}", "grad-cam-plus-plus", inputs, f.grad_cam_plus_plus(A, g, variant), variant)
    if name != "zero-activations":
        for variant in ["paper", "pytorch-grad-cam", "torchcam"]:
            case(f"xgrad-cam/{variant}/{name}", "xgrad-cam", inputs, f.x_grad_cam(A, g, variant), variant)
    if name in degenerate:
        continue
    case(f"eigen-grad-cam/{name}", "eigen-grad-cam", inputs, f.oriented(f.principal(g * A), (g * A).sum(0)))
    terms = g.mean((1, 2))[:, None, None] * A
    case(f"grad-cam/eigen-smoothing/{name}", "grad-cam", inputs, f.oriented(f.principal(terms), terms.sum(0)),
         source="pytorch-grad-cam", eigenSmoothing=True)
    for alpha in [0, 0.3, 0.7, 1]:
        case(f"hybrid/{alpha}/{name}", "hybrid", inputs, f.hybrid(A, g, alpha), options={"alpha": alpha})
        case(f"hybrid/notebook/{alpha}/{name}", "hybrid", inputs, f.notebook_hybrid(A, g, alpha), "notebook", options={"alpha": alpha})

for name in ["relu", "signed", "fine", "zero-activations"]:
    A = layers[name][0]
    inputs = {"activations": f"{name}/activations"}
    for variant in ["paper", "pytorch-grad-cam"]:
        case(f"fem/{variant}/{name}", "fem", inputs, f.fem(A, variant), variant)
    if name not in degenerate:
        case(f"eigen-cam/{name}", "eigen-cam", inputs, f.oriented(f.principal(A), A.abs().sum(0)))

# Smooth Grad-CAM++ from what the layer answers under noise.
A, _ = layers["relu"]
samples = []
for n in range(3):
    samples.append(layer(f"noisy-{n}", np.maximum(random.normal(0.3, 1, shape), 0), random.normal(0, 0.05, shape)))
noisy = {"activations": "relu/activations", "samples": [f"noisy-{n}" for n in range(3)]}
for variant in ["paper", "torchcam"]:
    case(f"smooth-grad-cam-plus-plus/{variant}", "smooth-grad-cam-plus-plus", noisy,
         f.smooth_grad_cam_plus_plus(A, samples, variant), variant)

# Several layers become one map.
two = {"layers": ["relu", "fine"]}
raws = [f.grad_cam(*layers["relu"]), f.grad_cam(*layers["fine"])]
size = (16, 20)
case("fusion/pytorch-grad-cam/mean", "grad-cam", two, f.pytorch_grad_cam_map(raws, size), "pytorch-grad-cam", fusion="mean", size=size)
case("fusion/refine-cam/product", "grad-cam", two, f.refine_cam_map(raws, size), fusion="product", size=size)
for method, formula, fusion in [("grad-cam", f.grad_cam, "max"), ("layer-cam", f.layer_cam, "tanh-max")]:
    raws = [formula(*layers["relu"]), formula(*layers["fine"])]
    case(f"fusion/torchcam/{method}", method, two, f.torchcam_map(raws, fusion == "tanh-max"), "torchcam", fusion=fusion)
for alpha in [0.3, 0.7]:
    case(f"cross-layer-hybrid/{alpha}", "cross-layer-hybrid", two,
         f.cross_layer_hybrid(layers["relu"], layers["fine"], alpha, size), options={"alpha": alpha}, size=size)
for name in ["relu", "signed"]:
    for method, raw in [
        ("grad-cam", f.grad_cam(*layers[name])),
        ("grad-cam-plus-plus", f.grad_cam_plus_plus(*layers[name], "pytorch-grad-cam")),
        ("xgrad-cam", f.x_grad_cam(*layers[name], "pytorch-grad-cam")),
    ]:
        inputs = {"activations": f"{name}/activations", "gradients": f"{name}/gradients"}
        case(f"pipeline/pytorch-grad-cam/{method}/{name}", method, inputs, f.pytorch_grad_cam_map([raw], size), "pytorch-grad-cam",
             size=size)
case("pipeline/torchcam/grad-cam-plus-plus", "grad-cam-plus-plus", {"activations": "relu/activations", "gradients": "relu/gradients"},
     f.torchcam_map([f.grad_cam_plus_plus(*layers["relu"], "torchcam")], False), "torchcam", normalized=True)

# Methods that run a model: a network anyone can build from the weights in the file.
network = Network({name: store(f"network/{name}", values) for name, values in Network.parameters(random).items()})
x = store("network/input", random.normal(0, 1, (2, 8, 10)))
A = store("network/activations", network.features(x).numpy())
class_index = 2
store("network/logits", network.logits(x).numpy())
inputs = {"network": "network"}
of_class = {"classIndex": class_index}
logit_of = lambda image: network.logits(image)[class_index]
probability_of = lambda image: torch.softmax(network.logits(image), 0)[class_index]
for variant in ["paper", "pytorch-grad-cam", "torchcam"]:
    case(f"score-cam/{variant}", "score-cam", inputs, f.score_cam(A, x, logit_of, probability_of, variant), variant, options=of_class)
for variant in ["paper", "torchcam"]:
    case(f"is-cam/{variant}", "is-cam", inputs, f.is_cam(A, x, logit_of, variant, 4), variant, options={**of_class, "points": 4})
case("occlusion", "occlusion", inputs, f.occlusion(x, logit_of, 3, 2), options={**of_class, "window": 3, "stride": 2})
head = lambda activations: network.head(activations)[class_index]
case("ablation-cam", "ablation-cam", inputs, f.ablation_cam(A, head), options=of_class)
case("cam", "cam", inputs, f.cam(A, network.weights["head.weight"][class_index]), options=of_class)
case("shapley-cam/logit", "shapley-cam", inputs, f.shapley_cam(A, head), options={**of_class, "target": "logit"})
case("shapley-cam/probability", "shapley-cam", inputs,
     f.shapley_cam(A, lambda activations: torch.softmax(network.head(activations), 0)[class_index]),
     options={**of_class, "target": "probability"})

scores = store("targets/scores", random.normal(0, 2, 7))
targets = []
for name, call, value, gradient in target_cases(scores, store):
    store(f"targets/{name}", gradient.numpy())
    targets.append({"name": name, **call, "value": float(value), "gradient": f"targets/{name}"})

for name, call, value, gradient in further_target_cases(scores, store):
    store(f"targets/{name}", gradient.numpy())
    targets.append({"name": name, **call, "value": float(value), "gradient": f"targets/{name}"})

# Ablation-CAM of a signed layer, where that library does not set channels to 0.
case("ablation-cam/pytorch-grad-cam", "ablation-cam", inputs, f.ablation_cam_of_pytorch_grad_cam(A, head), "pytorch-grad-cam",
     options=of_class)
signed = Network(network.weights, signed=True)
signed_A = store("network-signed/activations", signed.features(x).numpy())
store("network-signed/logits", signed.logits(x).numpy())
assert signed_A.min() < 0
for variant, formula in [("paper", f.ablation_cam), ("pytorch-grad-cam", f.ablation_cam_of_pytorch_grad_cam)]:
    case(f"ablation-cam/{variant}/signed", "ablation-cam", {"network": "network-signed"}, formula(signed_A, head), variant, options=of_class)

# Methods that draw: the draws are tensors.
drawing = {"masks": 20, "cells": 3, "visible": 0.5, "seed": 3}
masks = store("drawn/rise-masks", rise_masks(3, 20, 3, 0.5, (8, 10)).numpy())
case("rise", "rise", {**inputs, "masks": "drawn/rise-masks"}, f.rise(x, probability_of, masks, 0.5), options={**of_class, **drawing})
noise = store("drawn/ss-cam-noise", normal(5, 4 * 3 * 80).reshape(4, 3, 8, 10))
case("ss-cam", "ss-cam", {**inputs, "noise": "drawn/ss-cam-noise"}, f.ss_cam(A, x, logit_of, noise, 2.0),
     options={**of_class, "draws": 3, "noise": 2, "seed": 5})
case("random-map", "random-map", {}, torch.from_numpy(uniform(7, 20).reshape(4, 5)), options={"seed": 7}, size=(4, 5))
case("centred-map", "centred-map", {}, f.centred_map(4, 5), size=(4, 5))

# FullGrad: the network's own convolution, differentiated, and a made-up layer of another size.
leaf = x.clone().requires_grad_(True)
before = network.convolution(leaf)
before.retain_grad()
network.head(torch.relu(before))[class_index].backward()
dx, dconvolution = store("full-grad/input-gradients", leaf.grad.numpy()), store("full-grad/convolution-gradients", before.grad.numpy())
convolution_bias = network.weights["convolution.bias"]
other = store("full-grad/other-bias", random.normal(0, 0.3, 3)), store("full-grad/other-gradients", random.normal(0, 0.1, (3, 2, 3)))
for variant in ["paper", "pytorch-grad-cam"]:
    case(f"full-grad/{variant}", "full-grad",
         {"input": "network/input", "inputGradients": "full-grad/input-gradients",
          "biases": [["network/convolution.bias", "full-grad/convolution-gradients"], ["full-grad/other-bias", "full-grad/other-gradients"]]},
         f.full_grad(x, dx, [(convolution_bias, dconvolution), other], variant), variant)

# Attention of two layers, two heads, a class token and 2×3 patches.
attention = [store(f"attention/{l}", torch.softmax(torch.from_numpy(random.normal(0, 2, (2, 7, 7))), 2).numpy()) for l in range(2)]
slopes = [store(f"attention/{l}/gradients", random.normal(0, 0.1, (2, 7, 7))) for l in range(2)]
for query in [0, "mean"]:
    case(f"attention-rollout/{query}", "attention-rollout", {"attention": ["attention/0", "attention/1"]},
         f.attention_rollout(attention, (2, 3), 1, query), options={"query": query, "prefix": 1}, size=(2, 3))
case("le-grad", "le-grad", {"attention": ["attention/0/gradients", "attention/1/gradients"]}, f.le_grad(slopes, (2, 3), 1),
     options={"prefix": 1}, size=(2, 3))

folder = pathlib.Path(sys.argv[1])
save_file(tensors, folder / "vectors.safetensors")
lines = lambda entries: ",\n    ".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
(folder / "vectors.json").write_text(
    "{\n"
    f'  "format": 1,\n  "madeWith": "torch {torch.__version__}, float64, rounded to float32",\n'
    f'  "sources": {json.dumps(SOURCES)},\n'
    f'  "cases": [\n    {lines(cases)}\n  ],\n  "targets": [\n    {lines(targets)}\n  ]\n}}\n',
    encoding="utf8")
(folder / "vectors.safetensors").chmod(0o644)
print(f"{len(cases)} maps, {len(targets)} targets, {len(tensors)} tensors")
