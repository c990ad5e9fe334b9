"""Prints the compact form of matplotlib's listed colour maps and writes the hashes that the tests compare with.

    python tooling/reference/viz/colormap_tables.py packages/viz/test/fixtures/colormaps.json

Needs matplotlib, opencv and numpy. A table is 256 RGB bytes; its hash is the SHA-256 of the 768 bytes. The compact form
of a table is its first colour and, channel after channel, 255 differences to the entry before, each one printable
character (difference + 79).
"""
import hashlib
import json
import sys

import cv2
import matplotlib
import numpy as np


def of_matplotlib(name):
    return matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3]


def of_opencv(code):
    ramp = np.arange(256, dtype=np.uint8).reshape(-1, 1)
    return np.ascontiguousarray(cv2.applyColorMap(ramp, code)[:, 0, ::-1])


def sha256(table):
    return hashlib.sha256(np.ascontiguousarray(table, dtype=np.uint8).tobytes()).hexdigest()


tables = {
    "jet": of_opencv(cv2.COLORMAP_JET),
    "jet-matplotlib": of_matplotlib("jet"),
    "viridis": of_matplotlib("viridis"),
    "inferno": of_matplotlib("inferno"),
    "turbo": of_matplotlib("turbo"),
}
for name in ("viridis", "inferno", "turbo"):
    table = tables[name].astype(int)
    text = "".join(chr(79 + d) for channel in range(3) for d in np.diff(table[:, channel]))
    assert not set(text) & set("'\\`"), name
    print(name, table[0].tolist(), text)
with open(sys.argv[1], "w") as file:
    made = {
        "script": "tooling/reference/viz/colormap_tables.py",
        "opencv": cv2.__version__,
        "matplotlib": matplotlib.__version__,
        "sha256": {name: sha256(table) for name, table in tables.items()},
    }
    file.write(json.dumps(made, indent=2) + "\n")
