"""Wired: takes (6, 6, 2), (6, 6, 2) and gives (2,), (4, 4, 2)."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """110 parameters, all trainable, 1,728 multiply-adds per sample."""
    left = keras.Input((6, 6, 2), name="left")
    right = keras.Input((6, 6, 2), name="right")
    sum = layers.Add(name="sum")([left, right])  # (6, 6, 2)
    both = layers.Concatenate(name="both")([right, sum, left])  # (6, 6, 6)
    mean = layers.GlobalAveragePooling2D(name="mean")(sum)  # (2,)
    c = layers.Conv2D(2, 3, name="c")(both)  # (4, 4, 2)
    return keras.Model([left, right], [mean, c], name="wired")
