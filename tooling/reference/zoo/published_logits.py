"""What torchvision answers with a published checkpoint of ResNet-50 and the computed input.

    python3 tooling/reference/zoo/published_logits.py CHECKPOINT LOGITS

Writes LOGITS as raw float32, [1000]. The hosted job verify-resnet50 runs it; the checkpoint is not at hand where the other references
were made.
"""
import sys

import torch
import torchvision

from computed_network import computed_input

checkpoint, out = sys.argv[1:]
network = torchvision.models.resnet50().eval()
network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
with torch.inference_mode():
    network(computed_input())[0].numpy().tofile(out)
