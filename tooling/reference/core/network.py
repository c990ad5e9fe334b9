"""A network small enough for anyone to build: convolution, ReLU (or none), global average pooling, linear."""
import numpy as np
import torch
from torch.nn import functional as F


class Network:
    """Input [2, height, width] → features [4, height/2, width/2] → logits [3]."""

    @staticmethod
    def parameters(random: np.random.Generator):
        return {
            "convolution.weight": random.normal(0, 0.4, (4, 2, 3, 3)),
            "convolution.bias": random.normal(0.1, 0.1, 4),
            "head.weight": random.normal(0, 1, (3, 4)),
            "head.bias": random.normal(0, 0.2, 3),
        }

    def __init__(self, weights, signed=False):
        self.weights = weights
        self.signed = signed

    def convolution(self, image):
        w = self.weights
        return F.conv2d(image[None], w["convolution.weight"], w["convolution.bias"], stride=2, padding=1)[0]

    def features(self, image):
        found = self.convolution(image)
        return found if self.signed else torch.relu(found)

    def head(self, activations):
        return self.weights["head.weight"] @ activations.mean((1, 2)) + self.weights["head.bias"]

    def logits(self, image):
        return self.head(self.features(image))
