"""Runs an ONNX graph with torch operators, so that torch's autograd gives the gradient at every ONNX tensor by name.

It is the reference for `@hybridcam/onnx/autodiff`: written from the ONNX specification, in float64, sharing nothing with
the rules under test. Operators that carry no gradient and have no torch spelling here (shape arithmetic, mostly) are
evaluated by `onnx.reference`.
"""
import math

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

FLOATS = {onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16}
OPS = {}


def op(*names):
    def register(function):
        for name in names:
            OPS[name] = function
        return function

    return register


class Node:
    """One node with its attributes and opset at hand."""

    def __init__(self, proto, opset, dtype):
        self.proto, self.opset, self.dtype = proto, opset, dtype
        self.type = proto.op_type
        self.attributes = {a.name: onnx.helper.get_attribute_value(a) for a in proto.attribute}

    def get(self, name, default=None):
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value


def ints(tensor):
    return [int(v) for v in np.asarray(tensor.detach().cpu()).reshape(-1)]


def broadcast_last(tensor, rank):
    return tensor.reshape(1, -1, *([1] * (rank - 2)))


for name, function in {
    "Relu": torch.relu,
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "Exp": torch.exp,
    "Log": torch.log,
    "Sqrt": torch.sqrt,
    "Neg": torch.neg,
    "Abs": torch.abs,
    "Reciprocal": torch.reciprocal,
    "Erf": torch.erf,
    "Softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "Softsign": F.softsign,
    "Sin": torch.sin,
    "Cos": torch.cos,
    "Tan": torch.tan,
    "Asin": torch.asin,
    "Acos": torch.acos,
    "Atan": torch.atan,
    "Sinh": torch.sinh,
    "Cosh": torch.cosh,
    "Asinh": torch.asinh,
    "Acosh": torch.acosh,
    "Atanh": torch.atanh,
    "Identity": lambda x: x,
    "HardSwish": lambda x: x * torch.clamp(x / 6 + 0.5, 0, 1),
    "Mish": lambda x: x * torch.tanh(F.softplus(x)),
    "Not": torch.logical_not,
    "Floor": torch.floor,
    "Ceil": torch.ceil,
    "Sign": torch.sign,
}.items():
    OPS[name] = lambda node, x, function=function: function(x)

for name, function in {
    "Add": torch.add,
    "Sub": torch.sub,
    "Mul": torch.mul,
    "Equal": torch.eq,
    "Greater": torch.gt,
    "Less": torch.lt,
    "GreaterOrEqual": torch.ge,
    "LessOrEqual": torch.le,
    "And": torch.logical_and,
    "Or": torch.logical_or,
    "MatMul": torch.matmul,
}.items():
    OPS[name] = lambda node, a, b, function=function: function(a, b)


@op("Div")
def _div(node, a, b):
    return a / b if a.is_floating_point() else torch.div(a, b, rounding_mode="trunc")


@op("Pow")
def _pow(node, a, b):
    return torch.pow(a, b.to(a.dtype))


@op("Mod")
def _mod(node, a, b):
    return torch.fmod(a, b) if node.get("fmod", 0) else torch.remainder(a, b)


@op("LeakyRelu")
def _leaky(node, x):
    return torch.where(x > 0, x, x * node.get("alpha", 0.01))


@op("PRelu")
def _prelu(node, x, slope):
    return torch.where(x > 0, x, x * slope)


@op("Elu")
def _elu(node, x):
    return torch.where(x > 0, x, node.get("alpha", 1.0) * (torch.exp(torch.clamp(x, max=0)) - 1))


@op("Selu")
def _selu(node, x):
    alpha, gamma = node.get("alpha", 1.6732632423543772), node.get("gamma", 1.0507009873554805)
    return gamma * torch.where(x > 0, x, alpha * (torch.exp(torch.clamp(x, max=0)) - 1))


@op("Celu")
def _celu(node, x):
    alpha = node.get("alpha", 1.0)
    return torch.clamp(x, min=0) + torch.clamp(alpha * (torch.exp(torch.clamp(x, max=0) / alpha) - 1), max=0)


