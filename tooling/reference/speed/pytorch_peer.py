"""Times the reference notebook's algorithm in PyTorch, for `hybridcam-bench speed --peer pytorch`.

    python tooling/reference/speed/pytorch_peer.py resnet50 ROUNDS

Random weights: time does not depend on them. Interleaved medians over the rounds after three warm-up rounds; prints JSON.
`notebook` is generate_cam as the notebook does it (full backward hook, gradient of the image and of every weight);
`lean` freezes the weights and asks autograd for the gradient at the layer only.
"""
import json
import os
import statistics
import sys
import time

import torch
import torchvision

name, rounds = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(os.cpu_count())
torch.manual_seed(0)
model = getattr(torchvision.models, name)(weights=None).eval()
layer = model.layer4[-1] if hasattr(model, "layer4") else model.features[-1]
image = torch.randn(1, 3, 224, 224)
kept = {}


def hybrid(activations, gradients, alpha=0.7):
    grad_cam = torch.relu((gradients.mean(dim=(2, 3), keepdim=True) * activations).sum(1))
    layer_cam = torch.relu((torch.relu(gradients) * activations).sum(1))
    return (grad_cam / (grad_cam.max() + 1e-10)) ** alpha * (layer_cam / (layer_cam.max() + 1e-10)) ** (1 - alpha)


def forward():
    with torch.no_grad():
        model(image)


def notebook():
    handles = [
        layer.register_forward_hook(lambda m, i, o: kept.__setitem__("activations", o.detach())),
        layer.register_full_backward_hook(lambda m, i, o: kept.__setitem__("gradients", o[0].detach())),
    ]
    x = image.clone().requires_grad_(True)
    scores = model(x)
    model.zero_grad()
    scores[0, scores.argmax(1).item()].backward()
    hybrid(kept["activations"], kept["gradients"])
    for handle in handles:
        handle.remove()


def lean():
    for p in model.parameters():
        p.requires_grad_(False)

    def tap(m, i, o):
        kept["tapped"] = o.detach().requires_grad_(True)
        return kept["tapped"]

    handle = layer.register_forward_hook(tap)
    scores = model(image)
    gradients = torch.autograd.grad(scores[0, scores.argmax(1).item()], kept["tapped"])[0]
    hybrid(kept["tapped"].detach(), gradients)
    handle.remove()
    for p in model.parameters():
        p.requires_grad_(True)


times = {f.__name__: [] for f in (forward, notebook, lean)}
for r in range(-3, rounds):
    for f in (forward, notebook, lean):
        start = time.perf_counter()
        f()
        if r >= 0:
            times[f.__name__].append(1000 * (time.perf_counter() - start))
print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), **{k: statistics.median(v) for k, v in times.items()}}))
