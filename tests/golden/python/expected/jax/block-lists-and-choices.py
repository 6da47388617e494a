"""Blocks: takes (9, 10, 4) and gives (10, 6, 3)."""

import jax.numpy as jnp
from flax import nnx
from jax import Array

from layers import PReLU, ScaleShift, resize, shuffle


class Mixed(nnx.Module):
    """The block mixed, which the network has twice."""

    def __init__(
        self,
        *,
        taken: int = 4,
        groups: int = 2,
        factor: float = 0.5,
        alpha: float = 0.1,
        to: str = "halfPixel",
        rngs: nnx.Rngs,
    ) -> None:
        self.taken = taken
        self.groups = groups
        self.to = to
        self.group = nnx.GroupNorm(4, num_groups=groups, epsilon=0.001, rngs=rngs)
        self.layer = nnx.LayerNorm(4, rngs=rngs)
        self.scale = ScaleShift(channels=4, scale=factor, shift=1)
        self.prelu_2 = PReLU(channels=4, slope=alpha)

    def __call__(self, x: Array) -> Array:
        x = x[..., : self.taken]  # (9, 10, 4)
        x = shuffle(x, groups=self.groups)  # (9, 10, 4)
        x = self.group(x)  # (9, 10, 4)
        x = self.layer(x)  # (9, 10, 4)
        x = self.scale(x)  # (9, 10, 4)
        x = self.prelu_2(x)  # (9, 10, 4)
        x = jnp.reshape(x, (-1, 9, 10, 4))  # (9, 10, 4)
        x = resize(x, factor=2, mode="bilinear", coordinates=self.to)  # (18, 20, 4)
        x = nnx.max_pool(x, window_shape=(2, 2), strides=(2, 2))  # (9, 10, 4)
        return x


class Mixed2(nnx.Module):
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
        rngs: nnx.Rngs,
    ) -> None:
        self.taken = taken
        self.groups = groups
        self.order = order
        self.to = to
        self.group = nnx.GroupNorm(4, num_groups=groups, epsilon=0.001, rngs=rngs)
        self.layer = nnx.LayerNorm(360, reduction_axes=(1, 2, 3), feature_axes=(1, 2, 3), rngs=rngs)
        self.scale = ScaleShift(channels=4, scale=factor, shift=1)
        self.prelu_2 = PReLU(channels=4, slope=alpha)

    def __call__(self, x: Array) -> Array:
        x = x[..., : self.taken]  # (9, 10, 4)
        x = shuffle(x, groups=self.groups)  # (9, 10, 4)
        x = self.group(x)  # (9, 10, 4)
        x = self.layer(x)  # (9, 10, 4)
        x = self.scale(x)  # (9, 10, 4)
        x = self.prelu_2(x)  # (9, 10, 4)
        x = jnp.transpose(x, self.order)  # (10, 9, 4)
        x = jnp.reshape(x, (-1, 9, 10, 4))  # (9, 10, 4)
        x = resize(x, factor=2, mode="bilinear", coordinates=self.to)  # (18, 20, 4)
        x = nnx.max_pool(x, window_shape=(2, 2), strides=(2, 2))  # (9, 10, 4)
        return x


class Mixed3(nnx.Module):
    """The block mixed, which the network has once."""

    def __init__(
        self,
        *,
        taken: int,
        factor: tuple[int, int],
        alpha: float,
        groups: int = 2,
        to: str = "halfPixel",
        rngs: nnx.Rngs,
    ) -> None:
        self.taken = taken
        self.groups = groups
        self.to = to
        self.group = nnx.GroupNorm(2, num_groups=groups, epsilon=0.001, rngs=rngs)
        self.layer = nnx.LayerNorm(180, reduction_axes=(1, 2, 3), feature_axes=(1, 2, 3), rngs=rngs)
        self.scale = ScaleShift(channels=2, scale=factor, shift=1)
        self.prelu_2 = PReLU(channels=2, slope=alpha)

    def __call__(self, x: Array) -> Array:
        x = x[..., : self.taken]  # (9, 10, 2)
        x = shuffle(x, groups=self.groups)  # (9, 10, 2)
        x = self.group(x)  # (9, 10, 2)
        x = self.layer(x)  # (9, 10, 2)
        x = self.scale(x)  # (9, 10, 2)
        x = self.prelu_2(x)  # (9, 10, 2)
        x = jnp.reshape(x, (-1, 10, 6, 3))  # (10, 6, 3)
        x = resize(x, factor=2, mode="bilinear", coordinates=self.to)  # (20, 12, 3)
        x = nnx.max_pool(x, window_shape=(2, 2), strides=(2, 2))  # (10, 6, 3)
        return x


class Blocks(nnx.Module):
    """1,166 parameters, all trainable, 0 multiply-adds per sample."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.a = nnx.Sequential(*(Mixed(rngs=rngs) for _ in range(2)))
        self.b = Mixed2(
            groups=4, factor=(1, 2, 0.5, -1), order=(0, 2, 1, 3), to="asymmetric", rngs=rngs
        )
        self.c = Mixed3(taken=2, factor=(3, 2), alpha=0.3, rngs=rngs)

    def __call__(self, image: Array) -> Array:
        x: Array = self.a(image)  # (9, 10, 4)
        x = self.b(x)  # (9, 10, 4)
        x = self.c(x)  # (10, 6, 3)
        return x


def build_model(seed: int = 0) -> Blocks:
    """A fresh model, whose weights start as Convloom starts them."""
    return Blocks(rngs=nnx.Rngs(seed))
