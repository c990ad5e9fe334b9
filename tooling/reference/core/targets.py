"""Targets as scalar functions of the scores, their gradients by automatic differentiation."""
import torch


def finer_torchcam(scores, index, count, strength):
    order = torch.argsort((scores - scores[index]).abs(), stable=True)
    similar = [int(i) for i in order if int(i) != index][:count]
    return scores[index] - strength * scores[similar].mean()


def finer_pytorch_grad_cam(scores, index, count, strength):
    order = torch.argsort((scores - scores[index]).abs(), stable=True)
    similar = [int(i) for i in order if int(i) != index][:count]
    p = torch.softmax(scores, 0)[similar]
    return (p * (scores[index] - strength * scores[similar])).sum() / (p.sum() + 1e-9)


def target_cases(scores, store):
    reference = store("targets/reference", [0.5, -1, 2, 0.25, 0, 1, -0.5])
    yield from (
        evaluated(name, call, scores, function)
        for name, call, function in [
            ("logit", {"target": "logit", "classIndex": 3}, lambda s: s[3]),
            ("probability", {"target": "probability", "classIndex": 3}, lambda s: torch.softmax(s, 0)[3]),
            ("margin", {"target": "margin", "classIndex": 3, "otherClassIndex": 5}, lambda s: s[3] - s[5]),
            ("multi-label", {"target": "multiLabel", "weights": [[1, 1], [4, -0.5]]}, lambda s: s[1] - 0.5 * s[4]),
            ("embedding-similarity", {"target": "embeddingSimilarity", "reference": "targets/reference"},
             lambda s: s @ reference / (s.norm() * reference.norm())),
            ("finer/torchcam", {"target": "finer", "classIndex": 3, "variant": "torchcam"},
             lambda s: finer_torchcam(s, 3, 3, 0.6)),
            ("finer/pytorch-grad-cam", {"target": "finer", "classIndex": 3, "variant": "pytorch-grad-cam"},
             lambda s: finer_pytorch_grad_cam(s, 3, 3, 1.0)),
            ("region-mean", {"target": "regionMean", "classIndex": 1, "region": [1, 0, 1]}, lambda s: (s[3] + s[5]) / 2),
        ]
    )


def evaluated(name, call, scores, function):
    # Six scores are two classes of three pixels.
    leaf = (scores[:6] if call["target"] == "regionMean" else scores).clone().requires_grad_(True)
    value = function(leaf)
    (gradient,) = torch.autograd.grad(value, leaf)
    return name, call, value.detach(), gradient
