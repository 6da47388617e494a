import type { NetworkAnalysis } from '../../analysis/types';
import { networkWeights } from '../../compile/networkWeights';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../schema/document';
import { packageName } from '../names';
import { outputForm } from '../outputs';
import { checkPrinters, checkWeights } from '../printers';
import { parquetReader, pyproject, untyped } from '../python/files';
import { takesPictures } from '../pictures';
import { printCheck, printPredict } from '../python/numpyScripts';
import type { PythonProject } from '../python/project';
import { printNumpyTraining } from '../python/training';
import { flatNetwork } from '../../document/expand';
import { checkShared } from '../code/sharing';
import { printers } from './kinds';
import { jaxLanguage } from './language';
import { printHelpers } from './layers';
import { printModel } from './model';
import { jaxScripts, printReadme } from './scripts';
import { trainBody, trainHead } from './training/train';
import { printWeights } from './weights';

const target = 'JAX';

/** Prints a network as a project for JAX with Flax NNX, as `printPytorch` does for PyTorch; its file of weights has Convloom's names. */
export function printJax(document: NetworkDocument, analysis: NetworkAnalysis): Result<PythonProject> {
  const refused = checkPrinters(analysis, printers, target);
  if (refused.length > 0) return failure(...refused);
  const apart = checkShared(document, analysis, jaxLanguage(flatNetwork(document)), target);
  if (apart.length > 0) return failure(...apart);
  const model = printModel(document, analysis);
  const lost = checkWeights(analysis, model.printed, target);
  if (lost.length > 0) return failure(...lost);
  const layers = printHelpers(model.helpers);
  const gives = analysis.outputs.map((id) => outputForm(document, analysis, id));
  const training = printNumpyTraining(document, analysis, { head: trainHead, body: trainBody });
  const trains = training.length > 0;
  const further = [
    ...(trains ? ['optax>=0.2.4'] : []),
    ...(takesPictures(analysis) || trains ? ['pillow>=10'] : []),
    ...(trains ? [parquetReader] : []),
  ];
  const weights = networkWeights(document, analysis);
  const files = [
    { path: 'README.md', text: printReadme(document, analysis, layers !== null, trains) },
    {
      path: 'pyproject.toml',
      text: `${pyproject(packageName(document.name), ['flax>=0.12', 'jax>=0.8', 'numpy>=2.0', ...further], '3.11')}# Some of what Flax has says nothing of its types, and so what the model has of it.
untyped_calls_exclude = ["flax", "jax", "model"]
${untyped(['optax.*', ...(trains ? ['pyarrow.*'] : [])])}`,
    },
    { path: 'model.py', text: model.text, nodeLines: model.nodeLines },
    ...(layers === null ? [] : [{ path: 'layers.py', text: layers }]),
    { path: 'weights.py', text: printWeights(model.weights, weights) },
    { path: 'check.py', text: printCheck(analysis, jaxScripts) },
    { path: 'predict.py', text: printPredict(analysis, gives, jaxScripts) },
    ...training,
  ];
  return success({ files, weights: weights.map(({ name }) => ({ place: name, name, order: [] })) });
}
