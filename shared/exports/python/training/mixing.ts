import { mixingNames } from '../../../schema/augmentation';

/** The `mixing.py` of a printed project: the samples of a batch mixed as `data/mixing.ts` does. */
export const mixingSource = `"""Mixes the samples of a batch with one another as Convloom does: by seed and step alone."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from data import MULTI_LABEL, Array, DataError, Samples, values_of
from order import Indices, Random, seed_for, shuffled_order

NAMES = [${mixingNames.map((name) => `"${name}"`).join(', ')}]

# The labels that were mixed in and the share of the first ones, as a framework has them.
Pair = tuple[Any, Any] | None


@dataclass(frozen=True)
class Mixed:
    """What was mixed in: the labels of the other samples, and the share of the first ones."""

    others: Array
    share: float


def by_share(of: Callable[[Any], Any], labels: Any, pair: Pair) -> Any:
    """What labels come to: by themselves, or with those that were mixed in by their share."""
    if pair is None:
        return of(labels)
    others, share = pair
    return share * of(labels) + (1 - share) * of(others)


def check_mixing(config: dict[str, Any], task: str, shape: list[int]) -> None:
    """Refuses to mix what cannot be mixed."""
    for name in NAMES:
        if not config.get(name):
            continue
        if task == "segmentation":
            raise DataError(f"{name} mixes samples with one answer each, and these have masks")
        has_classes = task in ("classification", MULTI_LABEL)
        if name == "cutmix" and (not has_classes or len(shape) != 3):
            raise DataError(f"{name} mixes pictures of classes, and these data are none")
        if config["batchSize"] < 2:
            raise DataError(f"{name} mixes samples of a batch, and here a batch has one")


def beta_of(alpha: float, first: float, second: float) -> float:
    """A number from Beta(alpha, alpha), made of two uniform ones (Bailey 1994, Devroye 1996)."""
    odds, cosine = first ** (1 / alpha), math.cos(2 * math.pi * second)
    spread = odds / (1 - odds) if odds < 1 else math.inf
    return (1 + cosine / math.sqrt(cosine**2 + spread)) / 2


def cut_of(area: float, middle: float, side: int) -> slice:
    """The part of a side that a rectangle of this area around a place takes."""
    size = math.floor(math.sqrt(area) * side + 0.5)
    first = math.floor(middle * side) - size // 2
    return slice(max(0, first), min(side, first + size))


def mix_inputs(
    inputs: Array, others: Indices, way: str, share: float, middle: list[float]
) -> tuple[Array, float]:
    """Samples with their others mixed in, and how much there is of each itself."""
    if way == "mixup":
        mixed = share * inputs + (1 - share) * inputs[others]
        return mixed.astype(np.float32), share
    height, width = inputs.shape[1:3]
    rows, columns = cut_of(1 - share, middle[0], height), cut_of(1 - share, middle[1], width)
    cut = inputs.copy()
    cut[:, rows, columns] = inputs[others][:, rows, columns]
    area = max(0, rows.stop - rows.start) * max(0, columns.stop - columns.start)
    return cut, 1 - area / (height * width)


def mixed(
    samples: Samples, indices: Indices, config: dict[str, Any], step: int
) -> tuple[Samples, Indices, Mixed | None]:
    """The samples of a step after they were mixed, where they are, and what was mixed in."""
    ways = [name for name in NAMES if config.get(name)]
    if not ways:
        return samples, indices, None
    inputs = values_of(samples.inputs[indices])
    draws = Random(seed_for(config["seed"], f"mix {step} 0")).uniforms(5)
    way = ways[int(draws[0] * len(ways))]
    share = beta_of(float(config[way]), draws[1], draws[2])
    others = shuffled_order(len(indices), seed_for(config["seed"], f"mix order {step} 0"))
    inputs, share = mix_inputs(inputs, others, way, share, draws[3:])
    targets, places = samples.targets[indices], np.arange(len(indices))
    if targets.ndim == 4 or np.issubdtype(targets.dtype, np.floating):
        # Values, pictures and rows of 0 and 1 are mixed themselves.
        targets = values_of(targets)
        values = share * targets + (1 - share) * targets[others]
        return Samples(inputs, values.astype(np.float32)), places, None
    return Samples(inputs, targets), places, Mixed(targets[others].astype(np.int32), share)
`;
