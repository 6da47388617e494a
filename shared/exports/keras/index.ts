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
import { checkShared } from '../code/sharing';
import { printers } from './kinds';
import { kerasLanguage } from './language';
import { printLayers } from './layers';
import { printModel } from './model';
import { kerasScripts, printReadme } from './scripts';
import { trainBody, trainHead } from './training/train';
import { printWeights } from './weights';

const target = 'Keras';

/** Prints a network as a Keras 3 project that runs on any of its backends, as `printPytorch` does for PyTorch. */
export function printKeras(document: NetworkDocument, analysis: NetworkAnalysis): Result<PythonProject> {
  const refused = checkPrinters(analysis, printers, target);
  if (refused.length > 0) return failure(...refused);
  const apart = checkShared(document, analysis, kerasLanguage, target);
  if (apart.length > 0) return failure(...apart);
  const model = printModel(document, analysis);
  const lost = checkWeights(analysis, model.printed, target);
  if (lost.length > 0) return failure(...lost);
  const custom = printLayers(model.custom);
  const gives = analysis.outputs.map((id) => outputForm(document, analysis, id));
  const training = printNumpyTraining(document, analysis, { head: trainHead, body: trainBody });
  const trains = training.length > 0;
  const pictures = takesPictures(analysis) || trains ? ['pillow>=10'] : [];
  const dependencies = [
    'keras>=3.9',
    'numpy>=1.26',
    ...pictures,
    ...(trains ? [parquetReader] : []),
    'tensorflow>=2.18',
  ];
  const weights = networkWeights(document, analysis);
  const files = [
    { path: 'README.md', text: printReadme(document, analysis, custom !== null, trains) },
    {
      path: 'pyproject.toml',
      text: `${pyproject(packageName(document.name), dependencies)}${untyped(['keras.*', ...(trains ? ['pyarrow.*'] : []), 'tensorflow.*'])}
# Keras says nothing of its types, and so its layers cannot either.
[[tool.mypy.overrides]]
module = "custom_layers"
ignore_errors = true

[[tool.mypy.overrides]]
module = "model"
disallow_untyped_calls = false
`,
    },
    { path: 'model.py', text: model.text, nodeLines: model.nodeLines },
    ...(custom === null ? [] : [{ path: 'custom_layers.py', text: custom }]),
    { path: 'weights.py', text: printWeights(model.weightLayers, weights) },
    { path: 'check.py', text: printCheck(analysis, kerasScripts) },
    { path: 'predict.py', text: printPredict(analysis, gives, kerasScripts) },
    ...training,
  ];
  return success({ files, weights: weights.map(({ name }) => ({ place: name, name, order: [] })) });
}
