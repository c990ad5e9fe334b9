"""python explain.py scenes-cam.onnx picture.png       (pip install onnxruntime numpy pillow)"""
import sys

import numpy as np
import onnxruntime
from PIL import Image

model, picture = sys.argv[1:3]
size, mean, std = 96, 0.5, 0.5  # as the network was trained
pixels = np.asarray(Image.open(picture).convert("RGB").resize((size, size)), np.float32)
image = ((pixels / 255 - mean) / std).transpose(2, 0, 1)[None]

session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
logits, cam = session.run(["logits", "cam"], {"input": image.astype(np.float32)})

print(f"class {logits[0].argmax()}, map {cam.shape[1]}x{cam.shape[2]}")
for row in cam[0]:
    print(" ".join(f"{value:.2f}" for value in row))
