import type { NetworkAnalysis } from '../../analysis/types';
import { checkFile, classesFile, weightsFile } from './files';
import type { OutputForm } from '../outputs';
import { takesPictures } from '../pictures';

/** What the scripts of a project say that has its values as NumPy arrays, channels last. */
export type NumpyFramework = {
  /** What `check.py` and `predict.py` import of others, NumPy among it. */
  readonly imports: readonly string[];
  readonly predictImports: readonly string[];
  /** Makes `model`, such that it predicts. */
  readonly make: readonly string[];
  /** Sets `count` and `trainable`: parameters of `model`. */
  readonly counts: readonly string[];
  /** The model's answer to the list `inputs`. */
  readonly answer: string;
  readonly toNumpy: (value: string) => string;
  /** The framework's version and what it runs on. */
  readonly runtime: string;
};

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

/** Prints `check.py`: how far the project's model is from Convloom's. */
export function printCheck({ totals }: NetworkAnalysis, framework: NumpyFramework): string {
  return `"""Compares this model with Convloom: python check.py"""

import json
import math
import sys
from pathlib import Path

${framework.imports.join('\n')}

from model import build_model
from weights import load_weights, read_safetensors

PARAMETERS = ${totals.params}
TRAINABLE = ${totals.trainableParams}


def compare() -> tuple[float, float]:
    """The largest difference to Convloom's answer of any value, and the largest value."""
${indented(framework.make)}
${indented(framework.counts)}
    if (count, trainable) != (PARAMETERS, TRAINABLE):
        found = f"{count} parameters, {trainable} of them trainable"
        raise ValueError(f"The model has {found}, and not {PARAMETERS} and {TRAINABLE}.")
    load_weights(model, "${weightsFile}")
    given = read_safetensors("${checkFile}")
    inputs = [given[name] for name in given if name.startswith("input")]
    wanted = [given[name] for name in given if name.startswith("output")]
    answer = ${framework.answer}
    answers = answer if isinstance(answer, (list, tuple)) else [answer]
    difference, scale = 0.0, 0.0
    for values, expected in zip(answers, wanted, strict=True):
        found_values = ${framework.toNumpy('values')}
        if found_values.shape != expected.shape:
            return math.inf, scale
        apart = float(np.abs(found_values - expected).max())
        difference = max(difference, math.inf if math.isnan(apart) else apart)
        scale = max(scale, float(np.abs(expected).max()))
    return difference, scale


def main() -> None:
    """Prints the comparison; with --json as one line of JSON. Fails where the values differ."""
    if not Path("${checkFile}").exists():
        sys.exit("No ${checkFile}: export the network together with a trained run.")
    difference, scale = compare()
    if "--json" in sys.argv[1:]:
        known = difference if math.isfinite(difference) else None
        runtime = ${framework.runtime}
        print(json.dumps({"maxDifference": known, "scale": scale, "runtime": runtime}))
        return
    print(f"Largest difference {difference:.1e}, where the largest value is {scale:.3g}.")
    if difference > 1e-4 * max(scale, 1.0):
        sys.exit("These are not the values of Convloom.")


if __name__ == "__main__":
    main()
`;
}

const writePicture = `def write_picture(values: Values, path: Path) -> Path:
    """Writes an answer as a picture: values from 0 to 1."""
    pixels = np.clip(np.floor(values * 255 + 0.5), 0, 255).astype(np.uint8)
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(path)
    return path


`;

/** What is done with an answer that is a picture, of the `shape` that its channels are in. */
export function pictureAnswer(value: string, shape: string): string {
  return `        if shown == "picture" and ${shape} in ((1,), (3,), (4,)):
            end = f"-{at + 1}" if len(answers) > 1 else ""
            path = Path(sys.argv[1]).with_suffix(f".answer{end}.png")
            print(f"Wrote {write_picture(${value}, path)}.")
            continue
`;
}

/** What kinds of data say of an output: as the app has them in a file beside the weights, and as a run has them. */
export const learnedSource = `LEARNED = {"labels": "labels", "numbers": "values", "pictures": "picture"}
LEARNED |= {"multi-label": "labels", "regression": "values", "image-to-image": "picture"}
`;

/** Reads what is known of the data that weights were trained on. */
export const readKnownSource = `def read_known(folder: Path) -> dict[str, Any]:
    """What is known of the data: those of a run, or of the export."""
    run, exported = folder / "run.json", folder / "${classesFile}"
    known: dict[str, Any] = {}
    if run.exists():
        known = json.loads(run.read_text("utf-8"))["data"]
    elif exported.exists():
        known = json.loads(exported.read_text("utf-8"))
    return known


`;

const scaledSource = `def scaled(sample: Any, scaling: dict[str, Any]) -> Values:
    """Values as they are; those of a table's columns as the model has learned them."""
    values = np.asarray(sample, dtype=np.float64)
    if scaling.get("mean"):
        mean, deviation = np.asarray(scaling["mean"]), np.asarray(scaling["deviation"])
        if values.size != mean.size:
            sys.exit(f"The model takes {mean.size} columns; the sample has {values.size} values.")
        values = ((values.ravel() - mean) / deviation).reshape(values.shape)
    return values.astype(np.float32)


def in_units(values: Values, scaling: dict[str, Any]) -> Values:
    """Values that were learned of data, in the units of the data."""
    target = scaling.get("target") or {"mean": 0.0, "deviation": 1.0}
    return (values * target["deviation"] + target["mean"]).astype(np.float32)


`;

