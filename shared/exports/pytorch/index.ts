import type { NetworkAnalysis } from '../../analysis/types';
import { networkWeights } from '../../compile/networkWeights';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../schema/document';
import { packageName } from '../names';
import { outputForm } from '../outputs';
import { checkPrinters, checkWeights } from '../printers';
import { parquetReader, pyproject, untyped } from '../python/files';
import { takesPictures } from '../pictures';
import type { PythonProject } from '../python/project';
import { flatNetwork } from '../../document/expand';
import { checkShared } from '../code/sharing';
import { printers } from './kinds';
import { pytorchLanguage } from './language';
import { printHelpers } from './layers';
import { printModel } from './model';
import { printCheck, printPredict, printReadme } from './scripts';
import { printTraining } from './training';
import { printInitialize, printWeights } from './weights';

const target = 'PyTorch';

/**
 * Prints a network as a PyTorch project: `model.py` has a class for each block and one for the network, `weights.py` moves weights between
 * PyTorch and Convloom, `check.py` and `predict.py` are scripts that use both. What PyTorch has no layer for is in `layers.py`. The same
 * document always gives the same text. Fails with the analyser's own findings for a network that has errors, and for a kind of layer that
 * it has no words for.
 */
export function printPytorch(document: NetworkDocument, analysis: NetworkAnalysis): Result<PythonProject> {
  const refused = checkPrinters(analysis, printers, target);
  if (refused.length > 0) return failure(...refused);
  const apart = checkShared(document, analysis, pytorchLanguage(flatNetwork(document), analysis), target);
  if (apart.length > 0) return failure(...apart);
  const model = printModel(document, analysis);
  const lost = checkWeights(analysis, model.printed, target);
  if (lost.length > 0) return failure(...lost);
  const layers = printHelpers(model.helpers);
  const gives = analysis.outputs.map((id) => outputForm(document, analysis, id));
  const training = printTraining(document, analysis);
  const trains = training.length > 0;
  const dependencies = [
    ...(takesPictures(analysis) || trains ? ['numpy>=1.26', 'pillow>=10'] : []),
    ...(trains ? [parquetReader] : []),
    'torch>=2.4',
  ];
  const files = [
    { path: 'README.md', text: printReadme(document, analysis, layers !== null, trains) },
    {
      path: 'pyproject.toml',
      text: pyproject(packageName(document.name), dependencies) + (trains ? untyped(['pyarrow.*']) : ''),
    },
    { path: 'model.py', text: model.text, nodeLines: model.nodeLines },
    ...(layers === null ? [] : [{ path: 'layers.py', text: layers }]),
    { path: 'initialize.py', text: printInitialize(networkWeights(document, analysis), model.weights) },
    { path: 'weights.py', text: printWeights(model.weights) },
    { path: 'check.py', text: printCheck(analysis) },
    { path: 'predict.py', text: printPredict(analysis, gives) },
    ...training,
  ];
  return success({ files, weights: model.weights });
}
