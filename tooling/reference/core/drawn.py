"""The random numbers of the suite's methods that draw them: a documented sequence, so that everyone can have the same masks and noise."""
import numpy as np
import torch
from torch.nn import functional as F


def uniform(seed, count):
    """Numbers 0 to count − 1 of a Weyl sequence through a 32-bit finaliser, 24 bits each, in [0, 1)."""
    mask = 0xFFFFFFFF
    numbers = []
    for i in range(count):
        x = ((i + 1) * 0x9E3779B9 + seed * 0x85EBCA6B) & mask
        x = ((x ^ (x >> 16)) * 0x7FEB352D) & mask
        x = ((x ^ (x >> 15)) * 0x846CA68B) & mask
        numbers.append(((x ^ (x >> 16)) >> 8) / 2**24)
    return np.array(numbers)


def normal(seed, count):
    """By Box and Muller from pairs of `uniform`; count is even."""
    u = uniform(seed, count).reshape(-1, 2)
    radius, angle = np.sqrt(-2 * np.log(1 - u[:, 0])), 2 * np.pi * u[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).ravel()


def rise_masks(seed, masks, cells, visible, size):
    """cells × cells of 0 and 1, enlarged by whole cells to one more than the image has, cut out at a random shift of less than a cell."""
    height, width = size
    cell = (-(-height // cells), -(-width // cells))
    u = uniform(seed, masks * (cells**2 + 2)).reshape(masks, -1)
    found = []
    for row in u:
        grid = torch.from_numpy((row[: cells**2] < visible).astype(np.float64)).reshape(1, 1, cells, cells)
        large = F.interpolate(grid, ((cells + 1) * cell[0], (cells + 1) * cell[1]), mode="bilinear", align_corners=False)[0, 0]
        top, left = int(row[-2] * cell[0]), int(row[-1] * cell[1])
        found.append(large[top : top + height, left : left + width])
    return torch.stack(found)
