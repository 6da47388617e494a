import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { countsText } from '../counts';
import { commentText } from '../names';
import { checkFile, classesFile, weightsFile } from '../python/files';
import { takesPictures } from '../pytorch/scripts';
import { shapeText } from './language';

/** Prints `check.py`: how far the project's model is from Convloom's. */
export function printCheck({ totals }: NetworkAnalysis): string {
  return `"""Compares this model with Convloom: python check.py"""

import json
import math
import sys
from pathlib import Path

import keras
import numpy as np

from model import build_model
from weights import load_weights, read_safetensors

PARAMETERS = ${totals.params}
TRAINABLE = ${totals.trainableParams}


def compare() -> tuple[float, float]:
    """The largest difference to Convloom's answer of any value, and the largest value."""
    model = build_model()
    count = sum(math.prod(weight.shape) for weight in model.weights if weight.dtype == "float32")
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    if (count, trainable) != (PARAMETERS, TRAINABLE):
        found = f"{count} parameters, {trainable} of them trainable"
        raise ValueError(f"The model has {found}, and not {PARAMETERS} and {TRAINABLE}.")
    load_weights(model, "${weightsFile}")
    given = read_safetensors("${checkFile}")
    inputs = [given[name] for name in given if name.startswith("input")]
    wanted = [given[name] for name in given if name.startswith("output")]
    answer = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    answers = answer if isinstance(answer, (list, tuple)) else [answer]
    difference, scale = 0.0, 0.0
    for values, expected in zip(answers, wanted, strict=True):
        found_values = keras.ops.convert_to_numpy(values)
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
        runtime = f"{keras.__version__} on {keras.backend.backend()}"
        print(json.dumps({"maxDifference": known, "scale": scale, "runtime": runtime}))
        return
    print(f"Largest difference {difference:.1e}, where the largest value is {scale:.3g}.")
    if difference > 1e-4 * max(scale, 1.0):
        sys.exit("These are not the values of Convloom.")


if __name__ == "__main__":
    main()
`;
}

/** Prints `predict.py`: the model's answer to a picture, or to values as JSON. */
export function printPredict({ train }: NetworkDocument, analysis: NetworkAnalysis, gives: readonly string[]): string {
  const [input = ''] = analysis.inputs;
  const [height = null, width = null, channels = null] = analysis.nodes.get(input)?.outputShape ?? [];
  const hasPictures = takesPictures(analysis);
  const size = height === null || width === null ? 'None' : `(${width}, ${height})`;
  const kinds = gives.map((kind) => `"${train?.loss === 'meanSquaredError' && kind === 'scores' ? 'values' : kind}"`);
  const constants = hasPictures
    ? `# Width and height of the pictures that the model takes; None for any.
SIZE: tuple[int, int] | None = ${size}
MODE = "${channels === 1 ? 'L' : channels === 4 ? 'RGBA' : 'RGB'}"
`
    : `INPUTS = ${analysis.inputs.length}
`;
  const read = hasPictures
    ? `def read_sample(path: Path) -> list[Values]:
    """A picture, or one sample as JSON nested by rows, columns and channels; from 0 to 1."""
    if path.suffix == ".json":
        values = np.asarray(json.loads(path.read_text()), dtype=np.float32)
    else:
        picture = Image.open(path).convert(MODE)
        resized = picture.resize(SIZE, Image.Resampling.BILINEAR) if SIZE else picture
        values = (np.asarray(resized) / 255).astype(np.float32)
    return [(values[:, :, None] if values.ndim == 2 else values)[None]]
`
    : `def read_sample(path: Path) -> list[Values]:
    """One sample as JSON; with several inputs, a list of them in their order."""
    content = json.loads(path.read_text())
    samples = content if INPUTS > 1 else [content]
    return [np.asarray(sample, dtype=np.float32)[None] for sample in samples]
`;
  return `"""Prints the model's answer to one sample: python predict.py ${hasPictures ? 'picture.png' : 'sample.json'}"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
${hasPictures ? 'from PIL import Image\n' : ''}
from model import build_model
from weights import Values, load_weights

# What each output gives: scores become probabilities by a softmax, as in training.
GIVES = [${kinds.join(', ')}]
${constants}

${read}

def describe(values: Values, gives: str, classes: list[str]) -> list[str]:
    """The likeliest classes, the share of each class in the pixels, or the values as they are."""
    if gives == "values" or values.size == 1:
        return [json.dumps(values.tolist())]
    powers = np.exp(values - values.max(axis=-1, keepdims=True)) if gives == "scores" else values
    shares = powers / powers.sum(axis=-1, keepdims=True)
    if shares.ndim > 1:
        best = shares.argmax(axis=-1).ravel()
        shares = np.bincount(best, minlength=shares.shape[-1]) / best.size
    order = [int(at) for at in np.argsort(-shares)[:10]]
    names = [classes[at] if at < len(classes) else f"class {at}" for at in order]
    return [f"{100 * shares[at]:5.1f} %  {name}" for at, name in zip(order, names)]


def main() -> None:
    """Loads the weights and prints what the model says."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not Path("${weightsFile}").exists():
        sys.exit("No ${weightsFile}: train the model, or export it together with a run.")
    model = build_model()
    load_weights(model, "${weightsFile}")
    learned = Path("${classesFile}")
    known = json.loads(learned.read_text()) if learned.exists() else {}
    inputs = read_sample(Path(sys.argv[1]))
    answer = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    answers = answer if isinstance(answer, (list, tuple)) else [answer]
    for values, gives in zip(answers, GIVES):
        shown = "values" if known.get("task") == "numbers" else gives
        found = keras.ops.convert_to_numpy(values)[0]
        print("\\n".join(describe(found, shown, known.get("classes", []))))


if __name__ == "__main__":
    main()
`;
}

/** Prints the project's README. */
export function printReadme({ name }: NetworkDocument, analysis: NetworkAnalysis, hasLayers: boolean): string {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => shapeText(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  const hasPictures = takesPictures(analysis);
  return `# ${commentText(name) || 'Network'}

Designed with Convloom, for Keras 3 on TensorFlow, JAX or PyTorch. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${countsText(analysis.totals)}.

    uv run predict.py ${hasPictures ? 'picture.png' : 'sample.json'}    # or: pip install keras tensorflow${hasPictures ? ' pillow' : ''}, then python predict.py
    uv run check.py                  # the largest difference to Convloom's own values

\`KERAS_BACKEND=jax\` or \`torch\` chooses another backend than TensorFlow, once that is installed.

- \`model.py\`: the network; its blocks are functions, and repeats loops. \`build_model()\` makes one with fresh weights.
${hasLayers ? '- `custom_layers.py`: what Keras does not have, registered so that a saved model can be loaded.\n' : ''}- \`weights.py\`: \`load_weights\` takes the weights of a Convloom run, \`save_weights\` writes some that Convloom opens.
- \`predict.py\`: the classes by their probabilities, with the names that \`classes.json\` gives; scores pass through a softmax there.
- \`check.py\`: compares with Convloom, where the project was exported with a run.
`;
}
