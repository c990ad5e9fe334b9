"""Every method's formula, written from its paper or from what a library computes, in float64 and without our TypeScript.

A: activations [K, h, w] · g: gradients of the same shape · w: channel weights [K] · maps [h, w]. Where a library differs from the paper
its form is kept step by step (order of operations, epsilons), so that the number is the library's and not our algebra of it.
"""
import torch
from torch.nn import functional as F


def relu(x):
    return torch.clamp(x, min=0)


def weighted(A, w):
    return relu((w[:, None, None] * A).sum(0))


# Gradient methods ------------------------------------------------------------------------------------------------------------

def cam(A, w):
    return (w[:, None, None] * A).sum(0)


def grad_cam(A, g):
    return weighted(A, g.mean((1, 2)))


def layer_cam(A, g):
    return relu((relu(g) * A).sum(0))


def hi_res_cam(A, g):
    return relu((g * A).sum(0))


def element_wise_grad_cam(A, g):
    return relu(g * A).sum(0)


def x_grad_cam(A, g, variant):
    epsilon = {"paper": 0.0, "pytorch-grad-cam": 1e-7, "torchcam": 1e-8}[variant]
    return weighted(A, (g * A).sum((1, 2)) / (A.sum((1, 2)) + epsilon))


def grad_cam_plus_plus(A, g, variant):
    total = A.sum((1, 2), keepdim=True)
    if variant == "torchcam":
        # The division by the denominator edits a copy: what is left of alpha is g².
        return weighted(A, (g**2 * relu(g)).sum((1, 2)))
    if variant == "xplique":
        mean = A.mean((1, 2), keepdim=True)
        denominator = 2 * g**2 + g**3 * mean
        denominator = denominator + (denominator == 0) * 1e-4
        return weighted(A, (g**2 / denominator * relu(g)).mean((1, 2)))
    epsilon = 1e-6 if variant == "pytorch-grad-cam" else 0.0
    denominator = 2 * g**2 + total * g**3 + epsilon
    alpha = torch.where(g != 0, g**2 / torch.where(denominator != 0, denominator, torch.ones(())), torch.zeros(()))
    if variant in ("author", "tf-keras-vis"):
        counted = torch.where(g > 0, alpha, torch.zeros(())) if variant == "author" else alpha
        divisor = counted.sum((1, 2), keepdim=True)
        alpha = alpha / torch.where(divisor != 0, divisor, torch.ones(()))
    return weighted(A, (alpha * relu(g)).sum((1, 2)))


def smooth_grad_cam_plus_plus(A, samples, variant):
    g = torch.stack([gradient for _, gradient in samples])
    second, third = (g**2).mean(0), (g**3).mean(0)
    if variant == "torchcam":
        last_activations, last_gradient = samples[-1]
        alpha = second / (2 * second + (third * A).sum((1, 2), keepdim=True) + 1e-8)
        return weighted(last_activations, (alpha * relu(last_gradient)).sum((1, 2)))
    denominator = 2 * second + A.sum((1, 2), keepdim=True) * third
    return weighted(A, (second / denominator * relu(g.mean(0))).sum((1, 2)))


def shapley_cam(A, score_of):
    """Gradient and Hessian-vector product by automatic differentiation."""
    leaf = A.clone().requires_grad_(True)
    (g,) = torch.autograd.grad(score_of(leaf), leaf, create_graph=True)
    # A target linear in A has no second derivative, and autograd no graph for one.
    product = torch.autograd.grad((g * leaf.detach()).sum(), leaf)[0] if g.requires_grad else torch.zeros_like(A)
    return weighted(A, (g.detach() - product / 2).mean((1, 2)))


# Methods that look at activations only ----------------------------------------------------------------------------------------

def principal(terms):
    """X·v₁ by a whole singular value decomposition; its sign is arbitrary."""
    X = terms.flatten(1).T
    X = X - X.mean(0)
    _, _, VT = torch.linalg.svd(X, full_matrices=False)
    return (X @ VT[0]).reshape(terms.shape[1:])


def oriented(component, along):
    """Our sign: the one that correlates with `along`."""
    return relu(component * torch.sign((component * along).sum()))


def fem(A, variant):
    mean = A.mean((1, 2), keepdim=True)
    threshold = mean + 2 * A.std((1, 2), correction=0, keepdim=True)
    if variant == "paper":
        return relu((mean * (A >= threshold)).sum(0))
    return weighted(A, (A > threshold).double().mean((1, 2)))


# Methods that run the model ----------------------------------------------------------------------------------------------------

def ablation_cam(A, score_of):
    y = score_of(A)
    without = []
    for k in range(len(A)):
        changed = A.clone()
        changed[k] = 0
        without.append(score_of(changed))
    return weighted(A, (y - torch.stack(without)) / y)


def ablation_cam_of_pytorch_grad_cam(A, score_of, batch=32):
    """One copy of the layer per channel, changed in place one after the other: the smallest number is looked for among all copies."""
    y = score_of(A)
    without = []
    for start in range(0, len(A), batch):
        copies = A.repeat(min(batch, len(A) - start), 1, 1, 1)
        for i in range(len(copies)):
            smallest = copies.min()
            copies[i, start + i] = 0 if smallest == 0 else smallest - 1e7
        without.extend(score_of(copy) for copy in copies)
    return weighted(A, (y - torch.stack(without)) / y)


def minmax(x, epsilon=0.0):
    low = x.min()
    return (x - low) / (x.max() - low + epsilon)


def enlarge(x, size, align_corners=False):
    return F.interpolate(x[None, None], size, mode="bilinear", align_corners=align_corners)[0, 0]


