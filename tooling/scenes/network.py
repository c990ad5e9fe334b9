"""The scenes network: ResNet-50's shape in small, with torchvision's module names."""

import torch
from torch import nn

CLASSES = ["butterfly", "cup", "fish", "heart", "house", "key", "moon", "mushroom", "star", "tree"]
SIZE = 96

# Width, output channels, stride of the first block, blocks; per stage. Stride 8 in all: a 12 x 12 map for 96 x 96 pictures.
STAGES = [(16, 48, 1, 2), (32, 96, 2, 2), (40, 128, 1, 2), (40, 128, 1, 2)]
STEM = 16


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if inputs != outputs or stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return torch.relu(self.bn3(self.conv3(x)) + shortcut)


class ScenesNetwork(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, STEM, 5, 2, 2, bias=False)
        self.bn1 = nn.BatchNorm2d(STEM)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = STEM
        for index, (width, outputs, stride, blocks) in enumerate(STAGES, start=1):
            stage = []
            for block in range(blocks):
                stage.append(Bottleneck(channels, width, outputs, stride if block == 0 else 1))
                channels = outputs
            setattr(self, f"layer{index}", nn.Sequential(*stage))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for index in range(1, len(STAGES) + 1):
            x = getattr(self, f"layer{index}")(x)
        return self.fc(x.mean((2, 3)))


def normalise(images):
    """uint8 [batch, height, width, 3] to float [batch, 3, height, width] in [-1, 1]."""
    return (images.permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5
