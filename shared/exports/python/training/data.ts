/** The `data.py` of a printed project: every source of data but pictures in files, tables and Parquet files. */
export const dataSource = `"""Opens data as Convloom does: the same files give the same samples, classes and split."""

import gzip
import math
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from order import Indices, Random, shuffled_order, split_samples

Array = npt.NDArray[Any]
# The label of a pixel that belongs to no class.
IGNORED = 255
# Height, width and channels, or a number of units; None for a size that the model leaves open.
Shape = tuple[int | None, ...]

# What is to be learned where the answer to a picture is a picture.
PICTURES = "image-to-image"
# The same where a sample may have any number of the classes; each target is a row of 0 and 1.
MULTI_LABEL = "multi-label"

DIGITS = Path(__file__).with_name("mnist.idx.gz")
CIFAR10 = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
]


class DataError(Exception):
    """What is wrong with the data, in words."""


@dataclass(frozen=True)
class Wanted:
    """How data are to be read: for what the model takes and gives, and which part is trained on."""

    shape: Shape
    # What the model gives.
    output: Shape = ()
    share: float = 1.0
    # Whether whole numbers of a table are values and no classes.
    learns_values: bool = False
    # The columns of a table to learn, by their names; nothing where they are to be found.
    targets: str = ""


@dataclass(frozen=True)
class Samples:
    """Samples in memory: pixels as bytes, which become 0..1 in a batch; tables as they are."""

    inputs: Array
    targets: Array

    def take(self, indices: Indices) -> "Samples":
        """The samples at these places, in this order."""
        return Samples(self.inputs[indices], self.targets[indices])

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Dataset:
    """Samples to learn from and samples to be scored on."""

    task: str
    classes: list[str]
    train: Samples
    validation: Samples
    # Classes that are whole numbers may be learned as values.
    has_number_classes: bool = False
    has_ignored: bool = False
    scaling: dict[str, Any] | None = None
    skipped: list[str] = field(default_factory=list)

    @property
    def input_shape(self) -> list[int]:
        """Height, width and channels, or a number of units."""
        return [int(size) for size in self.train.inputs.shape[1:]]


def values_of(pixels: Array) -> Array:
    """Pixels from 0 to 1; what has become of them already stays as it is."""
    scaled = pixels.astype(np.float32)
    return scaled / np.float32(255) if pixels.dtype == np.uint8 else scaled


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts as people do: file2 before file10, whatever the case."""
    signs = "_-,;:!?.'\\"()[]{}@*/\\\\&#%\`^+<=>|~$"
    parts: list[tuple[int, int, str]] = []
    plain = "".join(
        one for one in unicodedata.normalize("NFD", name) if not unicodedata.combining(one)
    )
    for part in re.findall(r"\\d+|\\D", plain):
        if part.isdigit():
            parts.append((1, int(part), ""))
        elif part in signs:
            parts.append((0, signs.index(part) + 1, ""))
        else:
            parts.append((0 if part.isspace() else 2, 0, part.casefold()))
    return parts, name.swapcase()


def listed(folder: Path) -> list[Path]:
    """What lies in a folder, hidden files left out."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(found, key=lambda path: natural_key(path.name))


def parted(
    samples: Samples, held: Samples | None, share: float, has_classes: bool = True
) -> tuple[Samples, Samples]:
    """Samples and those that are held back for validation: given, or one in five of each class."""
    count = len(samples)
    labels = samples.targets.astype(np.int64) if has_classes else np.zeros(count, np.int64)
    train, validation = split_samples(labels, share, is_validated=held is not None)
    own = samples if len(train) == count else samples.take(train)
    return own, samples.take(validation) if held is None else held


def read_idx(data: bytes) -> tuple[Array, bytes]:
    """One IDX array of bytes, and what follows it."""
    if len(data) < 4 or data[:3] != bytes([0, 0, 8]) or data[3] == 0:
        raise DataError("this is not an IDX file of unsigned bytes")
    start = 4 + 4 * data[3]
    shape = [int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4)]
    count = math.prod(shape)
    if len(data) < start + count:
        raise DataError("the file is cut off")
    values = np.frombuffer(data, np.uint8, count, start).reshape(shape)
    return values, data[start + count :]


def open_digits() -> tuple[Samples, Samples]:
    """The digits that Convloom has built in: 8,000 to learn from and 2,000 to be scored on."""
    if not DIGITS.exists():
        raise DataError(f"{DIGITS.name} is missing: export the network with --data mnist set in it")
    images, rest = read_idx(gzip.decompress(DIGITS.read_bytes()))
    labels, _ = read_idx(rest)
    order = shuffled_order(len(labels), 1998)
    samples = Samples(images[..., None], labels)
    return samples.take(order[:8000]), samples.take(order[8000:])


def load_digits(_: Path, wanted: Wanted) -> Dataset:
    """The data \`mnist\`."""
    parts = parted(*open_digits(), wanted.share)
    return Dataset("classification", [str(digit) for digit in range(10)], *parts)


def paint_ground(random: Random) -> Array:
    """A ground of three waves of random direction, length and phase, with grain."""
    at = np.arange(64)
    waves: list[Array] = []
    for _ in range(3):
        angle = random.uniform() * math.pi
        frequency = 0.1 + random.uniform() * 0.5
        phase = random.uniform() * 2 * math.pi
        height = 8 + random.uniform() * 10
        x, y = math.cos(angle) * frequency * at, math.sin(angle) * frequency * at + phase
        waves.append(height * np.sin(x[None, :] + y[:, None]))
    level = 40 + random.uniform() * 30
    grain = np.array(random.uniforms(64 * 64)).reshape(64, 64)
    values = level + grain * 20 - 10 + sum(waves)
    return np.clip(np.floor(values + 0.5), 0, 110).astype(np.uint8)


def choose_places(count: int, random: Random) -> list[tuple[int, int]]:
    """Places for digits whose strokes do not overlap; 40 tries each."""
    places: list[tuple[int, int]] = []
    for _ in range(count * 40):
        if len(places) == count:
            break
        x, y = int(random.uniform() * 37), int(random.uniform() * 37)
        if all(abs(a - x) >= 20 or abs(b - y) >= 20 for a, b in places):
            places.append((x, y))
    return places


def make_scenes(digits: Samples, count: int, seed: int) -> Samples:
    """Digits on a ground; class 0 is the ground, class d + 1 the digit d."""
    random = Random(seed)
    images = np.zeros((count, 64, 64, 1), np.uint8)
    labels = np.zeros((count, 64, 64), np.uint8)
    for image, label in zip(images[..., 0], labels, strict=True):
        image[:] = paint_ground(random)
        for x, y in choose_places(2 + int(random.uniform() * 3), random):
            index = int(random.uniform() * len(digits))
            ink = digits.inputs[index, ..., 0].astype(np.int64)
            place = (slice(y, y + 28), slice(x, x + 28))
            ground = image[place].astype(np.int64)
            painted = np.floor(ground + (255 - ground) * ink / 255 + 0.5)
            image[place] = np.where(ink > 0, painted, ground)
            label[place] = np.where(ink >= 96, digits.targets[index] + 1, label[place])
    return Samples(images, labels)


def load_scenes(_: Path, wanted: Wanted) -> Dataset:
    """The data \`mnist-seg\`."""
    train, validation = open_digits()
    classes = ["ground", *(str(digit) for digit in range(10))]
    parts = make_scenes(train, 2000, 2015), make_scenes(validation, 400, 1505)
    return Dataset("segmentation", classes, *parted(*parts, wanted.share, has_classes=False))


def read_idx_part(folder: Path, part: str) -> Samples | None:
    """The images and labels of one part; None where a file is missing."""
    arrays: list[Array] = []
    for content in ("images", "labels"):
        name = re.compile(rf"{part}-{content}[-.]idx\\d-ubyte(\\.gz)?", re.IGNORECASE)
        found = [path for path in listed(folder) if name.fullmatch(path.name)]
        if not found:
            return None
        data = found[0].read_bytes()
        packed = found[0].name.lower().endswith(".gz")
        arrays.append(read_idx(gzip.decompress(data) if packed else data)[0])
    images, labels = arrays
    if len(images) != len(labels):
        raise DataError(f"{folder} has {len(labels)} labels for {len(images)} images")
    return Samples(images[..., None] if images.ndim == 3 else images, labels)


def load_idx(folder: Path, wanted: Wanted) -> Dataset:
    """The data \`idx:DIR\`."""
    main = read_idx_part(folder, "train")
    if main is None:
        raise DataError(f"{folder}: expected train-images-idx3-ubyte and train-labels-idx1-ubyte")
    train, validation = parted(main, read_idx_part(folder, "t10k"), wanted.share)
    largest = int(max(train.targets.max(), validation.targets.max()))
    return Dataset("classification", [str(one) for one in range(largest + 1)], train, validation)


def read_cifar10(paths: list[Path]) -> Samples | None:
    """Records of a label and three planes of 32 x 32."""
    if not paths:
        return None
    data = b"".join(path.read_bytes() for path in paths)
    if len(data) == 0 or len(data) % 3073 != 0:
        raise DataError(f"{paths[0].parent}: the size of the batches is no multiple of 3073")
    records = np.frombuffer(data, np.uint8).reshape(-1, 3073)
    planes = records[:, 1:].reshape(-1, 3, 32, 32)
    return Samples(np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), records[:, 0])


def load_cifar10(folder: Path, wanted: Wanted) -> Dataset:
    """The data \`cifar10:DIR\`."""
    files = listed(folder)
    main = read_cifar10([path for path in files if re.fullmatch(r"data_batch_\\d\\.bin", path.name)])
    if main is None:
        raise DataError(f"{folder}: expected data_batch_1.bin and so on")
    held = read_cifar10([path for path in files if path.name == "test_batch.bin"])
    return Dataset("classification", CIFAR10, *parted(main, held, wanted.share))


def load_images(folder: Path, wanted: Wanted) -> Dataset:
    """The data \`images:DIR\`. Pictures need Pillow, and only they do."""
    from pictures import load_images as load

    return load(folder, wanted)


def load_masks(folder: Path, wanted: Wanted) -> Dataset:
    """The data \`masks:DIR\`."""
    from pictures import load_masks as load

    return load(folder, wanted)


def load_csv(path: Path, wanted: Wanted) -> Dataset:
    """The data \`csv:FILE\`."""
    from table import load_csv as load

    return load(path, wanted)


def load_npz(path: Path, wanted: Wanted) -> Dataset:
    """The data \`npz:FILE\`."""
    from arrays import load_npz as load

    return load(path, wanted)


def load_parquet(path: Path, wanted: Wanted) -> Dataset:
    """The data \`parquet:PATH\`. Such files need pyarrow, and only they do."""
    try:
        from parquet import load_parquet as load
    except ImportError as error:
        raise DataError("Parquet files need pyarrow: pip install pyarrow") from error
    return load(path, wanted)


def load_small_digits(_: Path, wanted: Wanted) -> Dataset:
    """The data \`mnist-sr\`: a digit in a quarter of its pixels, and the digit."""
    from restoring import halved, spoilt

    return spoilt([halved(one) for one in open_digits()], wanted)


def load_noisy_digits(_: Path, wanted: Wanted) -> Dataset:
    """The data \`mnist-denoise\`: a digit under noise, and the digit."""
    from restoring import NOISE_SEEDS, noisy, spoilt

    parts = zip(open_digits(), NOISE_SEEDS, strict=True)
    return spoilt([noisy(one, seed) for one, seed in parts], wanted)


def load_digit_pictures(_: Path, wanted: Wanted) -> Dataset:
    """The data \`mnist-pictures\`: a digit, and the same digit."""
    from restoring import spoilt

    return spoilt([Samples(one.inputs, one.inputs) for one in open_digits()], wanted)


def load_pairs(folder: Path, wanted: Wanted) -> Dataset:
    """The data \`pairs:DIR\`."""
    from pairs import load_pairs as load

    return load(folder, wanted)


LOADERS: dict[str, Callable[[Path, Wanted], Dataset]] = {
    "mnist": load_digits,
    "mnist-seg": load_scenes,
    "mnist-sr": load_small_digits,
    "mnist-denoise": load_noisy_digits,
    "mnist-pictures": load_digit_pictures,
    "images": load_images,
    "masks": load_masks,
    "pairs": load_pairs,
    "idx": load_idx,
    "cifar10": load_cifar10,
    "npz": load_npz,
    "csv": load_csv,
    "parquet": load_parquet,
}


def target_sizes(samples: Samples, sizes: list[int], output: Shape) -> list[int]:
    """What pictures to be learned come to: as many times larger than their inputs as they were."""
    shape, own = samples.inputs.shape[1:], samples.targets.shape[1:]
    sized = [
        max(1, math.floor(size * to / before + 0.5))
        for size, to, before in zip(own[:2], sizes[:2], shape[:2], strict=True)
    ]
    return [*sized, channels_for(own[2], output)]


def channels_for(own: int, output: Shape) -> int:
    """The channels that pictures to be learned get: the model's, where it can give some."""
    given = output[2] if len(output) == 3 else None
    return given if given in (1, 3, 4) else own


def resized(images: Array, sizes: list[int]) -> Array:
    """Pictures of another size and other channels."""
    if list(images.shape[1:]) == sizes:
        return images
    from pictures import convert_channels, resize_image

    height, width, channels = sizes
    return np.stack(
        [resize_image(convert_channels(one, channels), height, width) for one in images]
    )


def fit(samples: Samples, task: str, asked: Wanted) -> Samples:
    """Brings samples to the sizes that the model asks for."""
    shape, wanted = samples.inputs.shape[1:], asked.shape
    sizes = (
        [size if size is not None else shape[at] for at, size in enumerate(wanted)]
        if len(wanted) == len(shape)
        else [size or -1 for size in wanted]
    )
    is_picture = len(shape) == 3 and samples.inputs.dtype == np.uint8
    if task == PICTURES and is_picture and len(sizes) == 3:
        targets = resized(samples.targets, target_sizes(samples, sizes, asked.output))
        return Samples(resized(samples.inputs, sizes), targets)
    if tuple(sizes) == shape:
        return samples
    if is_picture and len(sizes) == 3:
        images = resized(samples.inputs, sizes)
        if task != "segmentation":
            return replace(samples, inputs=images)
        from pictures import resize_labels

        labels = [resize_labels(one, sizes[0], sizes[1]) for one in samples.targets]
        return Samples(images, np.stack(labels))
    if math.prod(sizes) not in (math.prod(shape), -1):
        raise DataError(f"the model takes {wanted}, and the data have {shape}")
    return replace(samples, inputs=samples.inputs.reshape(len(samples), *sizes))


def open_data(spec: str, wanted: Wanted) -> Dataset:
    """Opens what a data spec names, as on Convloom's command line: \`mnist\`, \`images:DIR\`."""
    kind, _, path = spec.partition(":")
    if kind not in LOADERS:
        raise DataError(f"{spec!r} is none of {', '.join(LOADERS)}")
    try:
        data = LOADERS[kind](Path(path), wanted)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(str(error)) from error
    if min(len(data.train), len(data.validation)) == 0:
        raise DataError(f"{spec} has too few samples to train and to validate")
    train = fit(data.train, data.task, wanted)
    return replace(data, train=train, validation=fit(data.validation, data.task, wanted))
`;
