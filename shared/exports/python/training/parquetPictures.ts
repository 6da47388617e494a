/** The `parquet_pictures.py` of a printed project: pictures in Parquet files, as `data/parquetLearning.ts` learns them. */
export const parquetPicturesSource = `"""Pictures that Parquet files hold or name, and what is learned of them."""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pyarrow import types

from data import Array, DataError, Dataset, Samples, Wanted, natural_key
from order import Indices, split_samples
from pairs import paired
from parquet import Content, is_bytes, is_words, read_column
from pictures import PICTURE, Held, Paired, Source, classed, draw, mask_keys, masked, opened
from table import TARGET_NAMES, find_target, moments, number_reader

# How the files of pictures begin.
SIGNS = re.compile(rb"\\x89PNG|\\xff\\xd8\\xff|BM|RIFF....WEBP|II\\*\\0|MM\\0\\*", re.DOTALL)
# What columns of pictures are called that are to be learned from others.
BESIDE = re.compile(
    r"mask|annotation|segment|label|target|output|truth|^(seg|gt|hr|y|clean|sharp)$", re.IGNORECASE
)
# What pictures are called that are to be made, whatever they look like.
MADE = re.compile(r"target|output|clean|sharp|^hr$", re.IGNORECASE)
# So few different values are classes, whatever they are; more are where rows share them.
FEW_CLASSES = 20
# Masks are told from other pictures by the first few; with more values they would be pictures.
LOOKED_AT_MASKS = 8
MOST_MASK_VALUES = 64


@dataclass(frozen=True)
class Images:
    """The column of the pictures, and that of a second picture in each row."""

    images: tuple[str, Any]
    beside: tuple[str, Any] | None


@dataclass(frozen=True)
class Row:
    """A row: its picture, or why it has none; what stands in the column that can be learned."""

    name: str
    part: str | None
    picture: Source | str
    beside: Held | None
    label: str


def find_beside(file: Path, name: str) -> Path | None:
    """A file that a row names: it must lie in the folder of its Parquet file, or below."""
    if Path(name).is_absolute() or ".." in re.split(r"[/\\\\]", name):
        return None
    try:
        path = (file.parent / name).resolve(strict=True)
    except (OSError, ValueError):
        return None
    folders = (file.parent.resolve(), file.resolve().parent)
    is_inside = any(folder in path.parents for folder in folders)
    return path if is_inside and path.is_file() else None


def holds_pictures(column: Any) -> bool:
    """Whether a column has structures of a picture's bytes, or bytes that begin as one does."""
    kind = column.type
    if types.is_struct(kind):
        return any(one.name == "bytes" and is_bytes(one.type) for one in kind)
    if not is_bytes(kind):
        return False
    first = next((value.as_py() for value in column if value.is_valid), b"")
    return SIGNS.match(first) is not None


def names_pictures(file: Path, column: Any) -> bool:
    """Whether a column of words begins with the name of a picture that lies there."""
    if not is_words(column.type):
        return False
    first = next((value.as_py() for value in column if value.is_valid and value.as_py()), "")
    return PICTURE.fullmatch(first) is not None and find_beside(file, first) is not None


def find_images(content: Content) -> Images | None:
    """The pictures, and those of a second column: their names say which, else their order."""
    columns = list(zip(content.table.column_names, content.table.columns, strict=True))
    found = [one for one in columns if holds_pictures(one[1])]
    if not found:
        named = [one for one in columns if names_pictures(content.file.path, one[1])]
        return Images(named[0], None) if named else None
    images = next((one for one in found if not BESIDE.search(one[0])), found[0])
    others = [one for one in found if one is not images]
    beside = [*(one for one in others if BESIDE.search(one[0])), *others]
    return Images(images, beside[0] if beside else None)


def can_be_classes(different: int, count: int) -> bool:
    """Whether so many different values among so many can be classes."""
    return 0 < different and (different <= FEW_CLASSES or different * 2 <= count)


def is_learnable(words: list[str], column: Any) -> bool:
    """Whether something can be learned of a column: not of another word in each row, a name."""
    if types.is_integer(column.type) or types.is_floating(column.type):
        return True
    return can_be_classes(len({one for one in words if one != ""}), len(words))


def find_labels(content: Content, images: Images) -> tuple[str, list[str]] | None:
    """The column that is called so, else the first with names of classes, else the last of use."""
    taken = [images.images[0], *([images.beside[0]] if images.beside else [])]
    flat = [
        (name, column)
        for name, column in content.columns()
        if name not in taken and not types.is_nested(column.type) and not is_bytes(column.type)
    ]
    called = [one for one in flat if one[0].lower() in TARGET_NAMES]
    called += [one for one in flat if one[0] in content.classes]
    last: tuple[str, list[str]] | None = None
    for name, column in called[:1] or flat[::-1]:
        read = read_column(name, column, content.classes.get(name))
        if read and (called or is_learnable(read[0][1], column)):
            return read[0]
        last = last or (read[0] if read else None)
    return last


def held_in(value: Any) -> tuple[bytes, str]:
    """The bytes of a picture, and what it is called as a file."""
    data = value.get("bytes") if isinstance(value, dict) else value
    path = value.get("path") if isinstance(value, dict) else value
    return (
        data if isinstance(data, bytes) else b"",
        path if isinstance(path, str) else "",
    )


def read_rows(content: Content, images: Images, labels: list[str], several: bool) -> list[Row]:
    """The rows of a file."""
    count = content.table.num_rows
    pictures = [held_in(value) for value in images.images[1].to_pylist()]
    besides = [held_in(value)[0] for value in images.beside[1].to_pylist()] if images.beside else []
    rows: list[Row] = []
    for at in range(count):
        place = f"{content.file.name} row {at + 1}" if several else f"row {at + 1}"
        data, path = pictures[at]
        lying = None if data or not path else find_beside(content.file.path, path)
        why = f"it names {path}, which is not there" if path else "it has no picture"
        beside = Held(place, besides[at]) if besides and besides[at] else None
        picture = Held(place, data) if data else lying or why
        rows.append(Row(place, content.file.part, picture, beside, labels[at] if labels else ""))
    return rows


def size_of(picture: Source) -> tuple[int, int] | None:
    """Height and width; None for what is no picture."""
    try:
        with opened(picture) as image:
            return image.height, image.width
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def are_masks(rows: list[Row], column: str) -> bool:
    """Whether second pictures are masks: PNG of their pictures' sizes, with few values each."""
    if MADE.search(column):
        return False
    both = [
        (one.picture, one.beside) for one in rows if isinstance(one.picture, Held) and one.beside
    ]
    sized = ((size_of(picture), beside) for picture, beside in both)
    looked = list(islice((one for one in sized if one[0] is not None), LOOKED_AT_MASKS))
    for size, beside in looked:
        try:
            keys = mask_keys(beside)[0]
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return False
        if keys.shape != size or len(np.unique(keys)) > MOST_MASK_VALUES:
            return False
    return bool(looked)


def useful(rows: list[Row], skipped: list[str], lacks: str) -> list[tuple[Row, Source]]:
    """Rows that have a picture; \`lacks\` says what a row without a second one is without."""
    found: list[tuple[Row, Source]] = []
    for row in rows:
        if isinstance(row.picture, str):
            skipped.append(f"{row.name}: {row.picture}")
        elif lacks and row.beside is None:
            skipped.append(f"{row.name}: it has no {lacks}")
        else:
            found.append((row, row.picture))
    return found


def learn_classes(
    path: Path, rows: list[Row], declared: list[str] | None, wanted: Wanted
) -> Dataset:
    """One class each, by the names that the file gives, or those that stand in the column."""
    names = {one.label for one in rows if one.label != ""}
    if declared is None and not can_be_classes(len(names), len(rows)):
        raise DataError(f"{path} has pictures, and no column of classes or values to learn")
    classes = sorted(names, key=natural_key) if declared is None else declared
    place_of = {name: at for at, name in enumerate(classes)}
    skipped = [f"{one.name}: it has no class" for one in rows if one.label not in place_of]
    known = [one for one in rows if one.label in place_of]
    found = [(one, place_of[row.label], row.part) for row, one in useful(known, skipped, "")]
    return classed(path, found, classes, wanted, skipped)


def learn_values(path: Path, rows: list[Row], wanted: Wanted) -> Dataset:
    """A number each, brought to mean 0 and deviation 1."""
    read = number_reader(",")
    skipped = [f"{one.name}: it has no value" for one in rows if read(one.label) is None]
    found = useful([one for one in rows if read(one.label) is not None], skipped, "")
    images = draw([one for _, one in found], wanted, skipped)
    pictures = [image for image in images if image is not None]
    kept = [row for (row, _), image in zip(found, images, strict=True) if image is not None]
    if not kept:
        raise DataError(f"{path} has no picture that can be read")
    values: Array = np.array([read(one.label) for one in kept], np.float64)
    plain = np.zeros(len(kept), np.int64)
    train, validation = split_samples(plain, wanted.share, [one.part for one in kept])
    middle, spread = moments(values[train])
    stacked = np.stack(pictures)

    def samples(part: Indices) -> Samples:
        targets = ((values[part] - middle) / spread).astype(np.float32)
        return Samples(stacked[part], targets[:, None])

    target = {"mean": middle, "deviation": spread}
    scaling: dict[str, Any] = {"mean": [], "deviation": [], "target": target}
    both = samples(train), samples(validation)
    return Dataset("regression", [], *both, scaling=scaling, skipped=skipped)


def load_pictures(
    path: Path, files: list[tuple[Content, Images | None]], wanted: Wanted
) -> Dataset:
    """Pictures with classes, with masks, with values, or with those that they are to become."""
    rows: list[Row] = []
    declared: list[str] | None = None
    label_columns: list[str] = []
    beside_columns: set[str | None] = set()
    for content, images in files:
        if images is None:
            raise DataError(f"{content.file.name} has no column of pictures, as others have")
        labels = find_labels(content, images)
        label_columns.append(labels[0] if labels else "")
        beside_columns.add(images.beside[0] if images.beside else None)
        declared = declared or content.classes.get(label_columns[-1])
        rows += read_rows(content, images, labels[1] if labels else [], len(files) > 1)
    if len(beside_columns) > 1:
        raise DataError(f"{path}: its files have other columns of pictures")
    column = beside_columns.pop()
    skipped: list[str] = []
    if column is not None and label_columns[0].lower() not in TARGET_NAMES:
        has_masks = are_masks(rows, column)
        found = useful(rows, skipped, "mask" if has_masks else "target")
        pairs: list[Paired] = [
            ((one, row.beside), row.part) for row, one in found if row.beside is not None
        ]
        if has_masks:
            return masked(path, pairs, [], wanted, skipped)
        return paired(path, pairs, wanted, skipped)
    words = [one.label for one in rows if one.label != ""]
    read = number_reader(",")
    has_classes = declared is not None or find_target(words, read, False).classes is not None
    are_numbers = len(words) > 0 and all(read(one) is not None for one in words)
    if not has_classes and are_numbers:
        return learn_values(path, rows, wanted)
    return learn_classes(path, rows, declared, wanted)
`;
