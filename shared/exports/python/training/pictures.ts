/** The `pictures.py` of a printed project: pictures in folders, with classes or masks. */
export const picturesSource = `"""Pictures in folders, with classes or with masks."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from data import IGNORED, Array, DataError, Dataset, Samples, Shape, Wanted, listed
from order import split_samples

PICTURE = re.compile(r".*\\.(png|jpe?g|bmp|webp|tiff?)", re.IGNORECASE)
# Sub-folders are looked into so many levels down.
DEEPEST = 4
# Grey and palette values lie below; colours from here on.
FIRST_COLOUR = 0x10000


@dataclass(frozen=True)
class Held:
    """A picture in memory: what it is called, and the bytes that its file would have."""

    name: str
    data: bytes


Source = Path | Held


def opened(source: Source) -> Image.Image:
    """A picture before its pixels are read."""
    return Image.open(source if isinstance(source, Path) else BytesIO(source.data))


def resample(values: Array, after: int) -> Array:
    """Resamples the first axis with a triangle; pixel centres lie at .5.

    The taps are summed one after the other, as Convloom does: a sum in another order may round
    to another byte.
    """
    before = len(values)
    scale = before / after
    radius = max(1.0, scale)
    centres = (np.arange(after) + 0.5) * scale
    first = np.maximum(0, np.floor(centres - radius + 0.5)).astype(np.int64)
    last = np.minimum(before, np.floor(centres + radius + 0.5)).astype(np.int64)
    taps = np.arange(max(1, int((last - first).max())))
    positions = first[:, None] + taps
    shares = np.maximum(0, 1 - np.abs(positions + 0.5 - centres[:, None]) / radius)
    shares = np.where(positions < last[:, None], shares, 0)
    total = np.zeros(after)
    for tap in taps:
        total += shares[:, tap]
    shares /= total[:, None]
    result = np.zeros((after, *values.shape[1:]))
    for tap in taps:
        share = shares[:, tap].reshape(-1, *[1] * (values.ndim - 1))
        result += share * values[np.minimum(positions[:, tap], before - 1)]
    return result


def resize_image(image: Array, height: int, width: int) -> Array:
    """Resizes with a triangle filter in both directions."""
    if image.shape[:2] == (height, width):
        return image
    narrowed = resample(image.transpose(1, 0, 2), width).transpose(1, 0, 2).astype(np.float32)
    resized = resample(narrowed.astype(np.float64), height)
    return np.asarray(np.clip(np.floor(resized + 0.5), 0, 255), np.uint8)


def resize_labels(labels: Array, height: int, width: int) -> Array:
    """Resizes class numbers: the pixel under each new centre."""
    rows = ((np.arange(height) + 0.5) * labels.shape[0] / height).astype(np.int64)
    columns = ((np.arange(width) + 0.5) * labels.shape[1] / width).astype(np.int64)
    return np.asarray(labels[rows[:, None], columns[None, :]])


def convert_channels(image: Array, channels: int) -> Array:
    """Converts between grey, colour, and colour with alpha; grey is the luma of ITU-R BT.601."""
    if image.shape[2] == channels:
        return image
    is_grey = image.shape[2] < 3
    colour = np.repeat(image[..., :1], 3, axis=2) if is_grey else image[..., :3]
    if channels == 1:
        red, green, blue = colour[..., :1], colour[..., 1:2], colour[..., 2:]
        luma = 0.299 * red + 0.587 * green + 0.114 * blue
        return np.asarray(np.floor((image[..., :1] if is_grey else luma) + 0.5), np.uint8)
    if channels == 3:
        return colour
    opaque = np.full((*image.shape[:2], 1), 255, np.uint8)
    return np.concatenate([colour, image[..., -1:] if image.shape[2] % 2 == 0 else opaque], axis=2)


def read_picture(source: Source, channels: int) -> Array:
    """A picture of so many channels."""
    with opened(source) as picture:
        if picture.mode.startswith("I"):
            grey = np.array(picture).astype(np.int64)
            return convert_channels((grey * 255 // 65535).astype(np.uint8)[..., None], channels)
        return convert_channels(np.array(picture.convert("RGBA")), channels)


def common_shape(sources: list[Source], wanted: Shape) -> tuple[int, int, int]:
    """The input that pictures are brought to: the model's; where it is open, the commonest."""
    if len(wanted) == 3 and None not in wanted:
        height, width, channels = wanted
        return height or 1, width or 1, channels or 1
    sizes: Counter[tuple[int, int]] = Counter()
    has_colour = False
    for source in sources:
        try:
            with opened(source) as picture:
                sizes[(picture.height, picture.width)] += 1
                has_colour = has_colour or picture.mode not in ("1", "L", "LA", "I", "I;16")
        except OSError:
            continue
    common = sizes.most_common(1)[0][0] if sizes else (1, 1)
    found = (*common, 3 if has_colour else 1)
    given = wanted if len(wanted) == 3 else (None, None, None)
    height, width, channels = (a or b for a, b in zip(given, found, strict=True))
    return height, width, channels


def read_all(
    jobs: Iterable[tuple[Source, ...]],
    read: Callable[[tuple[Source, ...]], Array],
    skipped: list[str],
) -> list[Array | None]:
    """Reads pictures on several threads; one that is broken is named and left out."""

    def attempt(job: tuple[Source, ...]) -> Array | str:
        try:
            return read(job)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            return f"{job[0].name}: {error}"

    results: list[Array | None] = []
    with ThreadPoolExecutor() as pool:
        for result in pool.map(attempt, jobs):
            if isinstance(result, str):
                skipped.append(result)
            results.append(None if isinstance(result, str) else result)
    return results


def draw(sources: list[Source], wanted: Wanted, skipped: list[str]) -> list[Array | None]:
    """Pictures as the model takes them."""
    height, width, channels = common_shape(sources, wanted.shape)
    return read_all(
        [(one,) for one in sources],
        lambda job: resize_image(read_picture(job[0], channels), height, width),
        skipped,
    )


def part_folders(folder: Path) -> list[tuple[Path, str | None]]:
    """The folders \`train\`, \`val\` and \`test\` of a folder, or itself where it has no such parts."""
    names = {path.name for path in listed(folder) if path.is_dir()}
    held = next((name for name in ("val", "validation", "valid") if name in names), None)
    if "train" not in names or (held is None and "test" not in names):
        return [(folder, None)]
    parts: list[tuple[Path, str | None]] = [(folder / "train", "train")]
    parts += [] if held is None else [(folder / held, "validation")]
    return parts + ([(folder / "test", "test")] if "test" in names else [])


def tree(folder: Path, depth: int = 1) -> Iterator[Path]:
    """The files of a folder, then those of each folder in it."""
    found = listed(folder)
    yield from (path for path in found if path.is_file())
    for path in found if depth < DEEPEST else []:
        if path.is_dir():
            yield from tree(path, depth + 1)


def load_images(folder: Path, wanted: Wanted) -> Dataset:
    """One folder per class, or such folders in \`train\`, in \`val\` and in \`test\`; or labels.csv."""
    from label_table import label_folders, load_labelled

    places = part_folders(folder)
    labelled = label_folders(folder, places)
    if labelled:
        return load_labelled(labelled, places, wanted)
    classes = [path.name for path in listed(places[0][0]) if path.is_dir()]
    if not classes:
        raise DataError(f"{folder}: expected one folder per class, each with pictures")
    files: list[Classed] = [
        (path, label, part)
        for place, part in places
        for label, name in enumerate(classes)
        for path in tree(place / name)
    ]
    return classed(folder, files, classes, wanted, [])


# A picture, its class, and what it is for.
Classed = tuple[Source, int, str | None]


def classed(
    path: Path, files: list[Classed], classes: list[str], wanted: Wanted, skipped: list[str]
) -> Dataset:
    """Pictures of one class each, however they were found."""
    read = draw([source for source, _, _ in files], wanted, skipped)
    images = [image for image in read if image is not None]
    kept = [one for one, image in zip(files, read, strict=True) if image is not None]
    if not kept:
        raise DataError(f"{path} has no picture that can be read")
    labels = np.array([label for _, label, _ in kept], np.int64)
    samples = Samples(np.stack(images), labels)
    train, validation = split_samples(labels, wanted.share, [part for _, _, part in kept])
    both = samples.take(train), samples.take(validation)
    return Dataset("classification", classes, *both, skipped=skipped)


def mask_keys(source: Source) -> tuple[Array, int]:
    """The values of a mask, and the largest that its depth can hold."""
    with opened(source) as picture:
        if picture.format != "PNG":
            raise ValueError("a mask must be a PNG file")
        if picture.mode.startswith("I"):
            return np.array(picture).astype(np.int64), 65535
        if picture.mode in ("P", "L", "1", "LA"):
            plain = picture.getchannel(0) if picture.mode == "LA" else picture
            return np.array(plain).astype(np.int64), 255
        red, green, blue = np.array(picture.convert("RGB")).astype(np.int64).transpose(2, 0, 1)
    is_grey = (red == green) & (green == blue)
    return np.where(is_grey, red, FIRST_COLOUR + (red << 16) + (green << 8) + blue), 255


def classes_of_values(
    values: list[int], largest_of_depth: int, given: list[str]
) -> tuple[dict[int, int], list[str], bool]:
    """The class of each value of the masks, their names, and whether some belong to none."""
    last, others = values[-1], values[:-1]
    # Class numbers are often kept in masks of 16 bits, and 255 beside them means no class there too.
    is_kept_deeper = last == IGNORED and len(others) * 2 > max(others, default=0)
    has_ignored = len(values) > 2 and (last == largest_of_depth or is_kept_deeper)
    kept = values[:-1] if has_ignored else values
    largest = kept[-1]
    room = IGNORED if has_ignored else IGNORED + 1
    is_plain = largest < room and (len(kept) * 2 > largest or len(given) > largest)
    length = min(len(given), room) if len(given) > largest else largest + 1
    keys = list(range(length)) if is_plain else kept
    class_of = {key: index for index, key in enumerate(keys)}
    names = [
        (given[index] if index < len(given) else "")
        or (str(key) if key < FIRST_COLOUR else f"#{key - FIRST_COLOUR:06x}")
        for index, key in enumerate(keys)
    ]
    if has_ignored:
        class_of[last] = IGNORED
    return class_of, names, has_ignored


def load_masks(folder: Path, wanted: Wanted) -> Dataset:
    """Folders \`images\` and \`masks\` with files of the same names; \`classes.txt\` names classes."""
    masks = {path.stem: path for path in listed(folder / "masks")}
    images = [path for path in listed(folder / "images") if PICTURE.fullmatch(path.name)]
    skipped = [f"{path.name}: it has no mask" for path in images if path.stem not in masks]
    pairs: list[Paired] = [
        ((path, masks[path.stem]), None) for path in images if path.stem in masks
    ]
    lines = folder / "classes.txt"
    given = lines.read_text("utf-8").rstrip().split("\\n") if lines.is_file() else []
    return masked(folder, pairs, [one.strip() for one in given], wanted, skipped)


# A picture and its mask, or what it is to become; and what both are for.
Paired = tuple[tuple[Source, Source], str | None]


def masked(
    path: Path, pairs: list[Paired], given: list[str], wanted: Wanted, skipped: list[str]
) -> Dataset:
    """Pictures with masks, however they were found; \`given\` are names of the classes."""
    largest = 255

    def read_mask(job: tuple[Source, ...]) -> Array:
        nonlocal largest
        keys, depth = mask_keys(job[1])
        with opened(job[0]) as picture:
            if (picture.height, picture.width) != keys.shape:
                raise ValueError("its mask has another size")
        largest = max(largest, depth)
        return keys

    surveyed = read_all([pair for pair, _ in pairs], read_mask, skipped)
    good = [(pair, keys) for pair, keys in zip(pairs, surveyed, strict=True) if keys is not None]
    if not good:
        raise DataError(f"{path}: expected pictures with masks: folders images and masks")
    values = sorted({int(key) for _, keys in good for key in np.unique(keys)})
    if len(values) > 256:
        raise DataError(f"the masks have {len(values)} different values")
    class_of, names, has_ignored = classes_of_values(values, largest, given)
    read = draw([pair[0] for (pair, _), _ in good], wanted, skipped)
    drawn: list[Array] = []
    labels: list[Array] = []
    parts: list[str | None] = []
    for image, ((_, part), keys) in zip(read, good, strict=True):
        if image is None:
            continue
        height, width = image.shape[:2]
        parts.append(part)
        places = np.searchsorted(values, resize_labels(keys, height, width))
        drawn.append(image)
        labels.append(np.array([class_of[value] for value in values], np.uint8)[places])
    if not drawn:
        raise DataError(f"{path} has no picture that can be read")
    samples = Samples(np.stack(drawn), np.stack(labels))
    train, validation = split_samples(np.zeros(len(drawn), np.int64), wanted.share, parts)
    both = samples.take(train), samples.take(validation)
    return Dataset("segmentation", names, *both, has_ignored=has_ignored, skipped=skipped)
`;
