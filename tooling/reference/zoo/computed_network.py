"""Networks whose weights are computed from their names: the rule of `computedParameter` in tooling/test-utils, in numpy."""
import math

import numpy as np
import torch


def fnv1a32(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def computed_parameter(name: str, shape, seed: int = 0) -> np.ndarray:
    with np.errstate(over="ignore"):
        x = np.arange(math.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1)
        x += np.uint32((fnv1a32(name) + seed * 0x85EBCA6B) & 0xFFFFFFFF)
        x ^= x >> 16
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> 13
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> 16
    u = x.astype(np.float64) / 2**31 - 1
    if len(shape) == 4:
        u *= math.sqrt(3) * math.sqrt(2 / math.prod(shape[1:]))
    elif len(shape) == 2:
        u *= math.sqrt(3) * math.sqrt(1 / shape[1])
    elif name.endswith("running_mean"):
        u *= 0.1
    elif name.endswith("running_var"):
        u = 1 + 0.2 * u
    elif name.endswith("weight"):
        u = (0.25 if "bn3" in name else 1.0) * (1 + 0.2 * u)
    else:
        u *= 0.1
    return u.astype(np.float32).reshape(shape)


def with_computed_parameters(network: torch.nn.Module) -> torch.nn.Module:
    """The network with every parameter and running statistic computed from its name, in eval mode."""
    state = {
        key: torch.from_numpy(computed_parameter(key, tuple(value.shape))) if value.is_floating_point() else value
        for key, value in network.state_dict().items()
    }
    network.load_state_dict(state)
    return network.eval()


def computed_input() -> torch.Tensor:
    """[1, 3, 224, 224] in [-1, 1): ten times the bias-like parameter called `input`."""
    values = computed_parameter("input", (3 * 224 * 224,)) * np.float32(10)
    return torch.from_numpy(values.reshape(1, 3, 224, 224))
