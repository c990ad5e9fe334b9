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


def overlap(a, b):
    extent = lambda box: max(box[2] - box[0], 0) * max(box[3] - box[1], 0)
    shared = extent([max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])])
    return shared / (extent(a) + extent(b) - shared)


def box_score(table, index, box):
    """table [candidates, values]: x, y, width, height, then a score per class."""
    corners = lambda x, y, w, h: [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
    nearest = max(range(len(table)), key=lambda i: overlap(corners(*table[i, :4].tolist()), box))
    return table[nearest, 4 + index]


def further_target_cases(scores, store):
    store("targets/table", [
        [20, 20, 16, 12, 0.25, 0.5], [44, 40, 20, 24, 0.75, -0.125], [46, 41, 18, 22, 0.375, 0.625],
    ])
    table = torch.tensor([[20, 20, 16, 12, 0.25, 0.5], [44, 40, 20, 24, 0.75, -0.125], [46, 41, 18, 22, 0.375, 0.625]])
    box = [36, 30, 54, 52]
    yield from (
        evaluated(name, call, at, function)
        for name, call, at, function in [
            ("rest", {"target": "rest", "classIndex": 3}, scores, lambda s: s[3] + torch.log_softmax(s, 0)[3]),
            ("counterfactual", {"target": "counterfactual", "of": "probability", "classIndex": 3}, scores,
             lambda s: -torch.softmax(s, 0)[3]),
            ("binary-score/for", {"target": "binaryScore", "sign": 1}, scores[:1], lambda s: s[0]),
            ("binary-score/against", {"target": "binaryScore", "sign": -1}, scores[:1], lambda s: -s[0]),
            ("box-score", {"target": "boxScore", "classIndex": 1, "box": box, "scores": "targets/table"}, table.reshape(-1),
             lambda s: box_score(s.reshape(3, 6), 1, box)),
        ]
    )


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
