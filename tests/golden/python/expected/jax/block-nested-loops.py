"""Blocks: takes (9, 10, 4) and gives (3,)."""

from collections.abc import Callable

import jax
from flax import nnx
from jax import Array, lax
from jax.nn import initializers

Activation = Callable[[Array], Array]


class ConvBlock(nnx.Module):
    """The block conv, which the network has 9 times."""

    def __init__(
        self,
        *,
        in_channels: int,
        filters: int,
        kernel_size: tuple[int, int],
        padding: int,
        strides: int = 1,
        activation_2: Activation = jax.nn.identity,
        use_bias: bool = True,
        rngs: nnx.Rngs,
    ) -> None:
        self.activation_2 = activation_2
        self.conv = nnx.Conv(
            in_channels,
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            use_bias=use_bias,
            kernel_init=initializers.glorot_uniform(),
            rngs=rngs,
        )
        self.bn = nnx.BatchNorm(filters, epsilon=0.001, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        x = self.activation_2(self.conv(x))
        x = self.bn(x)
        return x


class ConvBlock2(nnx.Module):
    """The block conv, which the network has 6 times."""

    def __init__(
        self,
        *,
        in_channels: int,
        filters: int,
        activation_2: Activation,
        kernel_size: tuple[int, int] = (1, 1),
        strides: int = 1,
        padding: str = "VALID",
        use_bias: bool = True,
        rngs: nnx.Rngs,
    ) -> None:
        self.activation_2 = activation_2
        self.conv = nnx.Conv(
            in_channels,
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            use_bias=use_bias,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.bn = nnx.BatchNorm(filters, epsilon=0.001, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        x = self.activation_2(self.conv(x))
        x = self.bn(x)
        return x


class Residual(nnx.Module):
    """The block residual, which the network has 6 times."""

    def __init__(self, *, in_channels: int, filters: int, rngs: nnx.Rngs) -> None:
        self.narrow = ConvBlock2(
            in_channels=in_channels, filters=filters, activation_2=nnx.relu, rngs=rngs
        )
        self.wide = ConvBlock(
            in_channels=filters, filters=2 * filters, kernel_size=(3, 3), padding=1, rngs=rngs
        )

    def __call__(self, x: Array) -> Array:
        y: Array = self.narrow(x)
        y = self.wide(y)
        x = y + x
        return x


class Stage(nnx.Module):
    """The block stage, which the network has twice."""

    def __init__(self, *, in_channels: int, width: int = 4, more: int = 2, rngs: nnx.Rngs) -> None:
        self.first = ConvBlock(
            in_channels=in_channels,
            filters=2 * width,
            kernel_size=(3, 3),
            strides=2,
            padding=1,
            rngs=rngs,
        )
        self.rest = nnx.Sequential(
            *(Residual(in_channels=2 * width, filters=width, rngs=rngs) for _ in range(more))
        )

    def __call__(self, x: Array) -> Array:
        x = self.first(x)
        x = self.rest(x)
        return x


class Stage2(nnx.Module):
    """The block stage, which the network has once."""

    def __init__(self, *, width: int, rngs: nnx.Rngs) -> None:
        self.first = ConvBlock(
            in_channels=6, filters=2 * width, kernel_size=(3, 3), strides=2, padding=1, rngs=rngs
        )
        self.rest = Residual(in_channels=2 * width, filters=width, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        x = self.first(x)  # (2, 2, 4)
        x = self.rest(x)  # (2, 2, 4)
        return x


class Blocks(nnx.Module):
    """2,622 parameters (2,472 trainable), 33,180 multiply-adds per sample."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.s1 = Stage(in_channels=4, rngs=rngs)
        self.s2 = Stage(in_channels=8, width=3, more=3, rngs=rngs)
        self.s3 = Stage2(width=2, rngs=rngs)
        self.fc = nnx.Linear(16, 3, kernel_init=initializers.glorot_uniform(), rngs=rngs)

    def __call__(self, image: Array) -> Array:
        x: Array = self.s1(image)  # (5, 5, 8)
        x = self.s2(x)  # (3, 3, 6)
        x = self.s3(x)  # (2, 2, 4)
        x = self.fc(lax.collapse(x, 1))  # (3,)
        return x


def build_model(seed: int = 0) -> Blocks:
    """A fresh model, whose weights start as Convloom starts them."""
    return Blocks(rngs=nnx.Rngs(seed))
