"""Writes what `numpy.save` makes of small float32 arrays, value i/8 - 1 at flat index i.

    python tooling/reference/viz/npy_files.py packages/viz/test/fixtures/npy.json
"""
import base64
import io
import json
import sys

import numpy as np


def saved(shape):
    file = io.BytesIO()
    array = (np.arange(np.prod(shape, dtype=int)) / 8 - 1).astype(np.float32).reshape(shape)
    np.save(file, array)
    return base64.b64encode(file.getvalue()).decode()


shapes = ([], [1], [5], [2, 3], [7, 7], [0, 4], [2, 1, 3, 2])
with open(sys.argv[1], "w") as file:
    made = {
        "script": "tooling/reference/viz/npy_files.py",
        "numpy": np.__version__,
        "files": [{"shape": shape, "bytes": saved(shape)} for shape in shapes],
    }
    file.write(json.dumps(made, indent=1) + "\n")
