"""What torchvision's networks answer with computed weights: packages/zoo/test/fixtures/logits.json.

    python3 tooling/reference/zoo/make_logits.py

Needs torch and torchvision (made with 1.13.1 and 0.14.1). Every 20th logit is kept.
"""
import json
import pathlib

import torch
import torchvision

from computed_network import computed_input, with_computed_parameters

NAMES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "mobilenet_v2"]

out = pathlib.Path(__file__).parents[3] / "packages/zoo/test/fixtures/logits.json"
logits = {}
with torch.inference_mode():
    for name in NAMES:
        network = with_computed_parameters(getattr(torchvision.models, name)())
        count = sum(p.numel() for p in network.parameters())
        logits[name] = {"parameters": count, "logits": network(computed_input())[0, ::20].tolist()}
        print(name, count, logits[name]["logits"][:3], flush=True)
out.write_text(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__, "networks": logits}))
