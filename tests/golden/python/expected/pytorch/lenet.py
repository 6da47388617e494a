"""LeNet: takes (1, 28, 28) and gives (10,), channels first."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from initialize import initialize


class LeNet(nn.Module):
    """431,080 parameters, all trainable, 2,293,000 multiply-adds per sample."""

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 20, kernel_size=5)
        self.c2 = nn.Conv2d(20, 50, kernel_size=5)
        self.f1 = nn.Linear(800, 500)
        self.f2 = nn.Linear(500, 10)

    def forward(self, image: Tensor) -> Tensor:
        x: Tensor = self.c1(image)  # (20, 24, 24)
        x = F.relu(x)  # (20, 24, 24)
        x = F.max_pool2d(x, kernel_size=2)  # (20, 12, 12)
        x = self.c2(x)  # (50, 8, 8)
        x = F.relu(x)  # (50, 8, 8)
        x = F.max_pool2d(x, kernel_size=2)  # (50, 4, 4)
        x = F.relu(self.f1(torch.flatten(x, 1)))  # (500,)
        x = self.f2(x)  # (10,)
        return x


def build_model() -> LeNet:
    """A fresh model, whose weights start as Convloom starts them."""
    model = LeNet()
    initialize(model)
    return model
