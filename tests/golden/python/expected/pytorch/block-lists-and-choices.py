"""Blocks: takes (4, 9, 10) and gives (3, 10, 6), channels first."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from initialize import initialize
from layers import LayerNorm2d, ScaleShift, reshape, resize


class Mixed(nn.Module):
    """The block mixed, which the network has twice."""

    def __init__(
        self,
        *,
        taken: int = 4,
        groups: int = 2,
        factor: float = 0.5,
        alpha: float = 0.1,
        shape: tuple[int, ...] = (9, 10, 4),
    ) -> None:
        super().__init__()
        self.taken = taken
        self.groups = groups
        self.shape = shape
        self.group = nn.GroupNorm(groups, 4, eps=0.001)
        self.layer = LayerNorm2d(4, eps=0.000001)
        self.scale = ScaleShift(channels=4, scale=factor, shift=1)
        self.prelu = nn.PReLU(4, init=alpha)

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, : self.taken]  # (4, 9, 10)
        x = F.channel_shuffle(x, groups=self.groups)  # (4, 9, 10)
        x = self.group(x)  # (4, 9, 10)
        x = self.layer(x)  # (4, 9, 10)
        x = self.scale(x)  # (4, 9, 10)
        x = self.prelu(x)  # (4, 9, 10)
        x = reshape(x, shape=self.shape)  # (4, 9, 10)
        x = F.interpolate(x, scale_factor=2, mode="bilinear")  # (4, 18, 20)
        x = F.max_pool2d(x, kernel_size=2)  # (4, 9, 10)
        return x


class Mixed2(nn.Module):
    """The block mixed, which the network has once."""

    def __init__(
        self,
        *,
        groups: int,
        factor: tuple[float, ...],
        order: tuple[int, ...],
        to: str,
        taken: int = 4,
        alpha: float = 0.1,
        shape: tuple[int, ...] = (9, 10, 4),
    ) -> None:
        super().__init__()
        self.taken = taken
        self.groups = groups
        self.order = order
        self.shape = shape
        self.to_value = to
        self.group = nn.GroupNorm(groups, 4, eps=0.001)
        self.layer = nn.LayerNorm((4, 9, 10), eps=0.000001)
        self.scale = ScaleShift(channels=4, scale=factor, shift=1)
        self.prelu = nn.PReLU(4, init=alpha)

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, : self.taken]  # (4, 9, 10)
        x = F.channel_shuffle(x, groups=self.groups)  # (4, 9, 10)
        x = self.group(x)  # (4, 9, 10)
        x = self.layer(x)  # (4, 9, 10)
        x = self.scale(x)  # (4, 9, 10)
        x = self.prelu(x)  # (4, 9, 10)
        x = torch.permute(x, self.order)  # (4, 10, 9)
        x = reshape(x, shape=self.shape)  # (4, 9, 10)
        x = resize(x, scale_factor=2, mode="bilinear", coordinates=self.to_value)  # (4, 18, 20)
        x = F.max_pool2d(x, kernel_size=2)  # (4, 9, 10)
        return x


class Mixed3(nn.Module):
    """The block mixed, which the network has once."""

    def __init__(
        self,
        *,
        taken: int,
        factor: tuple[int, int],
        alpha: float,
        shape: tuple[int, ...],
        groups: int = 2,
    ) -> None:
        super().__init__()
        self.taken = taken
        self.groups = groups
        self.shape = shape
        self.group = nn.GroupNorm(groups, 2, eps=0.001)
        self.layer = nn.LayerNorm((2, 9, 10), eps=0.000001)
        self.scale = ScaleShift(channels=2, scale=factor, shift=1)
        self.prelu = nn.PReLU(2, init=alpha)

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, : self.taken]  # (2, 9, 10)
        x = F.channel_shuffle(x, groups=self.groups)  # (2, 9, 10)
        x = self.group(x)  # (2, 9, 10)
        x = self.layer(x)  # (2, 9, 10)
        x = self.scale(x)  # (2, 9, 10)
        x = self.prelu(x)  # (2, 9, 10)
        x = reshape(x, shape=self.shape)  # (3, 10, 6)
        x = F.interpolate(x, scale_factor=2, mode="bilinear")  # (3, 20, 12)
        x = F.max_pool2d(x, kernel_size=2)  # (3, 10, 6)
        return x


class Blocks(nn.Module):
    """1,166 parameters, all trainable, 0 multiply-adds per sample."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Sequential(*(Mixed() for _ in range(2)))
        self.b = Mixed2(groups=4, factor=(1, 2, 0.5, -1), order=(0, 1, 3, 2), to="asymmetric")
        self.c = Mixed3(taken=2, factor=(3, 2), alpha=0.3, shape=(10, 6, 3))

    def forward(self, image: Tensor) -> Tensor:
        x: Tensor = self.a(image)  # (4, 9, 10)
        x = self.b(x)  # (4, 9, 10)
        x = self.c(x)  # (3, 10, 6)
        return x


def build_model() -> Blocks:
    """A fresh model, whose weights start as Convloom starts them."""
    model = Blocks()
    initialize(model)
    return model