@op("ThresholdedRelu")
def _thresholded(node, x):
    return torch.where(x > node.get("alpha", 1.0), x, torch.zeros_like(x))


@op("Shrink")
def _shrink(node, x):
    lambd, bias = node.get("lambd", 0.5), node.get("bias", 0.0)
    zero = torch.zeros_like(x)
    return torch.where(x < -lambd, x + bias, torch.where(x > lambd, x - bias, zero))


@op("HardSigmoid")
def _hard_sigmoid(node, x):
    return torch.clamp(x * node.get("alpha", 0.2) + node.get("beta", 0.5), 0, 1)


@op("Swish")
def _swish(node, x):
    return x * torch.sigmoid(x * node.get("alpha", 1.0))


@op("Gelu")
def _gelu(node, x):
    return F.gelu(x, approximate=node.get("approximate", "none"))


class _Clip(torch.autograd.Function):
    """Clip with a gradient of zero at the bounds, as hardtanh has it."""

    @staticmethod
    def forward(ctx, x, low, high):
        y = x
        if low is not None:
            y = torch.maximum(y, low)
        if high is not None:
            y = torch.minimum(y, high)
        inside = torch.ones_like(x, dtype=torch.bool)
        if low is not None:
            inside &= y > low
        if high is not None:
            inside &= y < high
        ctx.save_for_backward(inside)
        return y

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0].to(gradient.dtype), None, None


@op("Clip")
def _clip(node, x, low=None, high=None):
    if node.opset < 11:
        low = torch.tensor(node.get("min"), dtype=x.dtype) if "min" in node.attributes else None
        high = torch.tensor(node.get("max"), dtype=x.dtype) if "max" in node.attributes else None
    return _Clip.apply(x, low, high)


@op("Sum")
def _sum(node, *xs):
    result = xs[0]
    for x in xs[1:]:
        result = result + x
    return result


@op("Mean")
def _mean(node, *xs):
    return _sum(node, *xs) / len(xs)


@op("Max", "Min")
def _extremum(node, *xs):
    stacked = torch.stack(torch.broadcast_tensors(*xs))
    return stacked.amax(0) if node.type == "Max" else stacked.amin(0)


@op("Where")
def _where(node, condition, a, b):
    return torch.where(condition.bool(), a, b)


@op("Gemm")
def _gemm(node, a, b, c=None):
    a = a.T if node.get("transA", 0) else a
    b = b.T if node.get("transB", 0) else b
    y = node.get("alpha", 1.0) * (a @ b)
    return y if c is None else y + node.get("beta", 1.0) * c


@op("Einsum")
def _einsum(node, *xs):
    return torch.einsum(node.get("equation"), *xs)


@op("Attention")
def _attention(node, q, k, v, mask=None):
    heads = node.get("q_num_heads")
    flat = q.dim() == 3
    if flat:
        q, k, v = (t.reshape(t.shape[0], t.shape[1], heads, -1).transpose(1, 2) for t in (q, k, v))
    scores = q @ k.transpose(-2, -1) * node.get("scale", q.shape[-1] ** -0.5)
    if node.get("is_causal", 0):
        scores = scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1), -math.inf)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf) if mask.dtype == torch.bool else scores + mask
    y = torch.softmax(scores, -1) @ v
    return y.transpose(1, 2).reshape(y.shape[0], y.shape[2], -1) if flat else y


