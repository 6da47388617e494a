import type { NetworkAnalysis } from '../../analysis/types';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import type { Task } from '../../schema/data';
import type { NetworkDocument } from '../../schema/document';
import { flatNetwork } from '../../document/expand';
import type { GeneratedFile } from '../files';
import type { Learned } from '../learned';
import { commentText } from '../names';
import { checkPrinters, checkWeights } from '../printers';
import { checkShared } from '../code/sharing';
import { typescriptLanguage } from './language';
import { printLayers } from './customLayers';
import { printers } from './kinds';
import { allLayers, type PrintedComparison } from './lossModel';
import { printModel } from './model';
import {
  eslintConfig,
  gitignore,
  packageJson,
  prettierignore,
  prettierrc,
  projectReadme,
  tsconfigJson,
  viteConfig,
} from './project';
import { inputKind, printScripts, spoilingOf } from './sources';
import { htmlSource } from './sources/htmlSource';
import { printWeights } from './weights';

export type { GeneratedFile } from '../files';
export { printCheck, type ReferenceAnswer } from './sources/checkSource';
export { lossWeightsName, printComparison, stylePictureFile, type PrintedComparison } from './lossModel';

const target = 'TypeScript (tfjs)';

/**
 * Prints a network as a TypeScript project for `@tensorflow/tfjs`: `src/model.ts` builds it layer by layer, `src/weights.ts` puts a
 * run's weights into it, and `train` and `predict` are scripts that use both. What tfjs has no layer for is in `src/layers.ts`. The same
 * document always gives the same text. Fails with the analyser's own findings for a network that has errors, and for a kind of layer
 * that it has no words for. With `comparison` the project brings the network by which a perceptual loss compares pictures, and trains with it.
 */
export function printTypescript(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  comparison: PrintedComparison | null = null,
): Result<readonly GeneratedFile[]> {
  const document = flatNetwork(source);
  const refused = checkPrinters(analysis, printers, target);
  if (refused.length > 0) return failure(...refused);
  const apart = checkShared(source, analysis, typescriptLanguage, target);
  if (apart.length > 0) return failure(...apart);
  const model = printModel(source, analysis);
  const lost = checkWeights(analysis, model.weightLayers, target);
  if (lost.length > 0) return failure(...lost);
  const layers = printLayers(comparison === null ? model.customLayers : allLayers(model, comparison));
  const kind = inputKind(analysis);
  return success([
    { path: 'README.md', text: projectReadme(document, analysis, kind, comparison) },
    { path: 'package.json', text: packageJson(document, kind) },
    { path: 'tsconfig.json', text: tsconfigJson },
    { path: 'eslint.config.js', text: eslintConfig },
    { path: '.prettierrc', text: prettierrc },
    { path: '.prettierignore', text: prettierignore },
    { path: '.gitignore', text: gitignore },
    { path: 'src/model.ts', text: model.text, nodeLines: model.nodeLines },
    ...(comparison === null ? [] : [{ path: 'src/lossNetwork.ts', text: comparison.text }]),
    ...(layers === null ? [] : [{ path: 'src/layers.ts', text: layers }]),
    { path: 'src/weights.ts', text: printWeights(model.weightLayers) },
    ...printScripts(document, analysis, { outputs: model.outputs, kind, comparison }),
    ...(kind === 'picture'
      ? [
          { path: 'index.html', text: htmlSource(commentText(document.name) || 'Network') },
          { path: 'vite.config.js', text: viteConfig },
        ]
      : []),
  ]);
}

/** Whether the digits that the app has built in are to lie beside a project: its network learns to restore them. */
export function bringsDigits(document: NetworkDocument, analysis: NetworkAnalysis): boolean {
  return spoilingOf(document, inputKind(analysis)) !== null;
}

/** Prints `classes.json`, in which the scripts look up what the numbers of a trained model mean. */
export function printLearned({ task, classes, scaling }: Learned): string {
  const kinds = {
    classification: 'classes',
    'multi-label': 'labels',
    segmentation: 'classes',
    regression: 'numbers',
    'image-to-image': 'pictures',
  } as const satisfies Record<Task, string>;
  return `${JSON.stringify({ task: kinds[task], classes, scaling }, null, 2)}\n`;
}
