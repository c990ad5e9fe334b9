"""Networks of a few thousand weights that use what the large ones use, for fixtures small enough to commit."""
import torch
from torch import nn
from torch.nn import functional as F


def conv_norm(i, o, k=3, s=1, groups=1, act=nn.ReLU):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, groups=groups, bias=False), nn.BatchNorm2d(o), *([act()] if act else []))


class Head(nn.Module):
    def __init__(self, channels, classes=5):
        super().__init__()
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        return self.fc(x.mean((2, 3)))


class Residual(nn.Module):
    """ResNet: strided stem with max pooling, basic blocks, a strided 1x1 shortcut."""

    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 6, 7, 2)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.a = nn.Sequential(conv_norm(6, 6), conv_norm(6, 6, act=None))
        self.b = nn.Sequential(conv_norm(6, 10, s=2), conv_norm(10, 10, act=None))
        self.shortcut = conv_norm(6, 10, 1, 2, act=None)
        self.head = Head(10)

    def forward(self, x):
        x = self.pool(self.stem(x))
        x = F.relu(x + self.a(x))
        return self.head(F.relu(self.shortcut(x) + self.b(x)))


class InvertedResidual(nn.Module):
    """MobileNetV2: expansion, depthwise convolutions of stride 1 and 2, ReLU6."""

    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 6, s=2, act=nn.ReLU6)
        self.a = nn.Sequential(conv_norm(6, 12, 1, act=nn.ReLU6), conv_norm(12, 12, groups=12, act=nn.ReLU6), conv_norm(12, 6, 1, act=None))
        self.b = nn.Sequential(conv_norm(6, 12, 1, act=nn.ReLU6), conv_norm(12, 12, 5, 2, 12, nn.ReLU6), conv_norm(12, 8, 1, act=None))
        self.head = Head(8)

    def forward(self, x):
        x = self.stem(x)
        return self.head(self.b(x + self.a(x)))


class Squeeze(nn.Module):
    """EfficientNet and MobileNetV3: squeeze-and-excitation, SiLU, hard-swish and hard-sigmoid."""

    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 8, s=2, act=nn.SiLU)
        self.dw = conv_norm(8, 8, groups=8, act=nn.SiLU)
        self.down, self.up = nn.Conv2d(8, 4, 1), nn.Conv2d(4, 8, 1)
        self.tail = conv_norm(8, 10, s=2, act=nn.Hardswish)
        self.gate = nn.Conv2d(10, 10, 1)
        self.head = Head(10)

    def forward(self, x):
        x = self.dw(self.stem(x))
        x = x * torch.sigmoid(self.up(F.silu(self.down(F.adaptive_avg_pool2d(x, 1)))))
        x = self.tail(x)
        return self.head(x * F.hardsigmoid(self.gate(x.mean((2, 3), keepdim=True))))


class Dense(nn.Module):
    """DenseNet: BatchNorm before the convolution, concatenation, average pooling."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, 2, 1)
        self.a = nn.Sequential(nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 4, 3, padding=1))
        self.b = nn.Sequential(nn.BatchNorm2d(10), nn.ReLU(), nn.Conv2d(10, 4, 3, padding=1))
        self.norm = nn.BatchNorm2d(14)
        self.head = Head(14)

    def forward(self, x):
        x = self.stem(x)
        x = torch.cat([x, self.a(x)], 1)
        x = F.avg_pool2d(torch.cat([x, self.b(x)], 1), 2, 2)
        return self.head(F.relu(self.norm(x)))


class Inception(nn.Module):
    """GoogLeNet and Inception: overlapping and ceil_mode max pooling, padded average pooling, factorised kernels."""

    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 6)
        self.one = conv_norm(6, 4, 1)
        self.wide = nn.Sequential(nn.Conv2d(6, 4, (1, 7), padding=(0, 3)), nn.ReLU(), nn.Conv2d(4, 4, (7, 1), padding=(3, 0)), nn.ReLU())
        self.pooled, self.mean = conv_norm(6, 3, 1), conv_norm(6, 3, 1)
        self.head = Head(14)

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 3, 2, ceil_mode=True)
        parts = [self.one(x), self.wide(x), self.pooled(F.max_pool2d(x, 3, 1, 1)), self.mean(F.avg_pool2d(x, 3, 1, 1))]
        return self.head(torch.cat(parts, 1))


class Shuffle(nn.Module):
    """ShuffleNetV2: channel split, shuffle by reshape and transpose."""

    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 8, s=2)
        self.branch = nn.Sequential(conv_norm(4, 4, 1), conv_norm(4, 4, groups=4, act=None), conv_norm(4, 4, 1))
        self.tail = conv_norm(8, 10, s=2)
        self.head = Head(10)

    def forward(self, x):
        x = self.stem(x)
        a, b = x.chunk(2, 1)
        x = torch.cat([a, self.branch(b)], 1)
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        return self.head(self.tail(x))


class ConvNext(nn.Module):
    """ConvNeXt: channels-last LayerNorm, GELU, layer scale, a large depthwise kernel."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, 4)
        self.dw = nn.Conv2d(8, 8, 7, padding=3, groups=8)
        self.norm, self.up, self.down = nn.LayerNorm(8, eps=1e-6), nn.Linear(8, 24), nn.Linear(24, 8)
        self.scale = nn.Parameter(torch.randn(8, 1, 1))
        self.final, self.fc = nn.LayerNorm(8, eps=1e-6), nn.Linear(8, 5)

    def forward(self, x):
        x = self.stem(x)
        y = self.down(F.gelu(self.up(self.norm(self.dw(x).permute(0, 2, 3, 1))))).permute(0, 3, 1, 2)
        x = x + self.scale * y
        return self.fc(self.final(x.mean((2, 3))))


