/** The `order.py` of a printed project: orders and splits as `data/split.ts` draws them. */
export const orderSource = `"""Orders and splits as Convloom draws them: the same seed gives the same ones."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint32]

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


def stream(seed: int, count: int) -> npt.NDArray[np.float64]:
    """The first numbers that a seed gives, many at a time: parts of the stream side by side.

    A step is linear in the bits of the state, so that a power of its matrix leads from the
    beginning of one part to that of the next.
    """

    def bits_of(words: Words) -> npt.NDArray[np.float32]:
        bits = (words[:, None] >> np.arange(32, dtype=np.uint32)[None, :, None]) & 1
        return bits.reshape(128, -1).astype(np.float32)

    def words_of(bits: npt.NDArray[np.float32]) -> Words:
        places = np.arange(32, dtype=np.uint32)[:, None]
        parts = bits.reshape(4, 32, -1).astype(np.uint32) << places
        words: Words = np.bitwise_or.reduce(parts, axis=1)
        return words

    def advanced(words: Words) -> Words:
        a, b, c, d = words
        mixed = d ^ b
        turned = (mixed << 11) | (mixed >> 21)
        return np.stack([a ^ mixed, b ^ c ^ a, c ^ a ^ (b << 9), turned])

    lanes = 1 << min(12, count.bit_length() // 2)
    length = -(-count // lanes)
    step = bits_of(advanced(words_of(np.eye(128, dtype=np.float32))))
    jump = np.eye(128, dtype=np.float32)
    for bit in f"{length:b}":
        jump = jump @ jump % 2
        jump = jump @ step % 2 if bit == "1" else jump
    starts = bits_of(np.array(Random(seed).state, np.uint32)[:, None])
    while starts.shape[1] < lanes:
        starts = np.concatenate([starts, jump @ starts % 2], axis=1)
        jump = jump @ jump % 2
    states = words_of(starts)
    drawn = np.empty((length, lanes), np.uint32)
    for at in range(length):
        scrambled = states[1] * np.uint32(5)
        drawn[at] = ((scrambled << 7) | (scrambled >> 25)) * np.uint32(9)
        states = advanced(states)
    return drawn.T.ravel()[:count] / 2**32


def split_samples(
    labels: npt.NDArray[np.int64],
    share: float = 1.0,
    given: Sequence[str | None] = (),
    is_validated: bool = False,
) -> tuple[Indices, Indices]:
    """What is trained on, and what validates.

    As the data say; where they do not, one in five of each class validates, at least one of each
    class that has two. Of what is left for training, a share is trained on.
    """
    parts: list[str | None] = list(given) if given else [None] * len(labels)
    validation = [at for at, part in enumerate(parts) if part == "validation"]
    is_split = not is_validated and not validation
    by_class: dict[int, list[int]] = {}
    for index in shuffled_order(len(labels), SPLIT_SEED).tolist():
        if parts[index] not in ("validation", "test"):
            by_class.setdefault(int(labels[index]), []).append(index)
    train: list[int] = []
    for members in by_class.values():
        held = min(max(1, int(len(members) / 5 + 0.5)), len(members) - 1) if is_split else 0
        validation += members[:held]
        left = len(members) - held
        part = max(1, min(int(left * share + 0.5), left - 1)) if share < 1 else left
        train += members[held : held + part]
    return np.array(sorted(train), np.int64), np.array(sorted(validation), np.int64)
`;
