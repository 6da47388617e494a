"""LeNet: takes (28, 28, 1) and gives (10,)."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """431,080 parameters, all trainable, 2,293,000 multiply-adds per sample."""
    image = keras.Input((28, 28, 1), name="image")
    x = layers.Conv2D(20, 5, kernel_initializer="he_normal", name="c1")(image)  # (24, 24, 20)
    x = layers.Activation("relu", name="a1")(x)  # (24, 24, 20)
    x = layers.MaxPooling2D(pool_size=2, name="p1")(x)  # (12, 12, 20)
    x = layers.Conv2D(50, 5, kernel_initializer="he_normal", name="c2")(x)  # (8, 8, 50)
    x = layers.Activation("relu", name="a2")(x)  # (8, 8, 50)
    x = layers.MaxPooling2D(pool_size=2, name="p2")(x)  # (4, 4, 50)
    x = layers.Flatten(name="f1__flat")(x)
    x = layers.Dense(500, activation="relu", kernel_initializer="he_normal", name="f1")(x)  # (500,)
    x = layers.Dense(10, name="f2")(x)  # (10,)
    return keras.Model(image, x, name="lenet")
