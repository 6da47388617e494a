/** The `order.py` of a printed project: orders and splits as `data/split.ts` draws them. */
export const orderSource = `"""Orders and splits as Convloom draws them: the same seed gives the same ones."""

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]

WORD = 0xFFFFFFFF
# Splits are part of a data set, not of a run: they never follow the run's seed.
SPLIT_SEED = 2016


class Random:
    """xoshiro128** of Blackman and Vigna, its state filled by SplitMix32."""

    def __init__(self, seed: int) -> None:
        mix = seed & WORD
        state: list[int] = []
        for _ in range(4):
            mix = (mix + 0x9E3779B9) & WORD
            word = ((mix ^ (mix >> 16)) * 0x21F0AAAD) & WORD
            word = ((word ^ (word >> 15)) * 0x735A2D97) & WORD
            state.append(word ^ (word >> 15))
        self.state = state

    def uniforms(self, count: int) -> list[float]:
        """Uniform in [0, 1), with 32 bits."""
        a, b, c, d = self.state
        values: list[float] = []
        for _ in range(count):
            scrambled = (b * 5) & WORD
            scrambled = (((scrambled << 7) | (scrambled >> 25)) * 9) & WORD
            shifted = (b << 9) & WORD
            c ^= a
            d ^= b
            b ^= c
            a ^= d
            c ^= shifted
            d = ((d << 11) | (d >> 21)) & WORD
            values.append(scrambled / 2**32)
        self.state = [a, b, c, d]
        return values

    def uniform(self) -> float:
        """The next one."""
        return self.uniforms(1)[0]


def seed_for(seed: int, name: str) -> int:
    """A seed for one named part of what has a seed (FNV-1a)."""
    value = (0x811C9DC5 ^ seed) & WORD
    for character in name:
        value = ((value ^ ord(character)) * 0x01000193) & WORD
    return value


def shuffled_order(count: int, seed: int) -> Indices:
    """0..count-1 in an order that the seed decides (Fisher and Yates)."""
    order = list(range(count))
    draws = Random(seed).uniforms(max(0, count - 1))
    for last, draw in zip(range(count - 1, 0, -1), draws, strict=True):
        other = int(draw * (last + 1))
        order[last], order[other] = order[other], order[last]
    return np.array(order, dtype=np.int64)


def stratified_split(labels: npt.NDArray[np.int64]) -> tuple[Indices, Indices]:
    """One in five of each class for validation, at least one of each class that has two."""
    by_class: dict[int, list[int]] = {}
    for index in shuffled_order(len(labels), SPLIT_SEED).tolist():
        by_class.setdefault(int(labels[index]), []).append(index)
    train: list[int] = []
    validation: list[int] = []
    for members in by_class.values():
        held = 0 if len(members) < 2 else max(1, int(len(members) / 5 + 0.5))
        validation += members[:held]
        train += members[held:]
    return np.array(sorted(train), np.int64), np.array(sorted(validation), np.int64)


def plain_split(count: int) -> tuple[Indices, Indices]:
    """One in five for validation."""
    return stratified_split(np.zeros(count, np.int64))
`;