/** Prints `predict.py`: the model's answer to a picture, or to values as JSON. */
export function printPredict(
  analysis: NetworkAnalysis,
  gives: readonly OutputForm[],
  framework: NumpyFramework,
): string {
  const [input = ''] = analysis.inputs;
  const [height = null, width = null, channels = null] = analysis.nodes.get(input)?.outputShape ?? [];
  const hasPictures = takesPictures(analysis);
  const size = height === null || width === null ? 'None' : `(${width}, ${height})`;
  const kinds = gives.map((kind) => `"${kind}"`);
  const constants = hasPictures
    ? `# Width and height of the pictures that the model takes; None for any.
SIZE: tuple[int, int] | None = ${size}
MODE = "${channels === 1 ? 'L' : channels === 4 ? 'RGBA' : 'RGB'}"
`
    : `INPUTS = ${analysis.inputs.length}
`;
  const read = hasPictures
    ? `def read_sample(path: Path, scaling: dict[str, Any]) -> list[Values]:
    """A picture, or one sample as JSON nested by rows, columns and channels; from 0 to 1."""
    if path.suffix == ".json":
        values = scaled(json.loads(path.read_text()), scaling)
    else:
        picture = Image.open(path).convert(MODE)
        resized = picture.resize(SIZE, Image.Resampling.BILINEAR) if SIZE else picture
        values = (np.asarray(resized) / 255).astype(np.float32)
    return [(values[:, :, None] if values.ndim == 2 else values)[None]]
`
    : `def read_sample(path: Path, scaling: dict[str, Any]) -> list[Values]:
    """One sample as JSON; with several inputs, a list of them in their order."""
    content = json.loads(path.read_text())
    samples = content if INPUTS > 1 else [content]
    return [scaled(sample, scaling)[None] for sample in samples]
`;
  return `"""Prints the model's answer to one sample: python predict.py ${hasPictures ? 'picture.png' : 'sample.json'} [RUN]

RUN is the folder of a training; without it the weights are those that lie here.
"""

import json
import sys
from pathlib import Path
from typing import Any

${framework.predictImports.join('\n')}
${hasPictures ? 'from PIL import Image\n' : ''}
from model import build_model
from weights import Values, load_weights

# What each output gives: scores become probabilities by a softmax, as in training; chances are
# those of each class by itself.
GIVES = [${kinds.join(', ')}]
# The same, where it is known of the data.
${learnedSource}${constants}

${scaledSource}${read}

def describe_many(chances: Values, classes: list[str]) -> list[str]:
    """The classes that are given, any number of them, and how likely each is."""
    names = [classes[at] if at < len(classes) else f"class {at}" for at in range(chances.size)]
    order = [int(at) for at in np.argsort(-chances)]
    given = [names[at] for at in order if chances[at] >= 0.5]
    lines = [f"{100 * chances[at]:5.1f} %  {names[at]}" for at in order[: max(10, len(given))]]
    return [", ".join(given) or "none of the classes", *lines]


def both_classes(values: Values, gives: str) -> Values:
    """A mask of one channel, that of its second class, as how likely each of both is."""
    chances = 1 / (1 + np.exp(-values)) if gives == "scores" else values
    return np.concatenate([1 - chances, chances], axis=-1)


def describe(values: Values, gives: str, classes: list[str]) -> list[str]:
    """The likeliest classes, the share of each class in the pixels, or the values as they are."""
    if gives in ("chances", "labels") and values.size == values.shape[-1]:
        row = values.ravel()
        chances = row if gives == "chances" else 1 / (1 + np.exp(-row))
        return describe_many(chances.astype(np.float32), classes)
    if gives in ("values", "picture") or values.size == 1:
        return [json.dumps(values.tolist())]
    powers = np.exp(values - values.max(axis=-1, keepdims=True)) if gives == "scores" else values
    shares = powers / powers.sum(axis=-1, keepdims=True)
    if shares.ndim > 1:
        best = shares.argmax(axis=-1).ravel()
        shares = np.bincount(best, minlength=shares.shape[-1]) / best.size
    order = [int(at) for at in np.argsort(-shares)[:10]]
    names = [classes[at] if at < len(classes) else f"class {at}" for at in order]
    return [f"{100 * shares[at]:5.1f} %  {name}" for at, name in zip(order, names)]


${hasPictures ? writePicture : ''}${readKnownSource}def main() -> None:
    """Loads the weights and prints what the model says."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = Path(sys.argv[2]) if len(sys.argv) == 3 else Path()
    weights = folder / "${weightsFile}"
    if not weights.exists():
        sys.exit(f"No {weights}: train the model, or export it together with a run.")
${indented(framework.make)}
    load_weights(model, weights)
    known = read_known(folder)
    scaling = known.get("scaling") or {}
    inputs = read_sample(Path(sys.argv[1]), scaling)
    answer = ${framework.answer}
    answers = answer if isinstance(answer, (list, tuple)) else [answer]
    for at, (values, gives) in enumerate(zip(answers, GIVES)):
        shown = LEARNED.get(known.get("task", ""), gives)
        is_chance = shown == "labels" and gives in ("chances", "values")
        shown = "chances" if is_chance else shown
        found = ${framework.toNumpy('values')}[0]
        if shown == "values":
            found = in_units(found, scaling)
${hasPictures ? pictureAnswer('found', 'found.shape[2:]') : ''}        is_mask = known.get("task") in ("segmentation", "classes") or shown in ("scores", "chances")
        if is_mask and found.shape[-1] == 1 and found.size > 1:
            found, shown = both_classes(found, shown), "probabilities"
        print("\\n".join(describe(found, shown, known.get("classes", []))))


if __name__ == "__main__":
    main()
`;
}
