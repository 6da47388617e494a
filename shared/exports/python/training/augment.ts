import { augmentationNames, augmentationRecipes, type Strengths } from '../../../schema/augmentation';
import { lineWidth } from '../layout';

function recipeLine(recipe: string, strengths: Strengths): string {
  const made = augmentationNames.filter((name) => strengths[name] > 0);
  const pairs = made.map((name) => `"${name}": ${strengths[name]}`);
  const line = `    "${recipe}": {${pairs.join(', ')}},`;
  // As ruff lays it out.
  return line.length <= lineWidth
    ? line
    : [`    "${recipe}": {`, ...pairs.map((pair) => `        ${pair},`), '    },'].join('\n');
}

/** The `augment.py` of a printed project: pictures changed as `data/augment.ts` does. */
export const augmentSource = `"""Changes the pictures of a step as Convloom does: by seed, step and sample alone."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from data import Array, DataError, Samples, values_of
from order import Indices, Random, seed_for

NAMES = [
${augmentationNames.map((name) => `    "${name}",`).join('\n')}
]
# A strength that is set goes before the recipe's.
RECIPES: dict[str, dict[str, float]] = {
${Object.entries(augmentationRecipes)
  .map(([recipe, strengths]) => recipeLine(recipe, strengths))
  .join('\n')}
}


def strengths_of(config: dict[str, Any]) -> dict[str, float] | None:
    """How much of each change is made; None where pictures stay as they are."""
    recipe = RECIPES[config.get("augment", "none")]
    strengths = {name: float(config.get(name) or recipe.get(name, 0)) for name in NAMES}
    return strengths if any(value > 0 for value in strengths.values()) else None


@dataclass(frozen=True)
class Change:
    """What one picture goes through; the matrix leads from a pixel back to where it came from."""

    matrix: tuple[float, float, float, float, float, float]
    brightness: float
    contrast: float
    noise: float
    # Rows and columns that are covered.
    cutout: tuple[slice, slice]


def covered(middle: int, side: int, size: int) -> slice:
    """The part of a side that a square around a pixel covers."""
    first = middle - size // 2
    return slice(max(0, first), max(0, min(side, first + size)))


def draw_change(strengths: dict[str, float], height: int, width: int, random: Random) -> Change:
    """One change; every draw is made, whatever the strengths."""
    draws = iter(random.uniforms(10))

    def whole(part: float, side: int) -> int:
        most = math.floor(part * side)
        return math.floor(next(draws) * (2 * most + 1)) - most

    def either(most: float) -> float:
        return most * (2 * next(draws) - 1)

    mirror = -1 if next(draws) < strengths["flip"] else 1
    right, down = whole(strengths["shift"], width), whole(strengths["shift"], height)
    angle = math.radians(either(strengths["rotate"]))
    scale = 1 + either(strengths["zoom"])
    lean = math.tan(math.radians(either(strengths["shear"])))
    brightness = either(strengths["brightness"])
    contrast = 1 + either(strengths["contrast"])
    middle_x, middle_y = math.floor(next(draws) * width), math.floor(next(draws) * height)
    covers = [math.floor(strengths["cutout"] * side + 0.5) for side in (height, width)]
    cos, sin = math.cos(angle), math.sin(angle)
    a, b = mirror * (cos + lean * sin) / scale, mirror * (sin - lean * cos) / scale
    d, e = -sin / scale, cos / scale
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    from_x, from_y = centre_x + right, centre_y + down
    c, f = centre_x - a * from_x - b * from_y, centre_y - d * from_x - e * from_y
    cutout = (covered(middle_y, height, covers[0]), covered(middle_x, width, covers[1]))
    return Change((a, b, c, d, e, f), brightness, contrast, strengths["noise"], cutout)


def places(change: Change, height: int, width: int) -> tuple[Array, Array]:
    """The row and the column that each pixel comes from; beyond the edges, those of the edge."""
    a, b, c, d, e, f = change.matrix
    y, x = np.mgrid[:height, :width].astype(np.float64)
    return np.clip(d * x + e * y + f, 0, height - 1), np.clip(a * x + b * y + c, 0, width - 1)


def change_picture(picture: Array, change: Change, seed: int) -> Array:
    """A picture of 0 to 1 after a change, each pixel mixed of the four around its place."""
    height, width, channels = picture.shape
    rows, columns = places(change, height, width)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    share_y, share_x = (rows - top)[..., None], (columns - left)[..., None]
    values = picture.astype(np.float64)
    upper = values[top, left] + share_x * (values[top, right] - values[top, left])
    lower = values[down, left] + share_x * (values[down, right] - values[down, left])
    moved = upper + share_y * (lower - upper)
    # Alpha moves along, and is no colour.
    colours = moved[..., : 3 if channels == 4 else channels]
    if change.brightness or change.contrast != 1 or change.noise:
        colours[...] = colours * change.contrast + colours.mean() * (1 - change.contrast)
        colours += change.brightness
        if change.noise:
            colours += np.random.default_rng(seed).normal(0, change.noise, colours.shape)
        np.clip(colours, 0, 1, out=colours)
    colours[change.cutout] = colours.mean((0, 1))
    whole: Array = moved.astype(np.float32)
    return whole


def change_labels(labels: Array, change: Change) -> Array:
    """The classes of pixels moved as their picture is: the nearest pixel's."""
    rows, columns = (np.floor(one + 0.5).astype(int) for one in places(change, *labels.shape))
    moved: Array = labels[rows, columns]
    return moved


def of_target(change: Change, height: int, width: int, to_height: int, to_width: int) -> Change:
    """The change of what a picture is to become: moved as the picture is, in its own pixels.

    Light, noise and what is cut out are left: they are what can be learned to be undone.
    """
    a, b, c, d, e, f = change.matrix
    across, down = to_width / width, to_height / height
    # A pixel x of the picture has its middle where across (x + 1/2) - 1/2 has it in the target.
    start_x, start_y = 0.5 / across - 0.5, 0.5 / down - 0.5
    shift_x = across * (a * start_x + b * start_y + c + 0.5) - 0.5
    shift_y = down * (d * start_x + e * start_y + f + 0.5) - 0.5
    matrix = (a, b * across / down, shift_x, d * down / across, e, shift_y)
    nothing = (slice(0, 0), slice(0, 0))
    return replace(change, matrix=matrix, brightness=0.0, contrast=1.0, noise=0.0, cutout=nothing)


def change_target(target: Array, change: Change, height: int, width: int, seed: int) -> Array:
    """What is to be learned, as it is after its picture was changed."""
    if np.ndim(target) == 2:
        return change_labels(target, change)
    if np.ndim(target) != 3:
        return target
    moved = of_target(change, height, width, target.shape[0], target.shape[1])
    return change_picture(values_of(target), moved, seed)


def changed(
    samples: Samples, indices: Indices, config: dict[str, Any], step: int
) -> tuple[Samples, Indices]:
    """The samples of a step after their changes, and where they are among them."""
    strengths = strengths_of(config)
    if strengths is None:
        return samples, indices
    if samples.inputs.ndim != 4 or samples.inputs.dtype != np.uint8:
        raise DataError("augmentation changes pictures, and these data are none")
    height, width = samples.inputs.shape[1:3]
    inputs: list[Array] = []
    targets: list[Array] = []
    for index in indices.tolist():
        seed = seed_for(config["seed"], f"augment {step} {index}")
        change = draw_change(strengths, height, width, Random(seed))
        inputs.append(change_picture(samples.inputs[index] / 255, change, seed))
        targets.append(change_target(samples.targets[index], change, height, width, seed))
    return Samples(np.stack(inputs), np.array(targets)), np.arange(len(indices))
`;
