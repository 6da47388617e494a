"""Blocks: takes (9, 10, 4) and gives (3,)."""

import keras
from keras import KerasTensor, layers


def conv_block(
    x: KerasTensor,
    *,
    filters: int,
    kernel_size: int,
    padding: int,
    strides: int = 1,
    activation: str | None = None,
    use_bias: bool = True,
    name: str,
) -> KerasTensor:
    """The block conv, which the network has 9 times."""
    x = layers.ZeroPadding2D(padding, name=f"{name}.conv__padded")(x)
    x = layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        use_bias=use_bias,
        activation=activation,
        name=f"{name}.conv",
    )(x)
    x = layers.BatchNormalization(name=f"{name}.bn")(x)
    return x


def conv_block2(
    x: KerasTensor,
    *,
    filters: int,
    activation: str,
    kernel_size: int = 1,
    strides: int = 1,
    use_bias: bool = True,
    name: str,
) -> KerasTensor:
    """The block conv, which the network has 6 times."""
    x = layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        use_bias=use_bias,
        activation=activation,
        kernel_initializer="he_normal",
        name=f"{name}.conv",
    )(x)
    x = layers.BatchNormalization(name=f"{name}.bn")(x)
    return x


def residual(x: KerasTensor, *, filters: int, name: str) -> KerasTensor:
    """The block residual, which the network has 6 times."""
    y = conv_block2(x, filters=filters, activation="relu", name=f"{name}.narrow")
    y = conv_block(y, filters=2 * filters, kernel_size=3, padding=1, name=f"{name}.wide")
    x = layers.Add(name=f"{name}.add")([y, x])
    return x


def stage(x: KerasTensor, *, width: int = 4, more: int = 2, name: str) -> KerasTensor:
    """The block stage, which the network has twice."""
    x = conv_block(x, filters=2 * width, kernel_size=3, strides=2, padding=1, name=f"{name}.first")
    for copy in range(1, more + 1):
        x = residual(x, filters=width, name=f"{name}.rest.{copy}")
    return x


def stage2(x: KerasTensor, *, width: int, name: str) -> KerasTensor:
    """The block stage, which the network has once."""
    # (2, 2, 4)
    x = conv_block(x, filters=2 * width, kernel_size=3, strides=2, padding=1, name=f"{name}.first")
    x = residual(x, filters=width, name=f"{name}.rest")  # (2, 2, 4)
    return x


def build_model() -> keras.Model:
    """2,622 parameters (2,472 trainable), 33,180 multiply-adds per sample."""
    image = keras.Input((9, 10, 4), name="image")
    x = stage(image, name="s1")  # (5, 5, 8)
    x = stage(x, width=3, more=3, name="s2")  # (3, 3, 6)
    x = stage2(x, width=2, name="s3")  # (2, 2, 4)
    x = layers.Flatten(name="fc__flat")(x)
    x = layers.Dense(3, name="fc")(x)  # (3,)
    return keras.Model(image, x, name="blocks")
