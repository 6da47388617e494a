/** The `label_table.py` of a printed project: pictures beside a table of their labels, as `data/labelledImages.ts` reads them. */
export const labelTableSource = `"""Pictures beside a table labels.csv that names the classes of each: any number of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from data import MULTI_LABEL, DataError, Dataset, Samples, Wanted, natural_key
from labels import strata_of, yes_or_no
from order import split_samples
from pictures import common_shape, read_all, read_picture, resize_image, tree
from table import decode, guess_separator, parse

TABLE = "labels.csv"
END = re.compile(r"\\.(png|jpe?g|bmp|webp|tiff?)$", re.IGNORECASE)
# What a column of files is called, and one that says what rows are for.
FILE_HEADS = re.compile(r"file|image|picture|path|photo|name|^id$", re.IGNORECASE)
PART_HEADS = ("split", "part", "set", "subset")
PARTS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
}
# What parts the names in one field, in the order in which it is looked for.
SEPARATORS = (";", "|", ",", " ")

Rows = list[list[str]]
# A folder, what its pictures are for, and its table.
Place = tuple[Path, str | None, Path | None]


@dataclass(frozen=True)
class Row:
    """What a table says of a picture."""

    file: str
    part: str | None
    # Classes by their names; None where the row says no such thing.
    classes: frozenset[str] | None


@dataclass(frozen=True)
class Table:
    """A table of labels; \`joins\`: whether rows of one picture add up."""

    classes: list[str]
    rows: list[Row]
    joins: bool


def field_at(row: list[str], column: int) -> str:
    """A field; nothing where the row is too short."""
    return row[column] if column < len(row) else ""


def file_column(rows: Rows, is_file: Callable[[str], bool]) -> int:
    """The column in which most of the files are, else the one that looks like it."""
    looked, columns = rows[:200], range(len(rows[0]))
    hits = [sum(is_file(field_at(row, at)) for row in looked) for at in columns]
    if max(hits) > 0:
        return hits.index(max(hits))
    likely = [at for at in columns if any(END.search(field_at(row, at)) for row in looked)]
    named = [at for at in columns if FILE_HEADS.search(rows[0][at])]
    return [*likely, *named, 0][0]


def part_column(head: list[str], body: Rows) -> int | None:
    """The column that says what each row is for."""
    found = [at for at, name in enumerate(head) if name.lower() in PART_HEADS][:1]
    is_part = all(field_at(row, at).lower() in PARTS for at in found for row in body)
    return found[0] if found and is_part else None


def named_classes(fields: list[str]) -> tuple[list[str], list[frozenset[str]]]:
    """The classes of fields with several names each, and those of each field."""
    found = [one for one in SEPARATORS if any(one in field for field in fields)]
    parts = [field.split(found[0]) if found else [field] for field in fields]
    sets = [frozenset(one.strip() for one in names if one.strip() != "") for names in parts]
    return sorted(frozenset().union(*sets), key=natural_key), sets


def read_labels(path: Path, is_file: Callable[[str], bool]) -> Table:
    """A column of files, and a column of 0 and 1 for each class, or one of names."""
    text = decode(path.read_bytes())
    rows = parse(text, guess_separator(text))
    width = len(rows[0]) if rows else 0
    if width < 2:
        raise DataError(f"{path} has no column of labels")
    files = file_column(rows, is_file)
    first = rows[0]
    others = [field for at, field in enumerate(first) if at != files]
    is_row = is_file(first[files]) or END.search(first[files]) is not None
    has_head = not is_row and all(yes_or_no(field) is None for field in others)
    head, body = (first, rows[1:]) if has_head else ([], rows)
    parts = part_column(head, body)
    columns = [at for at in range(width) if at not in (files, parts)]
    if not body or not columns:
        raise DataError(f"{path} has no column of labels")
    names = [field_at(head, at) or str(place + 1) for place, at in enumerate(columns)]
    said = [[yes_or_no(field_at(row, at)) for at in columns] for row in body]
    # A column in most of whose rows neither a yes nor a no stands is about no class.
    odd = [at for at in range(len(columns)) if 2 * sum(row[at] is None for row in said) > len(body)]
    joins = len(odd) > 0 and len(columns) == 1
    sets: list[frozenset[str] | None]
    if joins:
        names, named = named_classes([field_at(row, columns[0]) for row in body])
        sets = list(named)
    elif odd:
        raise DataError(f"{path}: in the column {names[odd[0]]!r} stands neither 0 nor 1")
    else:
        sets = [
            None if None in row else frozenset(n for n, one in zip(names, row, strict=True) if one)
            for row in said
        ]
    kept = [
        Row(
            field_at(row, files),
            None if parts is None else PARTS[field_at(row, parts).lower()],
            known if len(row) == width else None,
        )
        for row, known in zip(body, sets, strict=True)
    ]
    return Table(names, kept, joins)


def picture_names(within: list[str]) -> Callable[[str], int | None]:
    """Finds a picture by its path, by its name, by either without its end; -1 for several."""
    known: dict[str, int] = {}
    ways: list[Callable[[str], str]] = [
        lambda path: path,
        lambda path: END.sub("", path),
        lambda path: path.rpartition("/")[2],
        lambda path: END.sub("", path.rpartition("/")[2]),
    ]
    for name_of in ways:
        own: dict[str, int] = {}
        for at, path in enumerate(within):
            own[name_of(path)] = -1 if name_of(path) in own else at
        # What is surer was added before.
        known = {**own, **known}
    return lambda name: known.get(name.replace("\\\\", "/").removeprefix("./"))


def is_picture(path: Path) -> bool:
    """Whether a file begins as a picture does."""
    try:
        with Image.open(path):
            return True
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def label_folders(folder: Path, places: list[tuple[Path, str | None]]) -> list[Place]:
    """The folders with their tables: one table for all, or one in each part; none without any."""
    if (folder / TABLE).is_file():
        return [(folder, None, folder / TABLE)]
    tables = [place / TABLE for place, _ in places]
    if not any(table.is_file() for table in tables):
        return []
    return [
        (place, part, table if table.is_file() else None)
        for (place, part), table in zip(places, tables, strict=True)
    ]


@dataclass(frozen=True)
class Labelled:
    """A picture, what it is for, and its classes."""

    path: Path
    part: str | None
    classes: frozenset[str]


def read_folder(
    place: Place, places: list[tuple[Path, str | None]], skipped: list[str]
) -> tuple[list[str], list[Labelled]]:
    """The classes of a folder's table, and the pictures that it names."""
    folder, own_part, table_path = place
    files = [path for path in tree(folder) if path != table_path]
    if table_path is None:
        skipped.extend(f"{path.name}: its part has no {TABLE}" for path in files)
        return [], []
    name_of = picture_names([path.relative_to(folder).as_posix() for path in files])
    table = read_labels(table_path, lambda field: name_of(field) is not None)
    found: dict[int, Row] = {}
    named: set[int] = set()
    for row in table.rows:
        at = name_of(row.file)
        if at is None or at < 0:
            skipped.append(f"{row.file}: {'no such picture' if at is None else 'several pictures'}")
            continue
        named.add(at)
        before = found.get(at)
        if row.classes is None:
            skipped.append(f"{row.file}: its row has other fields than one 0 or 1 for each class")
        elif before is None or before.classes is None:
            found[at] = row
        elif table.joins:
            found[at] = Row(before.file, before.part, before.classes | row.classes)
        elif before.classes != row.classes:
            skipped.append(f"{row.file}: another row has other labels for it")
    pictures: list[Labelled] = []
    for at, path in enumerate(files):
        lies_in = [part for inner, part in places if part is not None and inner in path.parents]
        if not is_picture(path):
            skipped.append(f"{path.name}: not a picture")
        elif at in found:
            row = found[at]
            part = row.part or own_part or (lies_in[0] if lies_in else None)
            pictures.append(Labelled(path, part, row.classes or frozenset()))
        elif at not in named:
            skipped.append(f"{path.name}: it has no row in {TABLE}")
    return table.classes, pictures


def load_labelled(
    folders: list[Place], places: list[tuple[Path, str | None]], wanted: Wanted
) -> Dataset:
    """Pictures with any number of classes each."""
    skipped: list[str] = []
    read = [read_folder(place, places, skipped) for place in folders]
    classes = list(dict.fromkeys(name for names, _ in read for name in names))
    found = [picture for _, pictures in read for picture in pictures]
    if not found:
        raise DataError(f"{folders[0][0]} has no picture that its {TABLE} names")
    rows = np.array([[name in one.classes for name in classes] for one in found], np.float32)
    strata = strata_of(rows)
    height, width, channels = common_shape([one.path for one in found], wanted.shape)
    drawn = read_all(
        [(one.path,) for one in found],
        lambda job: resize_image(read_picture(job[0], channels), height, width),
        skipped,
    )
    kept = [at for at, image in enumerate(drawn) if image is not None]
    if not kept:
        raise DataError(f"{folders[0][0]} has no picture that can be read")
    samples = Samples(np.stack([image for image in drawn if image is not None]), rows[kept])
    given = [found[at].part for at in kept]
    train, validation = split_samples(strata[kept], wanted.share, given)
    both = samples.take(train), samples.take(validation)
    return Dataset(MULTI_LABEL, classes, *both, skipped=skipped)
`;