class Attention(nn.Module):
    """ViT: patches, class token, position embedding, multi-head attention."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 12, 8, 8)
        self.token, self.position = nn.Parameter(torch.randn(1, 1, 12)), nn.Parameter(torch.randn(1, 10, 12) * 0.3)
        self.norm1, self.qkv, self.out = nn.LayerNorm(12), nn.Linear(12, 36), nn.Linear(12, 12)
        self.norm2, self.up, self.down = nn.LayerNorm(12), nn.Linear(12, 24), nn.Linear(24, 12)
        self.final, self.fc = nn.LayerNorm(12), nn.Linear(12, 5)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        q, k, v = self.qkv(self.norm1(x)).reshape(x.shape[0], 10, 3, 3, 4).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-2, -1) / 2.0, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(x.shape[0], 10, 12))
        x = x + self.down(F.gelu(self.up(self.norm2(x))))
        return self.fc(self.final(x)[:, 0])


class Windows(nn.Module):
    """Swin: rolled windows, attention within them, patch merging by strided slices."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 3, 3)
        self.norm, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)
        self.merge, self.fc = nn.Linear(32, 12), nn.Linear(12, 5)

    def forward(self, x):
        x = self.patch(x).permute(0, 2, 3, 1)
        n, h, w, c = x.shape
        y = torch.roll(self.norm(x), (-2, -2), (1, 2))
        y = y.reshape(n, h // 4, 4, w // 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, c)
        q, k, v = self.qkv(y).chunk(3, -1)
        y = self.out(torch.softmax(q @ k.transpose(1, 2) / c**0.5, -1) @ v)
        y = y.reshape(n, h // 4, w // 4, 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, c)
        x = x + torch.roll(y, (2, 2), (1, 2))
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], -1)
        return self.fc(torch.tanh(self.merge(x)).mean((1, 2)))


class Norms(nn.Module):
    """What the others leave out: GroupNorm, InstanceNorm, PReLU, local response norm, reflection padding, bilinear resize."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2)
        self.group, self.instance, self.prelu = nn.GroupNorm(2, 8), nn.InstanceNorm2d(8, affine=True), nn.PReLU(8)
        self.mix = nn.Conv2d(8, 8, 3)
        self.up = nn.ConvTranspose2d(8, 6, 3, 2, 1, 1)
        self.head = Head(6)

    def forward(self, x):
        x = self.group(self.stem(F.pad(x, (1, 2, 1, 0), mode="reflect")))
        x = self.prelu(self.instance(self.mix(x)))
        x = F.local_response_norm(x, 3, alpha=0.5)
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        return self.head(F.softplus(self.up(x)))


NETWORKS = {
    "residual": Residual,
    "inverted_residual": InvertedResidual,
    "squeeze": Squeeze,
    "dense": Dense,
    "inception": Inception,
    "shuffle": Shuffle,
    "convnext": ConvNext,
    "attention": Attention,
    "windows": Windows,
    "norms": Norms,
}
