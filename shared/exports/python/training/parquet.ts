/** The `parquet.py` of a printed project: the rows of Parquet files, as `data/parquetContent.ts` and `parquetColumns.ts` read them. */
export const parquetSource = `"""Parquet files, alone or in a folder: as a table, or as the pictures that they hold or name."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from data import DataError, Dataset, Wanted
from pictures import tree
from table import dataset_of_rows, number_reader

FILE = re.compile(r"\\.(parquet|parq|pq)$", re.IGNORECASE)
# What names of files and folders say first: train-00000-of-00002.parquet, test/0000.parquet.
PARTS = {
    "train": re.compile(r"train(?![a-z])", re.IGNORECASE),
    "validation": re.compile(r"(validation|valid|val|dev)(?![a-z])", re.IGNORECASE),
    "test": re.compile(r"test(?![a-z])", re.IGNORECASE),
}
# Where pandas keeps the names of rows that nobody named.
INDEX = re.compile(r"__index_level_\\d+__")
# How many of a moment's units are a thousandth of a second, or how many such are a unit.
UNITS = {"s": (1, 1000), "ms": (1, 1), "us": (1000, 1), "ns": (1_000_000, 1)}
DAY = 86_400_000

# A column's name and its words, row by row; nothing where a row has no value.
Column = tuple[str, list[str]]
Word = Callable[[Any], str]


@dataclass(frozen=True)
class PartFile:
    """A file of a set, and what its name says that it is for."""

    path: Path
    name: str
    part: str | None


@dataclass(frozen=True)
class Content:
    """A file's columns, and what programs have noted of them."""

    file: PartFile
    table: Any
    # The names of classes that are written as numbers, by their columns.
    classes: dict[str, list[str]]
    # Columns that are no part of the rows.
    index: set[str]

    def columns(self) -> list[tuple[str, Any]]:
        """The columns by their names."""
        pairs = zip(self.table.column_names, self.table.columns, strict=True)
        return [(name, column) for name, column in pairs if name not in self.index]


def part_of(path: Path) -> str | None:
    """What a path within the folder says. The name of the file says more than its folders."""
    for name in reversed(path.parts):
        for part, pattern in PARTS.items():
            if pattern.match(name):
                return part
    return None


def find_files(path: Path) -> list[PartFile]:
    """The files of a set. Parts are such only where there is one to train and another one."""
    if not path.is_dir():
        return [PartFile(path, path.name, None)]
    within = [one.relative_to(path) for one in tree(path) if FILE.search(one.name)]
    found = [PartFile(path / one, str(one), part_of(one)) for one in within]
    parts = {one.part for one in found}
    if "train" in parts and len(parts) > 1:
        return found
    return [PartFile(one.path, one.name, None) for one in found]


def noted(notes: dict[bytes, bytes], key: str) -> dict[str, Any]:
    """What a program has noted; a note that is damaged says nothing."""
    try:
        note = json.loads(notes.get(key.encode(), b"{}"))
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def declared_classes(note: dict[str, Any]) -> dict[str, list[str]]:
    """The names of the classes of each column, as Hugging Face notes them."""
    info = note.get("info")
    features = info.get("features") if isinstance(info, dict) else None
    classes: dict[str, list[str]] = {}
    for column, feature in features.items() if isinstance(features, dict) else []:
        if not isinstance(feature, dict) or feature.get("_type") != "ClassLabel":
            continue
        names = feature.get("names")
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            classes[column] = names
    return classes


def read_file(file: PartFile) -> Content:
    """Reads a whole file."""
    try:
        opened = pq.ParquetFile(file.path)
        notes = opened.metadata.metadata or {}
        table = opened.read()
    except pa.ArrowException as error:
        raise DataError(f"{file.path}: {error}") from error
    levels = noted(notes, "pandas").get("index_columns")
    names = [one for one in levels if isinstance(one, str)] if isinstance(levels, list) else []
    index = {name for name in names if INDEX.fullmatch(name)}
    return Content(file, table, declared_classes(noted(notes, "huggingface")), index)


def is_list(kind: Any) -> bool:
    """Whether values are lists."""
    tests = (types.is_list, types.is_large_list, types.is_fixed_size_list)
    return any(test(kind) for test in tests)


def is_words(kind: Any) -> bool:
    """Whether values are words."""
    return bool(types.is_string(kind) or types.is_large_string(kind))


def is_bytes(kind: Any) -> bool:
    """Whether values are bytes of any number."""
    return bool(types.is_binary(kind) or types.is_large_binary(kind))


def plain_kind(kind: Any) -> Any:
    """By what values are read: moments as their numbers, words without their dictionary."""
    if is_list(kind):
        return pa.list_(plain_kind(kind.value_type))
    if types.is_dictionary(kind):
        return plain_kind(kind.value_type)
    if types.is_date32(kind) or types.is_time32(kind):
        return pa.int32()
    tests = (types.is_timestamp, types.is_date64, types.is_time64, types.is_duration)
    return pa.int64() if any(test(kind) for test in tests) else kind


def number_word(value: Any) -> str:
    """A number as Convloom writes it."""
    number = float(value)
    if math.isnan(number):
        return ""
    is_whole = number.is_integer() and abs(number) < 1e21
    return str(int(number)) if is_whole else repr(number)


def moment_word(milliseconds: int) -> str:
    """A moment, or the beginning of a day."""
    return f"{np.datetime64(milliseconds, 'ms')}Z"


def word_reader(kind: Any) -> Word | None:
    """How values of a kind become words; None for what no table has."""
    if types.is_boolean(kind):
        return lambda value: "1" if value else "0"
    tests = (types.is_integer, types.is_floating, types.is_time, types.is_duration)
    if any(test(kind) for test in tests):
        return number_word
    if types.is_decimal(kind):
        divisor = 10.0**kind.scale
        return lambda value: number_word(float(int(value.scaleb(kind.scale))) / divisor)
    if types.is_dictionary(kind):
        return word_reader(kind.value_type)
    if is_words(kind):
        return lambda value: str(value).strip()
    if types.is_date32(kind):
        return lambda value: moment_word(value * DAY)
    if types.is_date64(kind):
        return moment_word
    if types.is_timestamp(kind):
        divided, times = UNITS[kind.unit]
        # Towards 1970, as Convloom does.
        return lambda value: moment_word(
            times * (value // divided if value >= 0 else -(-value // divided))
        )
    return (lambda _: "") if types.is_null(kind) else None


def flat(value: Any) -> list[Any]:
    """The values of nested lists, in order."""
    return [one for each in value for one in flat(each)] if isinstance(value, list) else [value]


def read_column(name: str, column: Any, classes: list[str] | None) -> list[Column]:
    """A column, or one for each place of lists of one length; none for what no table has."""
    kind = leaf = column.type
    while is_list(leaf):
        leaf = leaf.value_type
    word = word_reader(leaf)
    if word is None:
        return []
    plain = plain_kind(kind)
    values = (column if plain == kind else column.cast(plain)).to_pylist()
    if is_list(kind):
        rows = [None if value is None else flat(value) for value in values]
        widths = {len(row) for row in rows if row is not None}
        if len(widths) != 1:
            return []
        width = widths.pop()
        empty = [None] * width
        columns = list(zip(*(row or empty for row in rows), strict=True))
        names = [f"{name}[{at}]" for at in range(width)]
    else:
        columns, names = [tuple(values)], [name]
    if classes is not None and kind == leaf and (types.is_integer(kind) or types.is_floating(kind)):
        known = dict(enumerate(classes))
        return [(name, [known.get(value, "") for value in values])]
    return [
        (own, ["" if value is None else word(value) for value in place])
        for own, place in zip(names, columns, strict=True)
    ]


def load_table(path: Path, contents: list[Content], wanted: Wanted) -> Dataset:
    """The rows of all files as those of one table, whose columns are those of the first."""
    names: list[str] = []
    rows: list[list[str]] = []
    given: list[str | None] = []
    for content in contents:
        columns = [
            one
            for name, column in content.columns()
            for one in read_column(name, column, content.classes.get(name))
        ]
        names = names or [name for name, _ in columns]
        own = dict(columns)
        if set(own) != set(names):
            first, other = contents[0].file.name, content.file.name
            raise DataError(f"{other} has other columns than {first}")
        body = [list(row) for row in zip(*(own[name] for name in names), strict=True)]
        rows += body
        given += [content.file.part] * len(body)
    if not rows:
        raise DataError(f"{path} has no rows with columns of numbers or words")
    return dataset_of_rows(path, [names, *rows], number_reader(","), wanted, given)


def load_parquet(path: Path, wanted: Wanted) -> Dataset:
    """The data \`parquet:PATH\`."""
    from parquet_pictures import find_images, load_pictures

    files = find_files(path)
    if not files:
        raise DataError(f"{path}: expected a Parquet file, or a folder with such")
    contents = [read_file(file) for file in files]
    images = [find_images(content) for content in contents]
    if images[0] is None:
        return load_table(path, contents, wanted)
    return load_pictures(path, list(zip(contents, images, strict=True)), wanted)
`;
