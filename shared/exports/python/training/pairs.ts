/** The `pairs.py` of a printed project: pictures, and those that they are to become. */
export const pairsSource = `"""Pictures with those that they are to become: folders inputs and targets."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from data import PICTURES, Array, DataError, Dataset, Samples, Wanted, channels_for
from order import split_samples
from pictures import (
    PICTURE,
    Paired,
    Source,
    common_shape,
    opened,
    part_folders,
    read_all,
    read_picture,
    resize_image,
    tree,
)

Pair = tuple[Source, Source]


def pair_folders(folder: Path) -> list[tuple[Path, Path, str | None]]:
    """Folders of inputs and of targets, and which part they are of."""
    parts = part_folders(folder)
    if len(parts) > 1:
        return [(own / "inputs", own / "targets", part) for own, part in parts]
    inside = part_folders(folder / "inputs")
    if len(inside) > 1:
        return [(own, folder / "targets" / own.name, part) for own, part in inside]
    return [(folder / "inputs", folder / "targets", None)]


def find_pairs(folder: Path, skipped: list[str]) -> list[Paired]:
    """Files of the same names, whatever their ends."""
    found: list[Paired] = []
    for inputs, targets, part in pair_folders(folder):
        if not (inputs.is_dir() and targets.is_dir()):
            raise DataError(
                f"{folder}: expected folders inputs and targets with files of the same names"
            )
        stems = {path.relative_to(targets).with_suffix(""): path for path in tree(targets)}
        for path in tree(inputs):
            target = stems.get(path.relative_to(inputs).with_suffix(""))
            if not PICTURE.fullmatch(path.name):
                skipped.append(f"{path.name}: not a picture")
            elif target is None:
                skipped.append(f"{path.name}: it has no target")
            else:
                found.append(((path, target), part))
    return found


def sizes_of(pair: Pair) -> Array | None:
    """Height and width of the input, then of the target; None where one is no picture."""
    sizes: list[int] = []
    for source in pair:
        try:
            with opened(source) as picture:
                sizes += [picture.height, picture.width]
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
    return np.array(sizes, np.float64)


def is_in_proportion(sizes: Array, times: Array) -> bool:
    """Whether a target has its input's size times \`times\`, within a pixel of the input."""
    return bool(np.all(np.abs(sizes[2:] - sizes[:2] * times) <= np.maximum(1, times)))


def load_pairs(folder: Path, wanted: Wanted) -> Dataset:
    """Folders \`inputs\` and \`targets\`, or these inside \`train\`, \`val\` and \`test\`."""
    skipped: list[str] = []
    return paired(folder, find_pairs(folder, skipped), wanted, skipped)


def paired(path: Path, pairs: list[Paired], wanted: Wanted, skipped: list[str]) -> Dataset:
    """Pictures and those that they are to become, however they were found."""
    sized = [(pair, part, sizes_of(pair)) for pair, part in pairs]
    skipped += [f"{pair[0].name}: not a picture" for pair, _, sizes in sized if sizes is None]
    known = [(pair, part, sizes) for pair, part, sizes in sized if sizes is not None]
    if not known:
        raise DataError(f"{path} has no pair of pictures that can be read")
    # Targets that are rounded to whole pixels differ in how many times larger they are by little.
    ratios = [sizes[2:] / sizes[:2] for _, _, sizes in known]
    keys = [(f"{down:.2f}", f"{across:.2f}") for down, across in ratios]
    times = ratios[keys.index(Counter(keys).most_common(1)[0][0])]
    good = [one for one in known if is_in_proportion(one[2], times)]
    skipped += [
        f"{pair[0].name}: its target has another size than others have beside their inputs"
        for pair, _, sizes in known
        if not is_in_proportion(sizes, times)
    ]
    shape = common_shape([pair[0] for pair, _, _ in good], wanted.shape)
    own = common_shape([pair[1] for pair, _, _ in good], (None, None, None))
    height, width = (
        max(1, math.floor(size * time + 0.5)) for size, time in zip(shape[:2], times, strict=True)
    )
    target = (height, width, channels_for(own[2], wanted.output))

    def read_pair(job: tuple[Source, ...]) -> Array:
        drawn = [
            resize_image(read_picture(source, size[2]), size[0], size[1])
            for source, size in zip(job, (shape, target), strict=True)
        ]
        return np.concatenate([one.ravel() for one in drawn])

    read = read_all([pair for pair, _, _ in good], read_pair, skipped)
    kept = [(row, part) for row, (_, part, _) in zip(read, good, strict=True) if row is not None]
    if not kept:
        raise DataError(f"{path} has no pair of pictures that can be read")
    rows = np.stack([row for row, _ in kept])
    inputs, targets = np.split(rows, [math.prod(shape)], axis=1)
    samples = Samples(inputs.reshape(-1, *shape), targets.reshape(-1, *target))
    labels = np.zeros(len(kept), np.int64)
    train, validation = split_samples(labels, wanted.share, [part for _, part in kept])
    both = samples.take(train), samples.take(validation)
    return Dataset(PICTURES, [], *both, skipped=skipped)
`;
