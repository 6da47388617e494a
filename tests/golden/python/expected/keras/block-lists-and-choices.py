"""Blocks: takes (9, 10, 4) and gives (10, 6, 3)."""

import keras
from keras import KerasTensor, initializers, layers

from custom_layers import ChannelShuffle, Resize2D, ScaleShift, Slice


def mixed(
    x: KerasTensor,
    *,
    taken: int = 4,
    groups: int = 2,
    over: int | tuple[int, ...] = -1,
    factor: float | tuple[float, ...] = 0.5,
    order: tuple[int, ...] = (1, 2, 3),
    shape: tuple[int, ...] = (9, 10, 4),
    to: str = "halfPixel",
    name: str,
) -> KerasTensor:
    """The block mixed, which the network has 3 times."""
    x = Slice(axis=3, start=0, stop=taken, name=f"{name}.slice_2")(x)  # (9, 10, 4)
    x = ChannelShuffle(groups=groups, name=f"{name}.shuffle")(x)  # (9, 10, 4)
    x = layers.GroupNormalization(groups, name=f"{name}.group")(x)  # (9, 10, 4)
    # (9, 10, 4)
    x = layers.LayerNormalization(axis=over, epsilon=0.000001, name=f"{name}.layer")(x)
    x = ScaleShift(scale=factor, shift=1, learned="channel", name=f"{name}.scale")(x)  # (9, 10, 4)
    # (9, 10, 4)
    x = layers.PReLU(
        alpha_initializer=initializers.Constant(0.1), shared_axes=(1, 2), name=f"{name}.prelu"
    )(x)
    x = layers.Permute(order, name=f"{name}.permute")(x)
    x = layers.Reshape(shape, name=f"{name}.reshape")(x)  # (9, 10, 4)
    # (18, 20, 4)
    x = Resize2D(factor=(2, 2), mode="bilinear", coordinates=to, name=f"{name}.up")(x)
    x = layers.MaxPooling2D(pool_size=2, name=f"{name}.pool")(x)  # (9, 10, 4)
    return x


def mixed2(
    x: KerasTensor,
    *,
    taken: int,
    over: tuple[int, ...],
    factor: tuple[int, int],
    shape: tuple[int, ...],
    groups: int = 2,
    order: tuple[int, ...] = (1, 2, 3),
    to: str = "halfPixel",
    name: str,
) -> KerasTensor:
    """The block mixed, which the network has once."""
    x = Slice(axis=3, start=0, stop=taken, name=f"{name}.slice_2")(x)  # (9, 10, 2)
    x = ChannelShuffle(groups=groups, name=f"{name}.shuffle")(x)  # (9, 10, 2)
    x = layers.GroupNormalization(groups, name=f"{name}.group")(x)  # (9, 10, 2)
    # (9, 10, 2)
    x = layers.LayerNormalization(axis=over, epsilon=0.000001, name=f"{name}.layer")(x)
    x = ScaleShift(scale=factor, shift=1, learned="channel", name=f"{name}.scale")(x)  # (9, 10, 2)
    # (9, 10, 2)
    x = layers.PReLU(
        alpha_initializer=initializers.Constant(0.3), shared_axes=(1, 2), name=f"{name}.prelu"
    )(x)
    x = layers.Permute(order, name=f"{name}.permute")(x)  # (9, 10, 2)
    x = layers.Reshape(shape, name=f"{name}.reshape")(x)  # (10, 6, 3)
    # (20, 12, 3)
    x = Resize2D(factor=(2, 2), mode="bilinear", coordinates=to, name=f"{name}.up")(x)
    x = layers.MaxPooling2D(pool_size=2, name=f"{name}.pool")(x)  # (10, 6, 3)
    return x


def build_model() -> keras.Model:
    """1,166 parameters, all trainable, 0 multiply-adds per sample."""
    image = keras.Input((9, 10, 4), name="image")
    x = image
    for copy in range(1, 3):
        x = mixed(x, name=f"a.{copy}")  # (9, 10, 4)
    # (9, 10, 4)
    x = mixed(
        x,
        groups=4,
        over=(1, 2, 3),
        factor=(1, 2, 0.5, -1),
        order=(2, 1, 3),
        to="asymmetric",
        name="b",
    )
    x = mixed2(x, taken=2, over=(1, 2, 3), factor=(3, 2), shape=(10, 6, 3), name="c")  # (10, 6, 3)
    return keras.Model(image, x, name="blocks")
