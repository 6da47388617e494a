"""ResNet-18: takes (224, 224, 3) and gives (1000,)."""

import keras
from keras import KerasTensor, layers

from custom_layers import WindowPooling2D


def stem_block(x: KerasTensor, *, name: str) -> KerasTensor:
    """The block stem, which the network has once."""
    x = layers.ZeroPadding2D(3, name=f"{name}.conv1__padded")(x)
    # (112, 112, 64)
    x = layers.Conv2D(
        64, 7, strides=2, use_bias=False, kernel_initializer="he_normal", name=f"{name}.conv1"
    )(x)
    # (112, 112, 64)
    x = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, name=f"{name}.conv1_bn")(x)
    x = layers.Activation("relu", name=f"{name}.relu")(x)  # (112, 112, 64)
    # (56, 56, 64)
    x = WindowPooling2D(
        mode="max", pool_size=3, strides=2, padding=(1, 1, 1, 1), name=f"{name}.pool1"
    )(x)
    return x


def basic(x: KerasTensor, *, width: int = 64, name: str) -> KerasTensor:
    """The block basic, which the network has 5 times."""
    y = layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}.conv1",
    )(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, name=f"{name}.conv1_bn")(y)
    y = layers.Activation("relu", name=f"{name}.relu1")(y)
    y = layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}.conv2",
    )(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, name=f"{name}.conv2_bn")(y)
    x = layers.Add(name=f"{name}.add")([y, x])
    x = layers.Activation("relu", name=f"{name}.relu")(x)
    return x


def basic_down(x: KerasTensor, *, width: int, strides: int, name: str) -> KerasTensor:
    """The block basicDown, which the network has 3 times."""
    y = layers.ZeroPadding2D(1, name=f"{name}.conv1__padded")(x)
    conv1 = layers.Conv2D(
        width,
        3,
        strides=strides,
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}.conv1",
    )(y)
    skip = layers.Conv2D(
        width,
        1,
        strides=strides,
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}.skip",
    )(x)
    conv1_bn = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, name=f"{name}.conv1_bn")(
        conv1
    )
    skip_bn = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, name=f"{name}.skip_bn")(skip)
    x = layers.Activation("relu", name=f"{name}.relu1")(conv1_bn)
    x = layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}.conv2",
    )(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=0.00001, name=f"{name}.conv2_bn")(x)
    x = layers.Add(name=f"{name}.add")([x, skip_bn])
    x = layers.Activation("relu", name=f"{name}.relu")(x)
    return x


def stage(x: KerasTensor, *, width: int, strides: int = 2, name: str) -> KerasTensor:
    """The block stage, which the network has 3 times."""
    x = basic_down(x, width=width, strides=strides, name=f"{name}.first")
    x = basic(x, width=width, name=f"{name}.rest")
    return x


def build_model() -> keras.Model:
    """11,699,112 parameters (11,689,512 trainable), 1,814,073,344 multiply-adds per sample."""
    image = keras.Input((224, 224, 3), name="image")
    x = stem_block(image, name="stem")  # (56, 56, 64)
    for copy in range(1, 3):
        x = basic(x, name=f"s1.{copy}")  # (56, 56, 64)
    x = stage(x, width=128, name="s2")  # (28, 28, 128)
    x = stage(x, width=256, name="s3")  # (14, 14, 256)
    x = stage(x, width=512, name="s4")  # (7, 7, 512)
    x = layers.GlobalAveragePooling2D(name="gap")(x)  # (512,)
    x = layers.Dense(1000, name="fc")(x)  # (1000,)
    return keras.Model(image, x, name="resnet_18")
