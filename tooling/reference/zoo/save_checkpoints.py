"""Whole checkpoints of ResNet-50 with computed weights, as PyTorch saves them, and what PyTorch answers with each.

    python3 tooling/reference/zoo/save_checkpoints.py INPUT FOLDER

INPUT is a raw float32 file of [1, 3, 224, 224]. Writes KIND.pth and KIND.logits (raw float32, [1000]) into FOLDER. Too large for the
repository: the slow tests of packages/zoo run this where torch is at hand. The network is our own
plain one: it must first give the logits that torchvision gave (packages/zoo/test/fixtures/logits.json).
"""
import json
import pathlib
import sys

import numpy as np
import torch

from computed_network import computed_input, with_computed_parameters
from plain_resnet50 import PlainResNet50

source, folder = sys.argv[1:]
values = torch.from_numpy(np.fromfile(source, dtype=np.float32).reshape(1, 3, 224, 224))
network = with_computed_parameters(PlainResNet50())
fixture = json.loads((pathlib.Path(__file__).parents[3] / "packages/zoo/test/fixtures/logits.json").read_text())
with torch.inference_mode():
    own, torchvisions = network(computed_input())[0, ::20], torch.tensor(fixture["networks"]["resnet50"]["logits"])
assert (own - torchvisions).abs().max() < 1e-5 * torchvisions.abs().max(), "not torchvision's ResNet-50"
state = network.state_dict()


def floating(convert):
    return {key: convert(value) if value.is_floating_point() else value for key, value in state.items()}


def non_contiguous(tensor):
    """The same values, laid out with the axes in reverse order."""
    axes = tuple(reversed(range(tensor.dim())))
    return tensor.permute(axes).contiguous().permute(axes)


def in_one_storage():
    """All float tensors as views of one buffer."""
    names = [key for key, value in state.items() if value.is_floating_point()]
    buffer = torch.cat([state[key].flatten() for key in names])
    shared, at = dict(state), 0
    for key in names:
        shared[key] = buffer[at : at + state[key].numel()].view(state[key].shape)
        at += state[key].numel()
    return shared


kinds = {
    "fp32": state,
    "fp16": floating(lambda t: t.half()),
    "bf16": floating(lambda t: t.bfloat16()),
    "non-contiguous": floating(non_contiguous),
    "shared": in_one_storage(),
}
for kind, tensors in kinds.items():
    torch.save(tensors, pathlib.Path(folder) / f"{kind}.pth")
    network.load_state_dict({key: value.float() if value.is_floating_point() else value for key, value in tensors.items()})
    with torch.inference_mode():
        network(values)[0].numpy().astype(np.float32).tofile(pathlib.Path(folder) / f"{kind}.logits")
