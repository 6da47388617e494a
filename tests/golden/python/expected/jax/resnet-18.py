"""ResNet-18: takes (224, 224, 3) and gives (1000,)."""

import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.nn import initializers


class StemBlock(nnx.Module):
    """The block stem, which the network has once."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.conv1 = nnx.Conv(
            3,
            64,
            (7, 7),
            strides=2,
            padding=3,
            use_bias=False,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.conv1_bn = nnx.BatchNorm(64, momentum=0.9, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        x = self.conv1(x)  # (112, 112, 64)
        x = self.conv1_bn(x)  # (112, 112, 64)
        x = nnx.relu(x)  # (112, 112, 64)
        # (56, 56, 64)
        x = nnx.max_pool(x, window_shape=(3, 3), strides=(2, 2), padding=((1, 1), (1, 1)))
        return x


class Basic(nnx.Module):
    """The block basic, which the network has 5 times."""

    def __init__(self, *, in_channels: int, width: int = 64, rngs: nnx.Rngs) -> None:
        self.conv1 = nnx.Conv(
            in_channels,
            width,
            (3, 3),
            padding=1,
            use_bias=False,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.conv1_bn = nnx.BatchNorm(width, momentum=0.9, rngs=rngs)
        self.conv2 = nnx.Conv(
            width,
            width,
            (3, 3),
            padding=1,
            use_bias=False,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.conv2_bn = nnx.BatchNorm(width, momentum=0.9, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        y: Array = self.conv1(x)
        y = self.conv1_bn(y)
        y = nnx.relu(y)
        y = self.conv2(y)
        y = self.conv2_bn(y)
        x = y + x
        x = nnx.relu(x)
        return x


class BasicDown(nnx.Module):
    """The block basicDown, which the network has 3 times."""

    def __init__(self, *, in_channels: int, width: int, strides: int, rngs: nnx.Rngs) -> None:
        self.conv1 = nnx.Conv(
            in_channels,
            width,
            (3, 3),
            strides=strides,
            padding=1,
            use_bias=False,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.skip = nnx.Conv(
            in_channels,
            width,
            (1, 1),
            strides=strides,
            padding="VALID",
            use_bias=False,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.conv1_bn = nnx.BatchNorm(width, momentum=0.9, rngs=rngs)
        self.skip_bn = nnx.BatchNorm(width, momentum=0.9, rngs=rngs)
        self.conv2 = nnx.Conv(
            width,
            width,
            (3, 3),
            padding=1,
            use_bias=False,
            kernel_init=initializers.he_normal(),
            rngs=rngs,
        )
        self.conv2_bn = nnx.BatchNorm(width, momentum=0.9, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        conv1: Array = self.conv1(x)
        skip: Array = self.skip(x)
        conv1_bn: Array = self.conv1_bn(conv1)
        skip_bn: Array = self.skip_bn(skip)
        x = nnx.relu(conv1_bn)
        x = self.conv2(x)
        x = self.conv2_bn(x)
        x = x + skip_bn
        x = nnx.relu(x)
        return x


class Stage(nnx.Module):
    """The block stage, which the network has 3 times."""

    def __init__(self, *, in_channels: int, width: int, strides: int = 2, rngs: nnx.Rngs) -> None:
        self.first = BasicDown(in_channels=in_channels, width=width, strides=strides, rngs=rngs)
        self.rest = Basic(in_channels=width, width=width, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        x = self.first(x)
        x = self.rest(x)
        return x


class ResNet18(nnx.Module):
    """11,699,112 parameters (11,689,512 trainable), 1,814,073,344 multiply-adds per sample."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.stem = StemBlock(rngs=rngs)
        self.s1 = nnx.Sequential(*(Basic(in_channels=64, rngs=rngs) for _ in range(2)))
        self.s2 = Stage(in_channels=64, width=128, rngs=rngs)
        self.s3 = Stage(in_channels=128, width=256, rngs=rngs)
        self.s4 = Stage(in_channels=256, width=512, rngs=rngs)
        self.fc = nnx.Linear(512, 1000, kernel_init=initializers.glorot_uniform(), rngs=rngs)

    def __call__(self, image: Array) -> Array:
        x: Array = self.stem(image)  # (56, 56, 64)
        x = self.s1(x)  # (56, 56, 64)
        x = self.s2(x)  # (28, 28, 128)
        x = self.s3(x)  # (14, 14, 256)
        x = self.s4(x)  # (7, 7, 512)
        x = jnp.mean(x, axis=(1, 2))  # (512,)
        x = self.fc(x)  # (1000,)
        return x


def build_model(seed: int = 0) -> ResNet18:
    """A fresh model, whose weights start as Convloom starts them."""
    return ResNet18(rngs=nnx.Rngs(seed))
