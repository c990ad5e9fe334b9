"""What torchvision answers with a published checkpoint of ResNet-50 and the computed input, and the maps of that answer.

    python3 tooling/reference/zoo/published_logits.py CHECKPOINT ANSWER

Writes ANSWER as raw float32: the logits [1000], then Grad-CAM and LayerCAM of the best class at layer4.2, [7, 7] each, by autograd. The
hosted job verify-resnet50 runs it; the checkpoint is not at hand where the other references were made.
"""
import sys

import torch
import torchvision

from computed_network import computed_input

checkpoint, out = sys.argv[1:]
network = torchvision.models.resnet50().eval()
network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
seen = []


def keep(_module, _inputs, output):
    output.retain_grad()
    seen.append(output)


network.layer4[2].register_forward_hook(keep)
logits = network(computed_input())[0]
logits.max().backward()
activations, gradients = seen[0].detach()[0], seen[0].grad[0]
grad_cam = torch.relu((gradients.mean((1, 2), keepdim=True) * activations).sum(0))
layer_cam = torch.relu((torch.relu(gradients) * activations).sum(0))
torch.cat([logits.detach(), grad_cam.flatten(), layer_cam.flatten()]).numpy().tofile(out)
