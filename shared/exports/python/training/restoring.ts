/** The `restoring.py` of a printed project: spoilt digits, and what answers that are pictures are worth. */
export const restoringSource = `"""Pictures whose answers are pictures: digits that were spoilt, and how near an answer comes."""

import math

import numpy as np

from data import PICTURES, Dataset, Samples, Wanted, parted, resized
from order import stream

# Of normal noise on values from 0 to 1.
NOISE_DEVIATION = 0.3
# Of the digits to learn from, and of those to be scored on.
NOISE_SEEDS = [1998, 2006]
# So many pictures tell well enough how far inputs are from targets.
COMPARED = 2000


def halved(digits: Samples) -> Samples:
    """Digits in a quarter of their pixels, each the mean of 2x2, and the digits."""
    whole = digits.inputs
    count, height, width, channels = whole.shape
    blocks = whole.reshape(count, height // 2, 2, width // 2, 2, channels)
    small = np.floor(blocks.sum(axis=(2, 4), dtype=np.int64) / 4 + 0.5)
    return Samples(small.astype(np.uint8), whole)


def noisy(digits: Samples, seed: int) -> Samples:
    """Digits under noise that the seed decides, and the digits."""
    whole = digits.inputs
    first, second = stream(seed, 2 * whole.size).reshape(-1, 2).T
    normal = np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)
    spoiled = whole + 255 * NOISE_DEVIATION * normal.reshape(whole.shape)
    return Samples(np.clip(np.rint(spoiled), 0, 255).astype(np.uint8), whole)


def spoilt(parts: list[Samples], wanted: Wanted) -> Dataset:
    """A data set of spoilt digits."""
    train, validation = parts
    return Dataset(PICTURES, [], *parted(train, validation, wanted.share, has_classes=False))


def psnr_of(mean_squared_error: float) -> float:
    """Peak signal-to-noise ratio in decibels of values from 0 to 1; what is beyond 100 is 100."""
    return -10 * math.log10(max(1e-10, mean_squared_error))


def baseline_of_pictures(held: Samples) -> dict[str, float | None]:
    """What the inputs themselves score, brought to the size of the targets by plain resizing."""
    taken = min(COMPARED, len(held))
    places = np.arange(taken) * len(held) // taken
    targets = held.targets[places]
    plain: dict[str, float | None] = {"accuracy": 0, "meanIou": None}
    if held.inputs.ndim != 4:
        return plain
    given = resized(held.inputs[places], list(targets.shape[1:]))
    apart = (given.astype(np.float64) - targets) / 255
    return {**plain, "psnr": psnr_of(float(np.mean(np.square(apart))))}
`;
