"""SHA-256 of what PIL and torch make of each photograph in ../shared/photos: facts about the pictures, not the pictures.

Usage: python tooling/reference/image/make_photo_hashes.py PHOTOS_FOLDER > packages/image/test/fixtures/photo-hashes.json

For each photograph: `rgb` hashes the bytes of Image.open(p).convert('RGB'); the others hash the float32 bytes (little-endian,
CHW) of the preset's input tensor. The steps are torchvision's (Resize, CenterCrop, ToTensor, Normalize) and Keras' (load_img,
preprocess_input), written out below in PIL, torch and numpy; where torchvision is installed, its own transforms must agree.
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import PIL
import torch
from PIL import Image, features

from preprocessing import presets, tensor, check_against_torchvision

photos = sorted(p for p in Path(sys.argv[1]).iterdir() if p.suffix.lower() in {".jpeg", ".jpg", ".png", ".webp"})
result = {
    "madeWith": {
        "script": "tooling/reference/image/make_photo_hashes.py",
        "pillow": PIL.__version__,
        "libjpegTurbo": features.version("libjpeg_turbo"),
        "torch": torch.__version__.split("+")[0],
        "numpy": np.__version__,
        "torchvision": check_against_torchvision(photos),
    },
    "photos": {},
}
for path in photos:
    image = Image.open(path).convert("RGB")
    hashes = {"rgb": hashlib.sha256(np.asarray(image).tobytes()).hexdigest()}
    for name in presets:
        hashes[name] = hashlib.sha256(tensor(image, name).astype("<f4").tobytes()).hexdigest()
    result["photos"][path.name] = hashes
json.dump(result, sys.stdout, indent=1)
print()
