"""Wired: takes (2, 6, 6), (2, 6, 6) and gives (2,), (2, 4, 4), channels first."""

import torch
from torch import Tensor, nn

from initialize import initialize


class Wired(nn.Module):
    """110 parameters, all trainable, 1,728 multiply-adds per sample."""

    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(6, 2, kernel_size=3)

    def forward(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        sum = left + right  # (2, 6, 6)
        both = torch.cat([right, sum, left], dim=1)  # (6, 6, 6)
        mean = torch.mean(sum, dim=(2, 3))  # (2,)
        c: Tensor = self.c(both)  # (2, 4, 4)
        return mean, c


def build_model() -> Wired:
    """A fresh model, whose weights start as Convloom starts them."""
    model = Wired()
    initialize(model)
    return model
