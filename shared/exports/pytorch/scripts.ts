import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { countsText } from '../counts';
import { commentText } from '../names';
import { checkFile, weightsFile } from '../python/files';
import type { OutputForm } from '../outputs';
import { takesPictures } from '../pictures';
import { learnedSource, pictureAnswer, readKnownSource } from '../python/numpyScripts';
import { shapeText } from './language';

/** Prints `check.py`: how far the project's model is from Convloom's. */
export function printCheck({ totals }: NetworkAnalysis): string {
  return `"""Compares this model with Convloom: python check.py"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import Tensor

from model import build_model
from weights import load_weights, read_safetensors

PARAMETERS = ${totals.params}
TRAINABLE = ${totals.trainableParams}


def channels_first(values: Tensor) -> Tensor:
    """A batch of maps as PyTorch has them; lists stay as they are."""
    return values.permute(0, 3, 1, 2) if values.dim() == 4 else values


def compare() -> tuple[float, float]:
    """The largest difference to Convloom's answer of any value, and the largest value."""
    model = build_model().eval()
    trainable = sum(value.numel() for value in model.parameters() if value.requires_grad)
    held = model.state_dict().values()
    count = sum(value.numel() for value in held if value.is_floating_point())
    if (count, trainable) != (PARAMETERS, TRAINABLE):
        found = f"{count} parameters, {trainable} of them trainable"
        raise ValueError(f"The model has {found}, and not {PARAMETERS} and {TRAINABLE}.")
    load_weights(model, "${weightsFile}")
    given = read_safetensors("${checkFile}")
    inputs = [channels_first(given[name]) for name in given if name.startswith("input")]
    wanted = [channels_first(given[name]) for name in given if name.startswith("output")]
    with torch.no_grad():
        answer = model(*inputs)
    answers = answer if isinstance(answer, tuple) else (answer,)
    difference, scale = 0.0, 0.0
    for values, expected in zip(answers, wanted, strict=True):
        if values.shape != expected.shape:
            return math.inf, scale
        apart = (values - expected).abs().max().item()
        difference = max(difference, math.inf if math.isnan(apart) else apart)
        scale = max(scale, expected.abs().max().item())
    return difference, scale


def main() -> None:
    """Prints the comparison; with --json as one line of JSON. Fails where the values differ."""
    if not Path("${checkFile}").exists():
        sys.exit("No ${checkFile}: export the network together with a trained run.")
    difference, scale = compare()
    if "--json" in sys.argv[1:]:
        known = difference if math.isfinite(difference) else None
        numbers = {"maxDifference": known, "scale": scale, "runtime": str(torch.__version__)}
        print(json.dumps(numbers))
        return
    print(f"Largest difference {difference:.1e}, where the largest value is {scale:.3g}.")
    if difference > 1e-4 * max(scale, 1.0):
        sys.exit("These are not the values of Convloom.")


if __name__ == "__main__":
    main()
`;
}

const writePicture = `def write_picture(values: Tensor, path: Path) -> Path:
    """Writes an answer as a picture: values from 0 to 1."""
    pixels = (values * 255 + 0.5).floor().clamp(0, 255).byte().permute(1, 2, 0).numpy()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(path)
    return path


`;

const scaledSource = `def scaled(sample: Any, scaling: dict[str, Any]) -> Tensor:
    """Values as they are; those of a table's columns as the model has learned them."""
    values = torch.tensor(sample, dtype=torch.float64)
    if scaling.get("mean"):
        mean, deviation = torch.tensor([scaling["mean"], scaling["deviation"]], dtype=torch.float64)
        if values.numel() != mean.numel():
            counts = f"{mean.numel()} columns; the sample has {values.numel()} values"
            sys.exit(f"The model takes {counts}.")
        values = ((values.flatten() - mean) / deviation).reshape(values.shape)
    return values.float()


def in_units(values: Tensor, scaling: dict[str, Any]) -> Tensor:
    """Values that were learned of data, in the units of the data."""
    target = scaling.get("target") or {"mean": 0.0, "deviation": 1.0}
    return values * target["deviation"] + target["mean"]


`;

