/** The `arrays.py` of a printed project: the arrays of `npz:FILE`, as `data/npz.ts` reads them. */
export const arraysSource = `"""Pictures and their answers as NumPy saved them."""

import zipfile
from pathlib import Path

import numpy as np

from data import MULTI_LABEL, PICTURES, Array, DataError, Dataset, Samples, Wanted, parted
from labels import strata_of
from order import split_samples

# What the arrays of each part are called: by Keras, by MedMNIST, and where there is one part only.
NAMES = {
    "train": (
        ["x_train", "train_images", "x", "images", "data"],
        ["y_train", "train_labels", "y", "labels", "target", "masks"],
        ["targets_train", "train_targets", "targets"],
    ),
    "validation": (
        ["x_val", "val_images"],
        ["y_val", "val_labels"],
        ["targets_val", "val_targets"],
    ),
    "test": (
        ["x_test", "test_images"],
        ["y_test", "test_labels"],
        ["targets_test", "test_targets"],
    ),
}
CHANNELS = (1, 3, 4)
# Labels beyond this are no classes.
MOST_CLASSES = 10_000


def as_pictures(values: Array) -> Array | None:
    """Numbers as rows, columns and channels; None for what are no pictures."""
    if values.ndim == 3:
        return values[..., None]
    if values.ndim != 4 or not set(values.shape[1:]) & set(CHANNELS):
        return None
    if values.shape[3] in CHANNELS:
        return values
    return values.transpose(0, 2, 3, 1) if values.shape[1] in CHANNELS else None


def pixels_of(values: Array) -> Array:
    """Pixels as bytes: numbers up to 255 as they are, fractions from 0 to 1 times 255."""
    pictures = as_pictures(values)
    if pictures is None:
        raise DataError(f"arrays of {list(values.shape)} are no pictures")
    least, most = float(pictures.min()), float(pictures.max())
    if not (least >= 0 and most <= 255):
        raise DataError(f"the values go from {least} to {most}; pixels are 0 to 255, or 0 to 1")
    is_share = np.issubdtype(pictures.dtype, np.floating) and most <= 1
    scaled = np.floor(pictures * (255.0 if is_share else 1.0) + 0.5)
    return np.ascontiguousarray(scaled.astype(np.uint8))


def is_whole(values: Array) -> bool:
    """Whether all values are whole numbers."""
    return bool(np.all(np.mod(values, 1) == 0))


def is_list_of_yes(values: Array) -> bool:
    """Whether numbers are a yes or no for each class, and more or fewer than one yes for some."""
    if values.ndim != 2 or values.shape[1] < 2 or not is_whole(values):
        return False
    if not np.isin(values, (0, 1)).all():
        raise DataError(f"labels of {list(values.shape)} have other values than 0 and 1")
    return bool((values.sum(1) != 1).any())


def classes_of(values: Array, sizes: tuple[int, ...]) -> Array:
    """A class for each picture, also where it is one of ones and zeros; or one for each pixel."""
    own = values[..., 0] if values.shape[-1] == 1 and values.ndim > 1 else values
    if own.ndim == 2 and own.shape[1:] != sizes[:2]:
        own = own.argmax(1)
    if own.ndim > 1 and own.shape[1:] != sizes[:2]:
        raise DataError(f"labels of {list(values.shape)} fit no pictures of {list(sizes)}")
    if not (is_whole(own) and own.min() >= 0 and own.max() < MOST_CLASSES):
        raise DataError("the labels are no class numbers")
    return own.astype(np.int64)


def read_parts(arrays: dict[str, Array]) -> tuple[str, dict[str, Samples]]:
    """What is learned, and the samples of each part that is there."""
    known: dict[str, tuple[Array, Array]] = {}
    kinds: set[str] = set()
    for part, names in NAMES.items():
        x, y, pictures = (
            next((arrays[one] for one in own if one in arrays), None) for own in names
        )
        answer = y if pictures is None else pictures
        if x is None or answer is None:
            continue
        if len(x) != len(answer):
            raise DataError(f"there are {len(answer)} answers to {len(x)} pictures")
        known[part] = (pixels_of(x), answer)
        are_fractions = as_pictures(answer) is not None and not is_whole(answer)
        if pictures is not None or are_fractions:
            kinds.add(PICTURES)
        elif is_list_of_yes(answer):
            kinds.add(MULTI_LABEL)
    task = PICTURES if PICTURES in kinds else MULTI_LABEL if MULTI_LABEL in kinds else ""
    parts: dict[str, Samples] = {}
    for part, (pixels, answer) in known.items():
        if task == PICTURES:
            parts[part] = Samples(pixels, pixels_of(answer))
        elif task == MULTI_LABEL:
            parts[part] = Samples(pixels, answer.astype(np.float32))
        else:
            parts[part] = Samples(pixels, classes_of(answer, pixels.shape[1:]))
    return task, parts


def load_npz(path: Path, wanted: Wanted) -> Dataset:
    """Arrays x and y, or x_train and y_train with those of other parts, or those of MedMNIST."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name.lower(): file[name] for name in file.files}
    except (ValueError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no file of plain arrays as NumPy saves them") from error
    task, parts = read_parts(arrays)
    if "train" not in parts:
        raise DataError(f"{path}: expected arrays x and y, or x_train and y_train, or train_images")
    train, held = parts["train"], parts.get("validation")
    forms = {(one.inputs.shape[1:], one.targets.shape[1:]) for one in parts.values()}
    if len(forms) > 1:
        raise DataError(f"{path}: its parts have pictures of other sizes, or other kinds of labels")
    if task == MULTI_LABEL:
        classes = [str(at) for at in range(train.targets.shape[1])]
        strata = strata_of(train.targets)
        own, rest = split_samples(strata, wanted.share, is_validated=held is not None)
        return Dataset(task, classes, train.take(own), held or train.take(rest))
    is_of_pixels = train.targets.ndim == 3
    both = parted(train, held, wanted.share, has_classes=task == "" and not is_of_pixels)
    if task == PICTURES:
        return Dataset(task, [], *both)
    largest = max(int(one.targets.max()) for one in parts.values())
    names = [str(one) for one in range(largest + 1)]
    return Dataset("segmentation" if is_of_pixels else "classification", names, *both)
`;
