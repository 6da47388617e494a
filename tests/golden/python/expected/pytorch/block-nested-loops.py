"""Blocks: takes (4, 9, 10) and gives (3,), channels first."""

import torch
from torch import Tensor, nn

from initialize import initialize


class ConvBlock(nn.Module):
    """The block conv, which the network has 15 times."""

    def __init__(
        self,
        *,
        in_channels: int,
        filters: int,
        activation: nn.Module,
        kernel_size: int = 1,
        strides: int = 1,
        padding: int = 0,
        use_bias: bool = True,
    ) -> None:
        super().__init__()
        self.activation = activation
        self.conv = nn.Conv2d(
            in_channels,
            filters,
            kernel_size=kernel_size,
            stride=strides,
            padding=padding,
            bias=use_bias,
        )
        self.bn = nn.BatchNorm2d(filters, eps=0.001, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.activation(self.conv(x))
        x = self.bn(x)
        return x


class Residual(nn.Module):
    """The block residual, which the network has 6 times."""

    def __init__(self, *, in_channels: int, filters: int) -> None:
        super().__init__()
        self.narrow = ConvBlock(in_channels=in_channels, filters=filters, activation=nn.ReLU())
        self.wide = ConvBlock(
            in_channels=filters,
            filters=2 * filters,
            kernel_size=3,
            padding=1,
            activation=nn.Identity(),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.narrow(x)
        y = self.wide(y)
        x = y + x
        return x


class Stage(nn.Module):
    """The block stage, which the network has twice."""

    def __init__(self, *, in_channels: int, width: int = 4, more: int = 2) -> None:
        super().__init__()
        self.first = ConvBlock(
            in_channels=in_channels,
            filters=2 * width,
            kernel_size=3,
            strides=2,
            padding=1,
            activation=nn.Identity(),
        )
        self.rest = nn.Sequential(
            *(Residual(in_channels=2 * width, filters=width) for _ in range(more))
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        x = self.rest(x)
        return x


class Stage2(nn.Module):
    """The block stage, which the network has once."""

    def __init__(self, *, width: int) -> None:
        super().__init__()
        self.first = ConvBlock(
            in_channels=6,
            filters=2 * width,
            kernel_size=3,
            strides=2,
            padding=1,
            activation=nn.Identity(),
        )
        self.rest = Residual(in_channels=2 * width, filters=width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)  # (4, 2, 2)
        x = self.rest(x)  # (4, 2, 2)
        return x


class Blocks(nn.Module):
    """2,622 parameters (2,472 trainable), 33,180 multiply-adds per sample."""

    def __init__(self) -> None:
        super().__init__()
        self.s1 = Stage(in_channels=4)
        self.s2 = Stage(in_channels=8, width=3, more=3)
        self.s3 = Stage2(width=2)
        self.fc = nn.Linear(16, 3)

    def forward(self, image: Tensor) -> Tensor:
        x: Tensor = self.s1(image)  # (8, 5, 5)
        x = self.s2(x)  # (6, 3, 3)
        x = self.s3(x)  # (4, 2, 2)
        x = self.fc(torch.flatten(x, 1))  # (3,)
        return x


def build_model() -> Blocks:
    """A fresh model, whose weights start as Convloom starts them."""
    model = Blocks()
    initialize(model)
    return model