def same_pads(node, x, kernel, strides, dilations, transposed=False):
    sp = len(kernel)
    auto = node.get("auto_pad", "NOTSET")
    pads = list(node.get("pads", [0] * (2 * sp)))
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        for i in range(sp):
            size = x.shape[2 + i]
            out = -(-size // strides[i])
            total = max(0, (out - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - size)
            low = total // 2 if auto == "SAME_UPPER" else total - total // 2
            pads[i], pads[sp + i] = low, total - low
    elif auto == "VALID":
        pads = [0] * (2 * sp)
    return pads


def pad_spatial(x, pads, value=0.0):
    sp = len(pads) // 2
    flat = []
    for i in reversed(range(sp)):
        flat += [pads[i], pads[sp + i]]
    return F.pad(x, flat, value=value)


@op("Conv")
def _conv(node, x, w, b=None):
    sp = w.dim() - 2
    strides = list(node.get("strides", [1] * sp))
    dilations = list(node.get("dilations", [1] * sp))
    pads = same_pads(node, x, list(w.shape[2:]), strides, dilations)
    convolve = [None, F.conv1d, F.conv2d, F.conv3d][sp]
    return convolve(pad_spatial(x, pads), w, b, strides, 0, dilations, node.get("group", 1))


@op("ConvTranspose")
def _conv_transpose(node, x, w, b=None):
    sp = w.dim() - 2
    strides = list(node.get("strides", [1] * sp))
    dilations = list(node.get("dilations", [1] * sp))
    extra = list(node.get("output_padding", [0] * sp))
    convolve = [None, F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][sp]
    full = convolve(x, w, None, strides, 0, 0, node.get("group", 1), dilations)
    pads = list(node.get("pads", [0] * (2 * sp)))
    shape = node.get("output_shape")
    auto = node.get("auto_pad", "NOTSET")
    if shape or auto in ("SAME_UPPER", "SAME_LOWER"):
        target = list(shape)[-sp:] if shape else [x.shape[2 + i] * strides[i] for i in range(sp)]
        for i in range(sp):
            total = full.shape[2 + i] + extra[i] - target[i]
            low = total // 2 if auto == "SAME_UPPER" else total - total // 2
            pads[i], pads[sp + i] = low, total - low
    y = pad_spatial(full, [-p for p in pads[:sp]] + [e - p for e, p in zip(extra, pads[sp:])])
    return y if b is None else y + broadcast_last(b, y.dim())


def pool_geometry(node, x):
    kernel = list(node.get("kernel_shape"))
    sp = len(kernel)
    strides = list(node.get("strides", [1] * sp))
    dilations = list(node.get("dilations", [1] * sp))
    pads = same_pads(node, x, kernel, strides, dilations)
    counted = list(pads)
    outputs = []
    for i in range(sp):
        span = (kernel[i] - 1) * dilations[i] + 1
        free = x.shape[2 + i] + pads[i] + pads[sp + i] - span
        out = free // strides[i] + 1
        if node.get("ceil_mode", 0):
            out = -(-free // strides[i]) + 1
            # A window has to start inside the image or the padding before it.
            if (out - 1) * strides[i] >= x.shape[2 + i] + pads[i]:
                out -= 1
        outputs.append(out)
        pads[sp + i] = max(pads[sp + i], (out - 1) * strides[i] + span - x.shape[2 + i] - pads[i])
    return kernel, strides, dilations, pads, counted, outputs


def windows(x, kernel, strides, dilations, outputs):
    """[N, C, cells of the kernel, *outputs]"""
    for i, (k, s, d, o) in enumerate(zip(kernel, strides, dilations, outputs)):
        index = torch.arange(o).reshape(-1, 1) * s + torch.arange(k).reshape(1, -1) * d
        axis = 2 + 2 * i
        x = x.index_select(axis, index.reshape(-1)).reshape(*x.shape[:axis], o, k, *x.shape[axis + 1 :])
    sp = len(kernel)
    order = [0, 1] + [3 + 2 * i for i in range(sp)] + [2 + 2 * i for i in range(sp)]
    x = x.permute(order)
    return x.reshape(*x.shape[:2], math.prod(kernel), *outputs)


@op("MaxPool")
def _max_pool(node, x):
    kernel, strides, dilations, pads, _, outputs = pool_geometry(node, x)
    cells = windows(pad_spatial(x, pads, -math.inf), kernel, strides, dilations, outputs)
    first = cells.detach().argmax(2, keepdim=True)  # the first of equal ones
    return cells.gather(2, first).squeeze(2)


@op("AveragePool")
def _average_pool(node, x):
    kernel, strides, dilations, pads, counted, outputs = pool_geometry(node, x)
    cells = windows(pad_spatial(x, pads), kernel, strides, dilations, outputs)
    ones = torch.ones_like(x[:1, :1].detach())
    if node.get("count_include_pad", 0):
        ones = pad_spatial(ones, counted, 1.0)
        ones = pad_spatial(ones, [0] * len(kernel) + [p - c for p, c in zip(pads[len(kernel) :], counted[len(kernel) :])])
    else:
        ones = pad_spatial(ones, pads)
    return cells.sum(2) / windows(ones, kernel, strides, dilations, outputs).sum(2)


@op("GlobalAveragePool")
def _global_average(node, x):
    return x.mean(list(range(2, x.dim())), keepdim=True)


@op("GlobalMaxPool")
def _global_max(node, x):
    return x.amax(list(range(2, x.dim())), keepdim=True)


@op("BatchNormalization")
def _batch_norm(node, x, scale, bias, mean, var):
    rank = max(x.dim(), 2)
    factor = scale / torch.sqrt(var + node.get("epsilon", 1e-5))
    return (x - broadcast_last(mean, rank)) * broadcast_last(factor, rank) + broadcast_last(bias, rank)


@op("LayerNormalization")
def _layer_norm(node, x, scale, bias=None):
    axes = list(range(node.get("axis", -1) % x.dim(), x.dim()))
    centred = x - x.mean(axes, keepdim=True)
    y = centred / torch.sqrt((centred**2).mean(axes, keepdim=True) + node.get("epsilon", 1e-5)) * scale
    return y if bias is None else y + bias


@op("RMSNormalization")
def _rms_norm(node, x, scale):
    axes = list(range(node.get("axis", -1) % x.dim(), x.dim()))
    return x / torch.sqrt((x**2).mean(axes, keepdim=True) + node.get("epsilon", 1e-5)) * scale


@op("InstanceNormalization")
def _instance_norm(node, x, scale, bias):
    axes = list(range(2, x.dim()))
    centred = x - x.mean(axes, keepdim=True)
    y = centred / torch.sqrt((centred**2).mean(axes, keepdim=True) + node.get("epsilon", 1e-5))
    return y * broadcast_last(scale, x.dim()) + broadcast_last(bias, x.dim())


@op("GroupNormalization")
def _group_norm(node, x, scale, bias):
    groups = node.get("num_groups")
    grouped = x.reshape(x.shape[0], groups, -1)
    centred = grouped - grouped.mean(2, keepdim=True)
    y = (centred / torch.sqrt((centred**2).mean(2, keepdim=True) + node.get("epsilon", 1e-5))).reshape(x.shape)
    if node.opset < 21 and scale.numel() == groups:
        scale, bias = (t.repeat_interleave(x.shape[1] // groups) for t in (scale, bias))
    return y * broadcast_last(scale, x.dim()) + broadcast_last(bias, x.dim())


@op("LRN")
def _lrn(node, x):
    size, channels = node.get("size"), x.shape[1]
    square = x**2
    rows = []
    for c in range(channels):
        low, high = max(0, c - (size - 1) // 2), min(channels - 1, c + math.ceil((size - 1) / 2))
        rows.append(square[:, low : high + 1].sum(1))
    total = torch.stack(rows, 1)
    return x / (node.get("bias", 1.0) + node.get("alpha", 0.0001) / size * total) ** node.get("beta", 0.75)


@op("Softmax", "LogSoftmax")
def _softmax(node, x):
    function = torch.softmax if node.type == "Softmax" else torch.log_softmax
    if node.opset >= 13:
        return function(x, node.get("axis", -1))
    axis = node.get("axis", 1) % x.dim()
    return function(x.reshape(math.prod(x.shape[:axis]), -1), 1).reshape(x.shape)


@op("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
    "ReduceSumSquare", "ReduceProd")
def _reduce(node, x, axes=None):
    axes = ints(axes) if axes is not None else list(node.get("axes", []))
    if not axes:
        if node.get("noop_with_empty_axes", 0):
            return x
        axes = list(range(x.dim()))
    axes = sorted(a % x.dim() for a in axes)
    kind = node.type[6:]
    if kind == "Prod":
        y = x
        for axis in axes:
            y = y.prod(axis, keepdim=True)
    else:
        y = {
            "Mean": lambda: x.mean(axes, keepdim=True),
            "Sum": lambda: x.sum(axes, keepdim=True),
            "Max": lambda: x.amax(axes, keepdim=True),
            "Min": lambda: x.amin(axes, keepdim=True),
            "L1": lambda: x.abs().sum(axes, keepdim=True),
            "L2": lambda: torch.linalg.vector_norm(x, dim=axes, keepdim=True),
            "LogSum": lambda: x.sum(axes, keepdim=True).log(),
            "LogSumExp": lambda: torch.logsumexp(x, axes, keepdim=True),
            "SumSquare": lambda: (x**2).sum(axes, keepdim=True),
        }[kind]()
    if node.get("keepdims", 1):
        return y
    return y.reshape([s for i, s in enumerate(y.shape) if i not in axes])


@op("Shape")
def _shape(node, x):
    shape = list(x.shape)[slice(node.get("start", 0), node.get("end"))]
    return torch.tensor(shape, dtype=torch.int64)


@op("Reshape")
def _reshape(node, x, shape):
    target = ints(shape)
    if not node.get("allowzero", 0):
        target = [x.shape[i] if v == 0 else v for i, v in enumerate(target)]
    return x.reshape(target)


@op("Flatten")
def _flatten(node, x):
    axis = node.get("axis", 1)
    axis = axis + x.dim() if axis < 0 else axis
    return x.reshape(math.prod(x.shape[:axis]), -1)


@op("Squeeze")
def _squeeze(node, x, axes=None):
    axes = ints(axes) if axes is not None else node.get("axes")
    axes = [i for i, s in enumerate(x.shape) if s == 1] if axes is None else [a % x.dim() for a in axes]
    return x.reshape([s for i, s in enumerate(x.shape) if i not in axes])


@op("Unsqueeze")
def _unsqueeze(node, x, axes=None):
    axes = ints(axes) if axes is not None else list(node.get("axes"))
    rank = x.dim() + len(axes)
    for axis in sorted(a % rank for a in axes):
        x = x.unsqueeze(axis)
    return x


@op("Transpose")
def _transpose(node, x):
    return x.permute(list(node.get("perm", reversed(range(x.dim())))))


@op("Concat")
def _concat(node, *xs):
    return torch.cat(xs, node.get("axis"))


@op("Split")
def _split(node, x, split=None):
    axis = node.get("axis", 0)
    sizes = ints(split) if split is not None else node.get("split")
    if sizes is None:
        count = len(node.proto.output)
        each = -(-x.shape[axis] // count)
        sizes = [each] * (x.shape[axis] // each)
        if x.shape[axis] % each:
            sizes.append(x.shape[axis] % each)
    return tuple(x.split(list(sizes), axis))


@op("Slice")
def _slice(node, x, starts=None, ends=None, axes=None, steps=None):
    starts = ints(starts) if starts is not None else list(node.get("starts"))
    ends = ints(ends) if ends is not None else list(node.get("ends"))
    axes = ints(axes) if axes is not None else list(node.get("axes", range(len(starts))))
    steps = ints(steps) if steps is not None else [1] * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps):
        size = x.shape[axis]
        if step < 0 and end < -size:
            end = None
        index = list(range(size))[slice(start, end, step)]
        x = x.index_select(axis, torch.tensor(index, dtype=torch.int64))
    return x


@op("Gather")
def _gather(node, x, index):
    axis = node.get("axis", 0) % x.dim()
    flat = index.reshape(-1)
    flat = torch.where(flat < 0, flat + x.shape[axis], flat)
    return x.index_select(axis, flat).reshape([*x.shape[:axis], *index.shape, *x.shape[axis + 1 :]])


@op("GatherElements")
def _gather_elements(node, x, index):
    axis = node.get("axis", 0)
    return torch.gather(x, axis, torch.where(index < 0, index + x.shape[axis], index))


@op("Expand")
def _expand(node, x, shape):
    return x * torch.ones(ints(shape), dtype=x.dtype) if x.is_floating_point() else x.expand(
        torch.broadcast_shapes(tuple(x.shape), tuple(ints(shape)))
    )


@op("Tile")
def _tile(node, x, repeats):
    return x.repeat(ints(repeats))


@op("Pad")
def _pad(node, x, pads=None, value=None, axes=None):
    pads = ints(pads) if pads is not None else list(node.get("pads"))
    axes = [a % x.dim() for a in ints(axes)] if axes is not None else list(range(x.dim()))
    mode = node.get("mode", "constant")
    fill = float(value) if value is not None else node.get("value", 0.0)
    for i, axis in enumerate(axes):
        before, after = pads[i], pads[i + len(axes)]
        if before == 0 and after == 0:
            continue
        size = x.shape[axis]
        places = range(-before, size + after)
        if mode == "constant":
            blocks = []
            for amount in (before, after):
                shape = list(x.shape)
                shape[axis] = max(0, amount)
                blocks.append(torch.full(shape, fill, dtype=x.dtype))
            middle = x.narrow(axis, max(0, -before), size - max(0, -before) - max(0, -after))
            x = torch.cat([blocks[0], middle, blocks[1]], axis)
            continue
        if mode == "edge":
            index = [min(max(p, 0), size - 1) for p in places]
        elif mode == "wrap":
            index = [p % size for p in places]
        else:
            period = max(1, 2 * (size - 1))
            index = [min(p % period, period - p % period) if p % period else 0 for p in places]
        x = x.index_select(axis, torch.tensor(index, dtype=torch.int64))
    return x


@op("Resize")
def _resize(node, x, roi=None, scales=None, sizes=None):
    """The two ways that torch's interpolate exports; the fuzz covers the others against ONNX Runtime."""
    given = ints(sizes) if sizes is not None else [math.floor(a * float(b)) for a, b in zip(x.shape, scales)]
    mode, coordinates = node.get("mode", "nearest"), node.get("coordinate_transformation_mode", "half_pixel")
    if mode == "linear" and coordinates.endswith("half_pixel"):
        return F.interpolate(x, given[2:], mode="bilinear", align_corners=False)
    if mode == "nearest" and coordinates == "asymmetric" and node.get("nearest_mode") == "floor":
        return F.interpolate(x, given[2:], mode="nearest")
    raise NotImplementedError(f"Resize {mode} {coordinates}")


@op("DepthToSpace")
def _depth_to_space(node, x):
    n, c, h, w = x.shape
    b = node.get("blocksize")
    if node.get("mode", "DCR") == "DCR":
        y = x.reshape(n, b, b, c // b**2, h, w).permute(0, 3, 4, 1, 5, 2)
    else:
        y = x.reshape(n, c // b**2, b, b, h, w).permute(0, 1, 4, 2, 5, 3)
    return y.reshape(n, c // b**2, h * b, w * b)


@op("SpaceToDepth")
def _space_to_depth(node, x):
    n, c, h, w = x.shape
    b = node.get("blocksize")
    return x.reshape(n, c, h // b, b, w // b, b).permute(0, 3, 5, 1, 2, 4).reshape(n, c * b * b, h // b, w // b)


@op("CumSum")
def _cumsum(node, x, axis):
    axis = int(axis)
    y = x.flip(axis) if node.get("reverse", 0) else x
    total = y.cumsum(axis)
    if node.get("exclusive", 0):
        total = total - y
    return total.flip(axis) if node.get("reverse", 0) else total


@op("Trilu")
def _trilu(node, x, k=None):
    diagonal = int(k) if k is not None else 0
    return torch.triu(x, diagonal) if node.get("upper", 1) else torch.tril(x, diagonal)


@op("Dropout")
def _dropout(node, x, *_):
    return (x, torch.ones_like(x, dtype=torch.bool))[: len(node.proto.output)]


@op("Cast")
def _cast(node, x):
    to = node.get("to")
    if to in FLOATS:
        return x.to(node.dtype)
    return x.detach().to({6: torch.int32, 7: torch.int64, 9: torch.bool}.get(to, torch.int64))


@op("CastLike")
def _cast_like(node, x, like):
    return x.to(like.dtype)


@op("ConstantOfShape")
def _constant_of_shape(node, shape):
    value = node.get("value")
    value = numpy_helper.to_array(value) if value is not None else np.zeros(1, np.float32)
    tensor = to_torch(value.reshape(-1)[:1], node.dtype)
    return tensor.reshape([1] * len(ints(shape))).expand(ints(shape)).clone()


def to_torch(array, dtype):
    array = np.asarray(array)
    if array.dtype.kind == "f" or str(array.dtype) == "bfloat16":
        return torch.from_numpy(array.astype(np.float64)).to(dtype)
    return torch.from_numpy(np.array(array))


def by_reference(proto, inputs, opsets):
    """Any operator, on values that carry no gradient."""
    from onnx.reference import ReferenceEvaluator

    if any(x is not None and x.requires_grad for x in inputs):
        raise NotImplementedError(f"{proto.op_type} {proto.name}: no torch spelling, but a gradient has to pass")
    feeds = {n: x.numpy() for n, x in zip(proto.input, inputs) if x is not None}
    infos = [onnx.helper.make_tensor_value_info(n, onnx.helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in feeds.items()]
    graph = onnx.helper.make_graph([proto], "one", infos, [onnx.ValueInfoProto(name=n) for n in proto.output if n])
    model = onnx.helper.make_model(graph, opset_imports=opsets)
    return [torch.from_numpy(np.array(v)) for v in ReferenceEvaluator(model).run(None, feeds)]


def run(model, feeds, dtype=torch.float64, watch=(), values=None):
    """Values of every tensor by name. Tensors named in `watch`, and all that depends on them, carry gradients."""
    if isinstance(model, (str, bytes)):
        model = onnx.load(model)
    graph = model.graph if isinstance(model, onnx.ModelProto) else model[0]
    opsets = model.opset_import if isinstance(model, onnx.ModelProto) else model[1]
    opset = next((o.version for o in opsets if o.domain in ("", "ai.onnx")), 1)
    values = dict(values or {})
    for initializer in graph.initializer:
        values[initializer.name] = to_torch(numpy_helper.to_array(initializer), dtype)
    for name, array in feeds.items():
        values[name] = to_torch(array, dtype)

    def keep(name):
        tensor = values[name]
        if name in watch and tensor.is_floating_point():
            if not tensor.requires_grad:
                values[name] = tensor.detach().requires_grad_(True)
            else:
                tensor.retain_grad()

    for name in list(values):
        keep(name)
    for proto in graph.node:
        inputs = [values[n] if n else None for n in proto.input]
        while inputs and inputs[-1] is None:
            inputs.pop()
        node = Node(proto, opset, dtype)
        if proto.op_type == "Constant":
            key, value = next(iter(node.attributes.items()))
            array = numpy_helper.to_array(value) if key == "value" else np.array(value, np.float32 if "float" in key else np.int64)
            results = [to_torch(array, dtype)]
        elif proto.op_type == "If":
            branch = node.attributes["then_branch" if bool(inputs[0]) else "else_branch"]
            inner = run((branch, opsets), {}, dtype, watch, values)
            results = [inner[o.name] for o in branch.output]
        elif proto.op_type in OPS:
            results = OPS[proto.op_type](node, *inputs)
            results = list(results) if isinstance(results, (tuple, list)) else [results]
        else:
            results = by_reference(proto, inputs, opsets)
            results = [r.to(dtype) if r.is_floating_point() else r for r in results]
        for name, result in zip(proto.output, results):
            if name:
                # A view shared by two names would let one gradient overwrite the other's hook.
                values[name] = result.clone() if any(result is x for x in inputs) else result
                keep(name)
    return values
