import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { countsText } from '../counts';
import { commentText } from '../names';
import { takesPictures } from '../pictures';
import type { NumpyFramework } from '../python/numpyScripts';
import { trainingWords } from '../python/training/words';
import { shapeText } from '../python/literals';

/** What its scripts say of Keras. */
export const kerasScripts: NumpyFramework = {
  imports: ['import keras', 'import numpy as np'],
  predictImports: ['import keras', 'import numpy as np'],
  make: ['model = build_model()'],
  counts: [
    'count = sum(math.prod(weight.shape) for weight in model.weights if weight.dtype == "float32")',
    'trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)',
  ],
  answer: 'model(inputs if len(inputs) > 1 else inputs[0], training=False)',
  toNumpy: (value) => `keras.ops.convert_to_numpy(${value})`,
  runtime: 'f"{keras.__version__} on {keras.backend.backend()}"',
};

const severalWords = `The training runs on TensorFlow alone. \`--replicas N\` makes a \`tf.distribute.MirroredStrategy\` of N GPUs, or of N parts of the CPU to try it: each takes its
part of \`--batch-size\`, and batch norms see the whole batch.
`;

/** Prints the project's README. */
export function printReadme(
  { name }: NetworkDocument,
  analysis: NetworkAnalysis,
  hasLayers: boolean,
  trains: boolean,
): string {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => shapeText(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  const hasPictures = takesPictures(analysis);
  return `# ${commentText(name) || 'Network'}

Designed with Convloom, for Keras 3 on TensorFlow, JAX or PyTorch. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${countsText(analysis.totals)}.

    uv run predict.py ${hasPictures ? 'picture.png' : 'sample.json'}    # or: pip install keras tensorflow${hasPictures ? ' pillow' : ''}, then python predict.py
    uv run check.py                  # the largest difference to Convloom's own values
${trains ? '    uv run train.py                  # a run that Convloom opens, in runs/\n' : ''}
\`KERAS_BACKEND=jax\` or \`torch\` chooses another backend than TensorFlow, once that is installed.

- \`model.py\`: the network; its blocks are functions, and repeats loops. \`build_model()\` makes one with fresh weights.
${hasLayers ? '- `custom_layers.py`: what Keras does not have, registered so that a saved model can be loaded.\n' : ''}- \`weights.py\`: \`load_weights\` takes the weights of a Convloom run, \`save_weights\` writes some that Convloom opens.
- \`predict.py\`: the classes by their probabilities, with the names that \`classes.json\` gives; scores pass through a softmax there.
- \`check.py\`: compares with Convloom, where the project was exported with a run.
${trains ? `${trainingWords('Keras', '    uv run train.py --replicas 4               # several GPUs, by tf.distribute\n')}\n${severalWords}` : ''}`;
}
