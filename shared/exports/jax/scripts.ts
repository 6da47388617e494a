import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { countsText } from '../counts';
import { commentText } from '../names';
import { takesPictures } from '../pictures';
import type { NumpyFramework } from '../python/numpyScripts';
import { trainingWords } from '../python/training/words';
import { shapeText } from '../python/literals';

/** What its scripts say of Flax. */
export const jaxScripts: NumpyFramework = {
  imports: ['import flax', 'import jax', 'import jax.numpy as jnp', 'import numpy as np', 'from flax import nnx'],
  predictImports: ['import jax.numpy as jnp', 'import numpy as np', 'from flax import nnx'],
  make: ['model = build_model()', 'model.eval()'],
  counts: [
    'held = nnx.state(model, nnx.Not(nnx.RngState))',
    'count = sum(value.size for value in jax.tree.leaves(held))',
    'trainable = sum(value.size for value in jax.tree.leaves(nnx.state(model, nnx.Param)))',
  ],
  answer: 'nnx.jit(model)(*[jnp.asarray(one) for one in inputs])',
  toNumpy: (value) => `np.asarray(${value})`,
  runtime: 'f"{flax.__version__}, JAX {jax.__version__} on {jax.default_backend()}"',
};

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

Designed with Convloom, for JAX with Flax NNX. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${countsText(analysis.totals)}.

    uv run predict.py ${hasPictures ? 'picture.png' : 'sample.json'}    # or: pip install flax${hasPictures ? ' pillow' : ''}, then python predict.py
    uv run check.py                  # the largest difference to Convloom's own values
${trains ? '    uv run train.py                  # a run that Convloom opens, in runs/\n' : ''}
- \`model.py\`: the network; its blocks are classes, and repeats loops. \`build_model()\` makes one with fresh weights, drawn as Convloom draws them.
${hasHelpers ? '- `layers.py`: what Flax does not have.\n' : ''}- \`weights.py\`: \`load_weights\` takes the weights of a Convloom run, \`save_weights\` writes some that Convloom opens.
- \`predict.py\`: the classes by their probabilities, with the names that \`classes.json\` gives; scores pass through a softmax there.
- \`check.py\`: compares with Convloom, where the project was exported with a run.
${trains ? trainingWords('JAX', '') : ''}
Maps are channels last and kernels lie as in Convloom. \`model.train()\` and \`model.eval()\` switch dropout and batch norms. Weights that are to stay are
no \`nnx.Param\`, so that \`nnx.Optimizer(model, ..., wrt=nnx.Param)\` and \`nnx.grad\` leave them as they are.
`;
}
