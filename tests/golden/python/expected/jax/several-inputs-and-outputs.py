"""Wired: takes (6, 6, 2), (6, 6, 2) and gives (2,), (4, 4, 2)."""

import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.nn import initializers


class Wired(nnx.Module):
    """110 parameters, all trainable, 1,728 multiply-adds per sample."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.c = nnx.Conv(
            6, 2, (3, 3), padding="VALID", kernel_init=initializers.glorot_uniform(), rngs=rngs
        )

    def __call__(self, left: Array, right: Array) -> tuple[Array, Array]:
        sum = left + right  # (6, 6, 2)
        both = jnp.concatenate([right, sum, left], axis=-1)  # (6, 6, 6)
        mean = jnp.mean(sum, axis=(1, 2))  # (2,)
        c: Array = self.c(both)  # (4, 4, 2)
        return mean, c


def build_model(seed: int = 0) -> Wired:
    """A fresh model, whose weights start as Convloom starts them."""
    return Wired(rngs=nnx.Rngs(seed))
