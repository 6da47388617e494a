import type { NetworkAnalysis } from '../../analysis/types';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../schema/document';
import { flatNetwork } from '../../document/expand';
import type { GeneratedFile } from '../files';
import type { Learned } from '../learned';
import { takesPictures } from '../pictures';
import { checkPrinters, checkWeights } from '../printers';
import { printLayers } from './customLayers';
import { printers } from './kinds';
import { printModel } from './model';
import { checkSource } from './checkSource';
import { dataSource } from './dataSource';
import { backendSource, evaluateSource } from './evaluateSource';
import { pictureSource } from './pictureSource';
import { predictSource } from './predictSource';
import { packageJson, prettierrc, projectReadme, tsconfigJson } from './project';
import { trainSource } from './trainSource';
import { printWeights } from './weights';

export type { GeneratedFile } from '../files';
export { printCheck, type ReferenceAnswer } from './checkSource';

const target = 'TypeScript (tfjs)';

/**
 * Prints a network as a TypeScript project for `@tensorflow/tfjs`: `src/model.ts` builds it layer by layer, `src/weights.ts` puts a
 * run's weights into it, and `train` and `predict` are scripts that use both. What tfjs has no layer for is in `src/layers.ts`. The same
 * document always gives the same text. Fails with the analyser's own findings for a network that has errors, and for a kind of layer
 * that it has no words for.
 */
export function printTypescript(source: NetworkDocument, analysis: NetworkAnalysis): Result<readonly GeneratedFile[]> {
  const document = flatNetwork(source);
  const refused = checkPrinters(analysis, printers, target);
  if (refused.length > 0) return failure(...refused);
  const model = printModel(source, analysis);
  const lost = checkWeights(analysis, model.weightLayers, target);
  if (lost.length > 0) return failure(...lost);
  const layers = printLayers(model.customLayers);
  const hasPictures = takesPictures(analysis);
  return success([
    { path: 'README.md', text: projectReadme(document, analysis, hasPictures) },
    { path: 'package.json', text: packageJson(document, hasPictures) },
    { path: 'tsconfig.json', text: tsconfigJson },
    { path: '.prettierrc', text: prettierrc },
    { path: 'src/model.ts', text: model.text, nodeLines: model.nodeLines },
    ...(layers === null ? [] : [{ path: 'src/layers.ts', text: layers }]),
    { path: 'src/weights.ts', text: printWeights(model.weightLayers) },
    { path: 'src/backend.ts', text: backendSource },
    { path: 'src/check.ts', text: checkSource },
    ...(hasPictures ? [{ path: 'src/pictures.ts', text: pictureSource }] : []),
    { path: 'src/data.ts', text: dataSource(hasPictures) },
    { path: 'src/evaluate.ts', text: evaluateSource },
    { path: 'src/predict.ts', text: predictSource(document, model.outputs, hasPictures) },
    { path: 'src/train.ts', text: trainSource(document, model.outputs) },
  ]);
}

/** Prints `classes.json`, in which the scripts look up what the numbers of a trained model mean. */
export function printLearned({ task, classes, scaling }: Learned): string {
  return `${JSON.stringify({ task: task === 'regression' ? 'numbers' : 'classes', classes, scaling }, null, 2)}\n`;
}
