"""Writes what the reference notebook draws for synthetic pictures and maps: its overlay, α panels and heatmap file.

    python tooling/reference/viz/notebook_pictures.py packages/viz/test/fixtures/notebook-pictures.json

Needs opencv, matplotlib, numpy and pillow. The pictures and maps are our own (formulas below); the drawing follows the
reference step by step: normalise to float32 as torchvision, denormalise, `cv2.resize`, `cv2.applyColorMap(COLORMAP_JET)`,
mix, clip, `plt.imsave`; panels by `imshow(cmap='jet')`, that is autoscale and matplotlib's jet; the heatmap file by
`plt.imsave(cam, cmap='jet')`. Arrays are base64 of zlib of little-endian C order.
"""
import base64
import io
import json
import sys
import zlib

import cv2
import matplotlib
import matplotlib.image
import numpy as np
from matplotlib.colors import Normalize
from PIL import Image

MEAN = np.array([0.485, 0.456, 0.406])
STD = np.array([0.229, 0.224, 0.225])


def picture(height, width):
    """Smooth colours with a few hard edges, whole numbers only, so that every language makes the same bytes."""
    y, x = np.mgrid[0:height, 0:width]
    red = (x * 255) // (width - 1)
    green = (y * 255) // (height - 1)
    blue = ((x * x + y * y) // 7) % 256
    image = np.stack([red, green, blue], axis=-1)
    image[height // 4 : height // 2, width // 3 : width // 2] = [12, 200, 255]
    return image.astype(np.uint8)


def cam(height, width, seed):
    """Min-max normalised float32 map with exact zeros and a one."""
    values = np.maximum(np.random.default_rng(seed).normal(0.2, 0.6, (height, width)), 0).astype(np.float32)
    return (values - values.min()) / (values.max() - values.min() + np.float32(1e-10))


def saved(array, **options):
    file = io.BytesIO()
    matplotlib.image.imsave(file, array, format="png", **options)
    return np.asarray(Image.open(file).convert("RGBA"))


def pack(array):
    return {"shape": list(array.shape), "data": base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes(), 9)).decode()}


cases = []
for height, width, cells, seed in ((112, 96, (7, 7), 1), (61, 87, (14, 10), 2)):
    rgb = picture(height, width)
    tensor = (rgb.astype(np.float32) / np.float32(255) - MEAN.astype(np.float32)) / STD.astype(np.float32)
    restored = np.clip(tensor * STD + MEAN, 0, 1)
    small = cam(*cells, seed)
    resized = cv2.resize(small, (width, height))
    colors = cv2.applyColorMap(np.uint8(255 * resized), cv2.COLORMAP_JET)
    colors = cv2.cvtColor(colors, cv2.COLOR_BGR2RGB) / 255.0
    mixed = np.clip(0.5 * colors + (1 - 0.5) * restored, 0, 1)
    cases.append(
        {
            "image": pack(rgb),
            "cam": pack(small),
            "resized": pack(resized),
            "overlay": pack(saved(mixed)[:, :, :3]),
            "panel": pack(matplotlib.colormaps["jet"](Normalize()(resized), bytes=True)[:, :, :3]),
            "heatmapFile": pack(saved(small, cmap="jet")[:, :, :3]),
            "rawHeatmapFile": pack(saved(small * np.float32(37.3) - np.float32(4.1), cmap="jet")[:, :, :3]),
        }
    )
with open(sys.argv[1], "w") as file:
    made = {
        "script": "tooling/reference/viz/notebook_pictures.py",
        "opencv": cv2.__version__,
        "matplotlib": matplotlib.__version__,
        "numpy": np.__version__,
        "cases": cases,
    }
    file.write(json.dumps(made, indent=1) + "\n")
