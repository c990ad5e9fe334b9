"""One image's insertion and deletion curve in PyTorch, timed on request, for curve-against-pytorch.mjs.

    python tooling/reference/speed/curve_peer.py BATCH

MobileNetV2 with random weights (time does not depend on them). For every line on standard input: order the pixels, blur the picture,
run 29 + 29 points of the RISE protocol in batches, sharing f(x), and print the seconds it took. Masks are composed by torch.where.
"""
import os
import sys
import time

import torch
from torch import nn

batch = int(sys.argv[1])
torch.set_num_threads(os.cpu_count())
torch.manual_seed(0)
STEPS, SIDE = 28, 224
TAPS = torch.tensor([0.087958146, 0.08889612, 0.090474197, 0.092191118, 0.093489388, 0.093982063,
                     0.093489388, 0.092191118, 0.090474197, 0.08889612, 0.087958146])


def convolution(inputs, outputs, kernel, stride=1, groups=1):
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs), nn.ReLU6()]


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        expand = convolution(inputs, hidden, 1) if expansion > 1 else []
        project = convolution(hidden, outputs, 1)[:2]
        self.body = nn.Sequential(*expand, *convolution(hidden, hidden, 3, stride, hidden), *project)
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.body(x) if self.adds else self.body(x)


def mobilenet_v2():
    layers, channels = convolution(3, 32, 3, 2), 32
    for expansion, outputs, count, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                              (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
        for i in range(count):
            layers.append(Inverted(channels, outputs, stride if i == 0 else 1, expansion))
            channels = outputs
    return nn.Sequential(*layers, *convolution(320, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(1280, 1000)).eval()


def scores(inputs, target):
    return torch.cat([torch.softmax(model(part), 1)[:, target] for part in inputs.split(batch)])


def curve(start, finish, ranks, target, ends):
    counts = torch.tensor([round(i * SIDE * SIDE / STEPS) for i in range(1, STEPS)]).view(-1, 1, 1, 1)
    inner = torch.cat([scores(torch.where(ranks < part, finish, start), target) for part in counts.split(batch)])
    points = torch.cat([ends[:1], inner, ends[1:]])
    return points, torch.trapezoid(points, dx=1 / STEPS)


def once():
    order = saliency.flatten().argsort(descending=True, stable=True)
    ranks = torch.empty_like(order)
    ranks[order] = torch.arange(order.numel())
    ranks = ranks.view(1, 1, SIDE, SIDE)
    kernel = (TAPS[:, None] * TAPS[None]).expand(3, 1, 11, 11)
    blurred = nn.functional.conv2d(image, kernel, padding=5, groups=3)
    target = int(model(image).argmax())
    full, blur, empty = scores(torch.cat([image, blurred, torch.zeros_like(image)]), target).split(1)
    curve(blurred, image, ranks, target, torch.cat([blur, full]))
    curve(image, torch.zeros_like(image), ranks, target, torch.cat([full, empty]))


model = mobilenet_v2()
image = torch.randn(1, 3, SIDE, SIDE)
saliency = torch.rand(SIDE, SIDE)
print(torch.__version__, torch.get_num_threads(), flush=True)
with torch.inference_mode():
    for _ in sys.stdin:
        started = time.perf_counter()
        once()
        print(time.perf_counter() - started, flush=True)
