"""What PyTorch says of scenes for a weights file: the oracle of packages/zoo/test/scenes-onnx-model.test.ts.

    python tooling/scenes/reference_logits.py FILE.safetensors IMAGES.u8 OUT.json

IMAGES.u8 is [count, 96, 96, 3], as render-dataset.mjs writes it. Builds the network of network.py with unit batch norms, so that the folded
weights run in PyTorch's own modules, and evaluates in float32.
"""

import hashlib
import json
import sys

import numpy as np
import torch
from network import CLASSES, SIZE, ScenesNetwork, normalise
from safetensors.torch import load_file

weights_path, images_path, out_path = sys.argv[1:]
network = ScenesNetwork(len(CLASSES)).eval()
state = network.state_dict()
for name, tensor in load_file(weights_path).items():
    tensor = tensor.float()
    if name in state:
        state[name] = tensor
    else:
        # The folded bias of a convolution: the shift of the batch norm that follows it.
        module = name.removesuffix(".bias")
        norm = module.replace("downsample.0", "downsample.1") if "downsample" in module else module.replace("conv", "bn")
        state[f"{norm}.bias"] = tensor
for name in state:
    if name.endswith("running_var"):
        state[name] = torch.full_like(state[name], 1 - 1e-5)
network.load_state_dict(state)
images = torch.from_numpy(np.fromfile(images_path, np.uint8).reshape(-1, SIZE, SIZE, 3))
with torch.no_grad():
    logits = network(normalise(images))
with open(out_path, "w") as file:
    json.dump(
        {
            "script": "tooling/scenes/reference_logits.py",
            "torch": torch.__version__,
            "weights": hashlib.sha256(open(weights_path, "rb").read()).hexdigest(),
            "logits": [[round(value, 6) for value in row] for row in logits.tolist()],
        },
        file,
    )
