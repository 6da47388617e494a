/** The `table.py` of a printed project: CSV files, and the rules of all tables. */
export const tableSource = `"""Tables: files of comma-separated values, and what is learned of any."""

import csv
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from data import MULTI_LABEL, Array, DataError, Dataset, Samples, Wanted, natural_key
from labels import strata_of, yes_or_no
from order import Indices, split_samples

TARGET_NAMES = ("label", "class", "target")
MISSING = re.compile(r"|n/?a|#n/a|nan|null|none|nil|missing|\\?|\\.|-+", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
LARGEST = 3.4028234663852886e38
# Whole numbers with at most this many different values are taken for classes.
MOST_NUMBER_CLASSES = 20

Read = Callable[[str], float | None]


def number_reader(separator: str) -> Read:
    """Reads numbers, with a decimal comma where the comma does not part the fields."""

    def read(text: str) -> float | None:
        plain = text if separator == "," else re.sub(r"^([-+]?\\d+),(\\d+)$", r"\\1.\\2", text)
        if not NUMBER.fullmatch(plain):
            return None
        value = float(plain)
        return value if abs(value) <= LARGEST else None

    return read


def parse(text: str, separator: str) -> list[list[str]]:
    """Rows of trimmed fields; rows with nothing in them are left out."""
    rows = csv.reader(text.split("\\n"), delimiter=separator)
    return [[one.strip() for one in row] for row in rows if any(one.strip() for one in row)]


def guess_separator(text: str) -> str:
    """The one that gives the first rows the same number of fields, more than one."""
    best, least = ",", math.inf
    head = "\\n".join(text.split("\\n")[:20])
    for separator in (",", ";", "\\t"):
        counts = [len(row) for row in parse(head, separator)[:10]]
        change = sum(abs(a - b) for a, b in pairwise(counts))
        if counts and sum(counts) / len(counts) > 1.99 and change < least:
            best, least = separator, change
    return best


def decode(data: bytes) -> str:
    """Text with plain line ends."""
    is_wide = data[:2] in (b"\\xff\\xfe", b"\\xfe\\xff")
    text = data.decode("utf-16" if is_wide else "utf-8-sig")
    return text.replace("\\r\\n", "\\n").replace("\\r", "\\n")


def is_numeric(rows: list[list[str]], column: int, read: Read) -> bool:
    """Whether at least half of what stands in a column are numbers."""
    present = [row[column] for row in rows if column < len(row)]
    present = [one for one in present if not MISSING.fullmatch(one)]
    numbers = sum(read(one) is not None for one in present)
    return len(present) > 0 and numbers * 2 >= len(present)


def has_header(rows: list[list[str]], read: Read) -> bool:
    """Whether the first row names the columns."""
    first, rest = rows[0], rows[1:]
    if not rest:
        return False
    is_word = [read(one) is None for one in first]
    if all(is_word) or any(one.lower() in TARGET_NAMES for one in first):
        return True
    return any(word and is_numeric(rest, at, read) for at, word in enumerate(is_word))


@dataclass(frozen=True)
class Target:
    """What one column asks to be learned, or several of yes and no; without classes its values."""

    classes: list[str] | None
    has_number_classes: bool
    read: Read
    is_many: bool = False


def class_target(fields: list[str], has_number_classes: bool) -> Target:
    """Classes in the order of their names."""
    classes = sorted(set(fields), key=natural_key)
    index_of = {name: index for index, name in enumerate(classes)}
    return Target(classes, has_number_classes, index_of.get)


def find_target(fields: list[str], read: Read, learns_values: bool) -> Target:
    """Classes where the column has words or a few whole numbers, else values."""
    values = Target(None, False, read)
    if learns_values:
        return values
    present = [one for one in fields if not MISSING.fullmatch(one)]
    numbers = [one for one in present if read(one) is not None]
    distinct = {read(one) or 0 for one in numbers}
    has_many = len(distinct) > MOST_NUMBER_CLASSES
    mostly = len(numbers) == len(present) or (has_many and len(numbers) >= 0.9 * len(present))
    if not numbers or not mostly:
        return class_target([one for one in fields if one != ""], False)
    if has_many or any(not float(one).is_integer() for one in distinct):
        return values
    return class_target(numbers, True)


def wanted_columns(targets: str) -> list[str]:
    """Names of columns between commas; one that has commas itself stands in double quotes."""
    if targets == "":
        return []
    names: list[str] = []
    for part in re.split(r'[,\uff0c](?=(?:[^"]*"[^"]*")*[^"]*$)', targets):
        quoted = re.fullmatch(r'"((?:[^"]|"")*)"', part.strip())
        names.append(quoted[1].replace('""', '"') if quoted else part.strip())
    if "" in names or len(set(names)) < len(names):
        raise DataError(f"the columns {targets!r} are not of the form a, b, c, each once")
    return names


def yes_no_target(rows: list[list[str]], columns: list[int], names: list[str]) -> Target:
    """Several columns are classes, each of which a row has or has not."""
    for at, name in zip(columns, names, strict=True):
        present = [row[at] for row in rows if at < len(row) and not MISSING.fullmatch(row[at])]
        odd = [one for one in present if yes_or_no(one) is None]
        # A field of a few rows that says neither is a slip.
        if len(odd) > len(rows) / 10:
            raise DataError(f"the column {name!r} has {odd[0]!r}, and neither 0 nor 1")
    return Target(names, False, yes_or_no, is_many=True)


def moments(values: Array) -> tuple[float, float]:
    """Mean and standard deviation; what is constant has the deviation 1."""
    deviation = float(values.std())
    return float(values.mean()), deviation if deviation > 0 else 1.0


def load_csv(path: Path, asked: Wanted) -> Dataset:
    """The data \`csv:FILE\`."""
    text = decode(path.read_bytes())
    separator = guess_separator(text)
    return dataset_of_rows(path, parse(text, separator), number_reader(separator), asked)


def dataset_of_rows(
    path: Path,
    rows: list[list[str]],
    read: Read,
    asked: Wanted,
    given: Sequence[str | None] | None = None,
) -> Dataset:
    """Learns the columns asked for, else that named label, class or target, else the last.

    Where it is \`given\` what rows are for, the first row names the columns.
    """
    width = len(rows[0]) if rows else 0
    if width < 2:
        raise DataError(f"{path} has no column to learn")
    chosen = wanted_columns(asked.targets)
    missing = [name for name in chosen if name not in rows[0]]
    if missing:
        raise DataError(f"{path} has no column {', '.join(missing)}")
    is_named = given is not None or len(chosen) > 0 or has_header(rows, read)
    names, body = rows[0], rows[1:] if is_named else rows
    named = [at for at, name in enumerate(names) if is_named and name.lower() in TARGET_NAMES]
    learned = [names.index(name) for name in chosen] or [*named, width - 1][:1]
    columns = [at for at in range(width) if at not in learned and is_numeric(body, at, read)]
    if not columns:
        raise DataError(f"{path} has no column of numbers to learn from")
    whole = [row for row in body if len(row) == width]
    target = (
        yes_no_target(body, learned, chosen)
        if len(learned) > 1
        else find_target([row[learned[0]] for row in whole], read, asked.learns_values)
    )
    features: list[list[float]] = []
    answers: list[list[float]] = []
    parts: list[str | None] = []
    for row, part in zip(body, given or [None] * len(body), strict=True):
        if len(row) != width:
            continue
        numbers = [read(row[at]) for at in columns]
        wanted = [target.read(row[at]) for at in learned]
        if None not in wanted and None not in numbers:
            features.append([one or 0.0 for one in numbers])
            answers.append([one or 0.0 for one in wanted])
            parts.append(part)
    if not answers:
        raise DataError(f"{path} has no row that can be used")
    skipped = [f"{len(body) - len(answers)} rows with gaps"] if len(answers) < len(body) else []
    inputs, rows_of = np.array(features), np.array(answers)
    values = rows_of[:, 0]
    has_classes = target.classes is not None
    labels = values if has_classes else np.zeros(len(values))
    strata = strata_of(rows_of) if target.is_many else labels.astype(np.int64)
    split = split_samples(strata, asked.share, parts)
    measured = [moments(inputs[split[0], at]) for at in range(len(columns))]
    scaling: dict[str, object] = {
        "mean": [mean for mean, _ in measured],
        "deviation": [deviation for _, deviation in measured],
    }
    if is_named:
        scaling["names"] = [names[at] or f"column {at + 1}" for at in columns]
    middle, spread = (0.0, 1.0) if has_classes else moments(values[split[0]])
    if not has_classes:
        scaling["target"] = {"mean": middle, "deviation": spread}

    def samples(part: Indices) -> Samples:
        mean, deviation = np.array(scaling["mean"]), np.array(scaling["deviation"])
        scaled = ((inputs[part] - mean) / deviation).astype(np.float32)
        if target.is_many:
            return Samples(scaled, rows_of[part].astype(np.float32))
        if has_classes:
            return Samples(scaled, values[part].astype(np.int64))
        return Samples(scaled, ((values[part] - middle) / spread).astype(np.float32)[:, None])

    one = "classification" if has_classes else "regression"
    return Dataset(
        MULTI_LABEL if target.is_many else one,
        target.classes or [],
        samples(split[0]),
        samples(split[1]),
        has_number_classes=target.has_number_classes,
        scaling=scaling,
        skipped=skipped,
    )
`;