/** Prints `predict.py`: the model's answer to a picture, or to values as JSON. */
export function printPredict(analysis: NetworkAnalysis, gives: readonly OutputForm[]): string {
  const [input = ''] = analysis.inputs;
  const shape = analysis.nodes.get(input)?.outputShape ?? [];
  const hasPictures = takesPictures(analysis);
  const [height = null, width = null, channels = null] = shape;
  const size = height === null || width === null ? 'None' : `(${width}, ${height})`;
  const kinds = gives.map((kind) => `"${kind}"`);
  const picture = hasPictures
    ? `
# Width and height of the pictures that the model takes; None for any.
SIZE: tuple[int, int] | None = ${size}
MODE = "${channels === 1 ? 'L' : channels === 4 ? 'RGBA' : 'RGB'}"
`
    : '';
  const read = hasPictures
    ? `def read_sample(path: Path, scaling: dict[str, Any]) -> Tensor:
    """A picture, or one sample as JSON nested by rows, columns and channels; from 0 to 1."""
    if path.suffix == ".json":
        values = scaled(json.loads(path.read_text()), scaling)
    else:
        picture = Image.open(path).convert(MODE)
        resized = picture.resize(SIZE, Image.Resampling.BILINEAR) if SIZE else picture
        values = torch.from_numpy(np.array(resized)).float() / 255
    rows = values[:, :, None] if values.dim() == 2 else values
    return rows.permute(2, 0, 1)[None]
`
    : `def read_sample(path: Path, scaling: dict[str, Any]) -> list[Tensor]:
    """One sample as JSON; with several inputs, a list of them in their order."""
    content = json.loads(path.read_text())
    samples = content if INPUTS > 1 else [content]
    tensors = [scaled(sample, scaling)[None] for sample in samples]
    return [value.permute(0, 3, 1, 2) if value.dim() == 4 else value for value in tensors]
`;
  return `"""Prints the model's answer to one sample: python predict.py ${hasPictures ? 'picture.png' : 'sample.json'} [RUN]

RUN is the folder of a training; without it the weights are those that lie here.
"""

import json
import sys
from pathlib import Path
from typing import Any

${hasPictures ? 'import numpy as np\n' : ''}import torch
${hasPictures ? 'from PIL import Image\n' : ''}from torch import Tensor

from model import build_model
from weights import load_weights

# What each output gives: scores become probabilities by a softmax, as in training; chances are
# those of each class by itself.
GIVES = [${kinds.join(', ')}]
# The same, where it is known of the data.
${learnedSource}${hasPictures ? picture : `INPUTS = ${analysis.inputs.length}\n`}

${scaledSource}${read}

def describe_many(chances: Tensor, classes: list[str]) -> list[str]:
    """The classes that are given, any number of them, and how likely each is."""
    names = [classes[at] if at < len(classes) else f"class {at}" for at in range(chances.numel())]
    order = chances.argsort(descending=True).tolist()
    given = [names[at] for at in order if chances[at] >= 0.5]
    shown = order[: max(10, len(given))]
    lines = [f"{100 * chances[at].item():5.1f} %  {names[at]}" for at in shown]
    return [", ".join(given) or "none of the classes", *lines]


def both_classes(values: Tensor, gives: str) -> Tensor:
    """A mask of one channel, that of its second class, as how likely each of both is."""
    chances = torch.sigmoid(values) if gives == "scores" else values
    return torch.cat([1 - chances, chances])


def describe(values: Tensor, gives: str, classes: list[str]) -> list[str]:
    """The likeliest classes, the share of each class in the pixels, or the values as they are."""
    if gives in ("chances", "labels") and values.numel() == values.shape[0]:
        row = values.flatten()
        return describe_many(row if gives == "chances" else torch.sigmoid(row), classes)
    if gives in ("values", "picture") or values.numel() == 1:
        return [json.dumps(values.tolist())]
    shares = torch.softmax(values, dim=0) if gives == "scores" else values
    if shares.dim() > 1:
        best = shares.argmax(dim=0).flatten()
        shares = torch.bincount(best, minlength=shares.shape[0]) / best.numel()
    order = shares.argsort(descending=True)[:10].tolist()
    names = [classes[at] if at < len(classes) else f"class {at}" for at in order]
    return [f"{100 * shares[at].item():5.1f} %  {name}" for at, name in zip(order, names)]


${hasPictures ? writePicture : ''}${readKnownSource}def main() -> None:
    """Loads the weights and prints what the model says."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = Path(sys.argv[2]) if len(sys.argv) == 3 else Path()
    weights = folder / "${weightsFile}"
    if not weights.exists():
        sys.exit(f"No {weights}: train the model, or export it together with a run.")
    model = build_model().eval()
    load_weights(model, weights)
    known = read_known(folder)
    scaling = known.get("scaling") or {}
    inputs = read_sample(Path(sys.argv[1]), scaling)
    with torch.no_grad():
        answer = model(${hasPictures ? 'inputs' : '*inputs'})
    answers = answer if isinstance(answer, tuple) else (answer,)
    for at, (values, gives) in enumerate(zip(answers, GIVES)):
        shown = LEARNED.get(known.get("task", ""), gives)
        is_chance = shown == "labels" and gives in ("chances", "values")
        shown = "chances" if is_chance else shown
        found = in_units(values[0], scaling) if shown == "values" else values[0]
${hasPictures ? pictureAnswer('found', 'found.shape[:-2]') : ''}        is_mask = known.get("task") in ("segmentation", "classes") or shown in ("scores", "chances")
        if is_mask and found.shape[0] == 1 and found.numel() > 1:
            found, shown = both_classes(found, shown), "probabilities"
        print("\\n".join(describe(found, shown, known.get("classes", []))))


if __name__ == "__main__":
    main()
`;
}

