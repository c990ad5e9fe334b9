"""The reference notebook's algorithm in PyTorch, for `hybridcam-bench speed --peer pytorch`.

    python tooling/reference/speed/pytorch_peer.py FOLDER THREADS

FOLDER holds what the bench wrote: `network.json` (a network as steps, with the shapes of its parameters in the order of the bytes),
`parameters.bin` and `input.bin` (float32, little endian): the same weights and the same picture. Needs torch alone.

The first line on standard output says {"torch", "threads"}. Then every line on standard input is one task and every line on standard
output its answer, so that the bench can take turns with it:

    {"task": "check", "layer": L}     -> {"logits", "map", "lean", "predicted", "confidence"}   the scores, the maps of both algorithms at L,
                                         and what the notebook's loop says of the class
    {"task": "forward"}               -> {"ms": ...}
    {"task": "notebook", "layer": L}  -> {"ms": ...}   generate_cam as the notebook does it: full backward, to the picture and all weights
    {"task": "loop", "layer": L}      -> {"ms": ...}   the same, then a second forward pass for class and confidence, as its loop over images
    {"task": "lean", "layer": L}      -> {"ms": ...}   frozen weights, gradient at the layer only
"""
import json
import pathlib
import sys
import time

import numpy as np
import torch
from torch import nn

ALPHA = 0.7


def module_of(step):
    op = step["op"]
    if op == "convolution":
        return nn.Conv2d(step["inChannels"], step["outChannels"], step["kernel"], step["stride"], step["padding"],
                         groups=step["groups"], bias=step["bias"])
    if op == "batch-norm":
        return nn.BatchNorm2d(step["channels"], eps=step["epsilon"])
    if op == "relu":
        return nn.Hardtanh(0, step["max"], inplace=True) if "max" in step else nn.ReLU(inplace=True)
    if op == "max-pool":
        return nn.MaxPool2d(step["kernel"], step["stride"], step["padding"])
    if op == "linear":
        return nn.Linear(step["inFeatures"], step["outFeatures"])
    if op == "global-average-pool":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if op == "add":
        return Add()
    raise SystemExit(f"unknown step {op}")


class Add(nn.Module):
    def forward(self, x, y):
        return x + y


class Steps(nn.Module):
    """Runs the steps in order; a tensor is let go after its last reader, as in a network written by hand."""

    def __init__(self, steps, source):
        super().__init__()
        # ModuleDict does not allow dots in names.
        self.parts = nn.ModuleDict({step["name"].replace(".", "/"): module_of(step) for step in steps})
        last = {}
        for i, step in enumerate(steps):
            for name in (step["input"], step.get("other")):
                if name is not None:
                    last[name] = i
        self.source = source
        self.plan = [(self.layer(step["name"]), step["name"], step["input"], step.get("other"),
                      [name for name, i in last.items() if i == index]) for index, step in enumerate(steps)]
        # A value that somebody else reads later must not be overwritten.
        readers = {}
        for step in steps:
            for name in (step["input"], step.get("other")):
                readers[name] = readers.get(name, 0) + 1
        for step in steps:
            if step["op"] == "relu" and (readers[step["input"]] > 1 or step["input"] == source):
                self.layer(step["name"]).inplace = False

    def layer(self, name):
        return self.parts[name.replace(".", "/")]

    def keep(self, name):
        """What is hooked must overwrite nothing and must not be overwritten."""
        for module, own, first, *_ in self.plan:
            if hasattr(module, "inplace") and name in (own, first):
                module.inplace = False

    def forward(self, x):
        held = {self.source: x}
        for module, name, first, second, done in self.plan:
            x = module(held[first]) if second is None else module(held[first], held[second])
            held[name] = x
            for used in done:
                del held[used]
        return x


def load(folder):
    network = json.loads((folder / "network.json").read_text())
    model = Steps(network["steps"], network["input"]["name"]).eval()
    values = np.fromfile(folder / "parameters.bin", dtype="<f4")
    targets = {}
    for step in network["steps"]:
        for part, value in [*model.layer(step["name"]).named_parameters(), *model.layer(step["name"]).named_buffers()]:
            targets[f'{step.get("parameters", step["name"])}.{part}'] = value
    offset = 0
    with torch.no_grad():
        for name, shape in network["parameters"]:
            size = int(np.prod(shape))
            targets.pop(name).copy_(torch.from_numpy(values[offset:offset + size].reshape(shape).copy()))
            offset += size
    left = [name for name in targets if not name.endswith("num_batches_tracked")]
    if left or offset != values.size:
        raise SystemExit(f"parameters do not fit: {left}, {values.size - offset} values left")
    shape = network["input"]
    image = np.fromfile(folder / "input.bin", dtype="<f4")
    return model, torch.from_numpy(image.reshape(1, shape["channels"], shape["height"], shape["width"]))


def fuse(activations, gradients):
    grad_cam = torch.relu((gradients.mean(dim=(2, 3), keepdim=True) * activations).sum(1, keepdim=True))
    layer_cam = torch.relu((torch.relu(gradients) * activations).sum(1, keepdim=True))
    fused = (grad_cam / (grad_cam.max() + 1e-10)) ** ALPHA * (layer_cam / (layer_cam.max() + 1e-10)) ** (1 - ALPHA)
    fused = torch.relu(fused).squeeze().cpu().numpy()
    return (fused - fused.min()) / (fused.max() - fused.min() + 1e-10)


def forward(_):
    with torch.no_grad():
        return model(image)


def notebook(name):
    layer, kept = model.layer(name), {}
    handles = [
        layer.register_forward_hook(lambda m, i, o: kept.__setitem__("activations", o.detach())),
        layer.register_full_backward_hook(lambda m, i, o: kept.__setitem__("gradients", o[0].detach())),
    ]
    try:
        x = image.clone().requires_grad_(True)
        scores = model(x)
        model.zero_grad()
        scores[0, scores.argmax(1).item()].backward()
        return fuse(kept["activations"], kept["gradients"])
    finally:
        for handle in handles:
            handle.remove()


def loop(name):
    cam = notebook(name)
    with torch.no_grad():
        scores = model(image)
        predicted = scores.argmax(dim=1).item()
        confidence = torch.softmax(scores, dim=1)[0, predicted].item()
    return cam, predicted, confidence


def lean(name):
    kept = {}

    def tap(m, i, o):
        kept["tapped"] = o.detach().requires_grad_(True)
        return kept["tapped"]

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    handle = model.layer(name).register_forward_hook(tap)
    try:
        scores = model(image)
        gradients = torch.autograd.grad(scores[0, scores.argmax(1).item()], kept["tapped"])[0]
        return fuse(kept["tapped"].detach(), gradients)
    finally:
        handle.remove()
        for parameter in model.parameters():
            parameter.requires_grad_(True)


def answer(task):
    name = task.get("layer")
    if name is not None:
        model.keep(name)
    if task["task"] == "check":
        cam, predicted, confidence = loop(name)
        return {"logits": forward(name)[0].tolist(), "map": cam.ravel().tolist(), "lean": lean(name).ravel().tolist(),
                "predicted": predicted, "confidence": confidence}
    run = {"forward": forward, "notebook": notebook, "loop": loop, "lean": lean}[task["task"]]
    started = time.perf_counter()
    run(name)
    return {"ms": 1000 * (time.perf_counter() - started)}


torch.set_num_threads(int(sys.argv[2]))
model, image = load(pathlib.Path(sys.argv[1]))
print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
