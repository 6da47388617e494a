"""ResNet-18: takes (3, 224, 224) and gives (1000,), channels first."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from initialize import initialize


class StemBlock(nn.Module):
    """The block stem, which the network has once."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.conv1_bn = nn.BatchNorm2d(64)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)  # (64, 112, 112)
        x = self.conv1_bn(x)  # (64, 112, 112)
        x = F.relu(x)  # (64, 112, 112)
        x = F.max_pool2d(x, kernel_size=3, stride=2, padding=1)  # (64, 56, 56)
        return x


class Basic(nn.Module):
    """The block basic, which the network has 5 times."""

    def __init__(self, *, in_channels: int, width: int = 64) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=3, padding=1, bias=False)
        self.conv1_bn = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, padding=1, bias=False)
        self.conv2_bn = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv1(x)
        y = self.conv1_bn(y)
        y = F.relu(y)
        y = self.conv2(y)
        y = self.conv2_bn(y)
        x = y + x
        x = F.relu(x)
        return x


class BasicDown(nn.Module):
    """The block basicDown, which the network has 3 times."""

    def __init__(self, *, in_channels: int, width: int, strides: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, width, kernel_size=3, stride=strides, padding=1, bias=False
        )
        self.skip = nn.Conv2d(in_channels, width, kernel_size=1, stride=strides, bias=False)
        self.conv1_bn = nn.BatchNorm2d(width)
        self.skip_bn = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, padding=1, bias=False)
        self.conv2_bn = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        conv1: Tensor = self.conv1(x)
        skip: Tensor = self.skip(x)
        conv1_bn: Tensor = self.conv1_bn(conv1)
        skip_bn: Tensor = self.skip_bn(skip)
        x = F.relu(conv1_bn)
        x = self.conv2(x)
        x = self.conv2_bn(x)
        x = x + skip_bn
        x = F.relu(x)
        return x


class Stage(nn.Module):
    """The block stage, which the network has 3 times."""

    def __init__(self, *, in_channels: int, width: int, strides: int = 2) -> None:
        super().__init__()
        self.first = BasicDown(in_channels=in_channels, width=width, strides=strides)
        self.rest = Basic(in_channels=width, width=width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        x = self.rest(x)
        return x


class ResNet18(nn.Module):
    """11,699,112 parameters (11,689,512 trainable), 1,814,073,344 multiply-adds per sample."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = StemBlock()
        self.s1 = nn.Sequential(*(Basic(in_channels=64) for _ in range(2)))
        self.s2 = Stage(in_channels=64, width=128)
        self.s3 = Stage(in_channels=128, width=256)
        self.s4 = Stage(in_channels=256, width=512)
        self.fc = nn.Linear(512, 1000)

    def forward(self, image: Tensor) -> Tensor:
        x: Tensor = self.stem(image)  # (64, 56, 56)
        x = self.s1(x)  # (64, 56, 56)
        x = self.s2(x)  # (128, 28, 28)
        x = self.s3(x)  # (256, 14, 14)
        x = self.s4(x)  # (512, 7, 7)
        x = torch.mean(x, dim=(2, 3))  # (512,)
        x = self.fc(x)  # (1000,)
        return x


def build_model() -> ResNet18:
    """A fresh model, whose weights start as Convloom starts them."""
    model = ResNet18()
    initialize(model)
    return model