const trainingWords = `- \`train.py\`: trains as Convloom does, with the settings of the network; \`--help\` lists the options that go before them. The data, their split
  and the order of the samples are Convloom's, so are the optimizer, its schedule and the law of the first weights; the random numbers of the
  first weights and of dropout are PyTorch's. \`data.py\`, \`pictures.py\`, \`pairs.py\`, \`restoring.py\`, \`table.py\`, \`parquet.py\`, \`parquet_pictures.py\` and \`order.py\` read data, \`augment.py\` changes pictures, \`mixing.py\` mixes samples, \`scores.py\` has losses and scores,
  \`run_folder.py\` writes the run, \`parallel.py\` is for several devices.

## Training

    uv run train.py --data images:photos --epochs 20
    torchrun --nproc-per-node=4 train.py       # several devices, or several processes on one
    uv run train.py --resume runs/RUN          # goes on where a run was broken off

Each process takes \`--batch-size\` samples a step, and the run's batch is that of all of them. Batch norms see it whole on CUDA; on other
devices each process normalises by its own part. Every process holds the data in memory.

\`train.sbatch\` (SLURM, \`sbatch train.sbatch\`), \`train.sky.yaml\` (SkyPilot, \`sky launch train.sky.yaml\`) and \`train.ipynb\` start it on
other machines. They follow the manuals of those tools and have not been tried on any cluster or cloud: look them through first.

The run's folder has what a run of Convloom has: \`run.json\`, \`network.json\`, \`metrics.jsonl\`, \`weights.safetensors\`. \`convloom evaluate runs/RUN\`
and \`convloom predict runs/RUN\` take it; \`--weights FILE\` begins a run with the weights of another. To go on with it is \`train.py\`'s: the
checkpoint is PyTorch's.
`;

/** Prints the project's README. */
export function printReadme(
  { name }: NetworkDocument,
  analysis: NetworkAnalysis,
  hasHelpers: boolean,
  trains: boolean,
): string {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => shapeText(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  const hasPictures = takesPictures(analysis);
  return `# ${commentText(name) || 'Network'}

Designed with Convloom, for PyTorch. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}, channels first; ${countsText(analysis.totals)}.

    uv run predict.py ${hasPictures ? 'picture.png' : 'sample.json'}    # or: pip install torch${hasPictures ? ' pillow numpy' : ''}, then python predict.py
    uv run check.py                  # the largest difference to Convloom's own values
${trains ? '    uv run train.py                  # a run that Convloom opens, in runs/\n' : ''}
- \`model.py\`: the network; its blocks are classes, and repeats loops. \`build_model()\` makes one with fresh weights.
${hasHelpers ? '- `layers.py`: what PyTorch does not have.\n' : ''}- \`initialize.py\`: fresh weights as Convloom draws them.
- \`weights.py\`: \`load_weights\` takes a file of PyTorch's \`state_dict\` or of a Convloom run, \`save_weights\` writes one that Convloom opens.
- \`predict.py\`: the classes by their probabilities, with the names that \`classes.json\` gives; scores pass through a softmax there.
- \`check.py\`: compares with Convloom, where the project was exported with a run.
${trains ? trainingWords : ''}
Where PyTorch's conventions are others than Convloom's, this project has PyTorch's: maps are channels first, kernels are laid out accordingly, the
rows of the first dense layer behind a map follow its channels, and batch norms give their momentum as the share of the new. In training, PyTorch
follows the variance of a batch divided by n - 1, Convloom that divided by n.
`;
}