def score_cam(A, x, logit_of, probability_of, variant):
    size = x.shape[1:]
    weights = []
    for channel in A:
        if variant == "paper":
            constant = channel.max() == channel.min()
            weights.append(torch.zeros(()) if constant else probability_of(x * minmax(enlarge(channel, size))))
        elif variant == "pytorch-grad-cam":
            mask = enlarge(channel, size, align_corners=True)
            weights.append(logit_of(x * minmax(mask, 1e-8)))
        else:
            weights.append(logit_of(x * enlarge(minmax(channel, 1e-8), size)))
    stacked = torch.stack(weights)
    return weighted(A, stacked if variant == "paper" else torch.softmax(stacked, 0))


def is_cam(A, x, logit_of, variant, points):
    scores = []
    for channel in A:
        mask = enlarge(minmax(channel), x.shape[1:])
        strengths, strength = [], 0.0
        for n in range(1, points + 1):
            strength = strength + n / points if variant == "torchcam" else n / points
            strengths.append(strength)
        scores.append(torch.stack([logit_of(x * (s * mask)) for s in strengths]).mean())
    return weighted(A, torch.softmax(torch.stack(scores), 0))


def ss_cam(A, x, logit_of, noise, strength):
    """noise [K, draws, h, w] of the input's size, standard normal."""
    scores = []
    for channel, draws in zip(A, noise):
        mask = enlarge(minmax(channel), x.shape[1:])
        scores.append(torch.stack([logit_of(x * (mask + strength * draw)) for draw in draws]).mean())
    return weighted(A, torch.softmax(torch.stack(scores), 0))


def rise(x, probability_of, masks, visible):
    scores = torch.stack([probability_of(x * mask) for mask in masks])
    return (scores[:, None, None] * masks).sum(0) / (len(masks) * visible)


def occlusion(x, logit_of, window, stride):
    height, width = x.shape[1:]
    total, count = torch.zeros(height, width), torch.zeros(height, width)
    y = logit_of(x)
    starts = lambda extent: range(0, max(extent - window, 0) + stride, stride)
    for top in starts(height):
        for left in starts(width):
            region = (slice(top, top + window), slice(left, left + window))
            covered = x.clone()
            covered[:, region[0], region[1]] = 0
            total[region] += y - logit_of(covered)
            count[region] += 1
    return total / count


# Whole networks, transformers, controls -------------------------------------------------------------------------------------------

def full_grad(x, dx, layers, variant):
    """layers: (bias [K], gradients [K, h, w])."""
    total = torch.zeros(x.shape[1:])
    for values in [(x * dx).abs()] + [(bias[:, None, None] * g).abs() for bias, g in layers]:
        for channel in values if variant == "pytorch-grad-cam" else library_scale(values, 1e-6):
            if variant == "pytorch-grad-cam":
                channel = library_scale(channel, 1e-7)
            total = total + enlarge(channel, x.shape[1:], align_corners=variant == "paper")
    return total


def patches(tokens, grid, prefix):
    return tokens[prefix:].reshape(grid)


def attention_rollout(attention, grid, prefix, query):
    """attention: [heads, tokens, tokens] of each layer."""
    identity = torch.eye(attention[0].shape[1])
    product = identity
    for one in attention:
        product = (0.5 * one.mean(0) + 0.5 * identity) @ product
    return patches(product.mean(0) if query == "mean" else product[query], grid, prefix)


def le_grad(gradients, grid, prefix):
    return patches(torch.stack([relu(g).mean((0, 1)) for g in gradients]).mean(0), grid, prefix)


def centred_map(height, width):
    """A Gaussian in the middle, its standard deviation a quarter of each side."""
    y = ((torch.arange(height) + 0.5) / height - 0.5) / 0.25
    x = ((torch.arange(width) + 0.5) / width - 0.5) / 0.25
    return torch.exp(-(y[:, None] ** 2 + x[None] ** 2) / 2)


# From maps to maps ---------------------------------------------------------------------------------------------------------------

def hybrid(A, g, alpha):
    first, second = grad_cam(A, g), layer_cam(A, g)
    return (first / first.max()) ** alpha * (second / second.max()) ** (1 - alpha)


def notebook_hybrid(A, g, alpha):
    first, second = grad_cam(A, g), layer_cam(A, g)
    fused = (first / (first.max() + 1e-10)) ** alpha * (second / (second.max() + 1e-10)) ** (1 - alpha)
    return minmax(fused, 1e-10)


def cross_layer_hybrid(coarse, fine, alpha, size):
    first, second = enlarge(grad_cam(*coarse), size), enlarge(layer_cam(*fine), size)
    return (first / first.max()) ** alpha * (second / second.max()) ** (1 - alpha)


def library_scale(x, epsilon):
    x = x - x.min()
    return x / (x.max() + epsilon)


def pytorch_grad_cam_map(raws, size):
    """That library's way from raw maps of layers to its result: scale, enlarge, mean over layers, scale again."""
    scaled = [enlarge(library_scale(relu(raw), 1e-7), size) for raw in raws]
    return library_scale(relu(torch.stack(scaled)).mean(0), 1e-7)


def torchcam_map(raws, tanh):
    """TorchCAM's: scale at layer size; several layers by the maximum, enlarged to the largest."""
    scaled = [library_scale(relu(raw), 1e-8) for raw in raws]
    if tanh:
        scaled = [torch.tanh(2 * one) for one in scaled]
    size = tuple(max(one.shape[axis] for one in scaled) for axis in (0, 1))
    return scaled[0] if len(scaled) == 1 else torch.stack([enlarge(one, size) for one in scaled]).max(0).values


def refine_cam_map(raws, size):
    """RefineCAM: the product over layers of min-max maps, then min-max."""
    product = torch.ones(size)
    for raw in raws:
        product = product * enlarge(minmax(relu(raw)), size)
    return minmax(product)
