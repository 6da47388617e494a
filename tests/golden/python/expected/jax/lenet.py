"""LeNet: takes (28, 28, 1) and gives (10,)."""

from flax import nnx
from jax import Array, lax
from jax.nn import initializers


class LeNet(nnx.Module):
    """431,080 parameters, all trainable, 2,293,000 multiply-adds per sample."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.c1 = nnx.Conv(
            1, 20, (5, 5), padding="VALID", kernel_init=initializers.he_normal(), rngs=rngs
        )
        self.c2 = nnx.Conv(
            20, 50, (5, 5), padding="VALID", kernel_init=initializers.he_normal(), rngs=rngs
        )
        self.f1 = nnx.Linear(800, 500, kernel_init=initializers.he_normal(), rngs=rngs)
        self.f2 = nnx.Linear(500, 10, kernel_init=initializers.glorot_uniform(), rngs=rngs)

    def __call__(self, image: Array) -> Array:
        x: Array = self.c1(image)  # (24, 24, 20)
        x = nnx.relu(x)  # (24, 24, 20)
        x = nnx.max_pool(x, window_shape=(2, 2), strides=(2, 2))  # (12, 12, 20)
        x = self.c2(x)  # (8, 8, 50)
        x = nnx.relu(x)  # (8, 8, 50)
        x = nnx.max_pool(x, window_shape=(2, 2), strides=(2, 2))  # (4, 4, 50)
        x = nnx.relu(self.f1(lax.collapse(x, 1)))  # (500,)
        x = self.f2(x)  # (10,)
        return x


def build_model(seed: int = 0) -> LeNet:
    """A fresh model, whose weights start as Convloom starts them."""
    return LeNet(rngs=nnx.Rngs(seed))
