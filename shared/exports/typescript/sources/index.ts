import type { NetworkAnalysis } from '../../../analysis/types';
import type { NetworkDocument } from '../../../schema/document';
import type { GeneratedFile } from '../../files';
import { takesPictures } from '../../pictures';
import type { PrintedComparison } from '../lossModel';
import type { PrintedOutput } from '../model';
import { mixingsOf, strengthsOf } from '../../../schema/augmentation';
import { defaultTrainingConfig } from '../../../schema/training';
import { answersSource } from './answersSource';
import { arraysSource } from './arraysSource';
import { augmentSource } from './augmentSource';
import { backendSource } from './backendSource';
import { checkSource } from './checkSource';
import { checkpointSource } from './checkpointSource';
import { cifar10Source } from './cifar10Source';
import { columnsSource } from './columnsSource';
import { dataSource, isSpoiling, type InputKind, type Spoiling } from './dataSource';
import { evaluateSource } from './evaluateSource';
import { foldersSource } from './foldersSource';
import { idxSource } from './idxSource';
import { labelsSource } from './labelsSource';
import { labelTableSource } from './labelTableSource';
import { masksSource } from './masksSource';
import { mixingSource } from './mixingSource';
import { ownPicturesSource } from './ownPicturesSource';
import { pairsSource } from './pairsSource';
import { pageSource } from './pageSource';
import { parquetPicturesSource } from './parquetPicturesSource';
import { parquetSource } from './parquetSource';
import { perceptualSource } from './perceptualSource';
import { picturesSource } from './picturesSource';
import { pixelsSource } from './pixelsSource';
import { predictSource } from './predictSource';
import { restoringSource } from './restoringSource';
import { savedSource } from './savedSource';
import { scoresSource } from './scoresSource';
import { settingsSource } from './settingsSource';
import { splitSource } from './splitSource';
import { tableSource } from './tableSource';
import { trainSource } from './trainSource';
import { treeSource } from './treeSource';
import { valuesSource } from './valuesSource';

export type { InputKind } from './dataSource';

/** What a network takes: pictures, the row of a table, or values that only JSON can hold. */
export function inputKind(analysis: NetworkAnalysis): InputKind {
  if (takesPictures(analysis)) return 'picture';
  const [shape, ...others] = analysis.inputs.map((id) => analysis.nodes.get(id)?.outputShape ?? []);
  return others.length === 0 && shape?.length === 1 ? 'table' : 'other';
}

/** How the digits are spoilt that a project brings along; null where it brings none. */
export function spoilingOf({ train }: NetworkDocument, kind: InputKind): Spoiling | null {
  const { data } = { ...defaultTrainingConfig, ...train };
  return kind === 'picture' && isSpoiling(data) ? data : null;
}

/** Whether the pictures of a folder are what the network is to learn, as its data say. */
export function learnsOwnPictures({ train }: NetworkDocument, kind: InputKind): boolean {
  const { data } = { ...defaultTrainingConfig, ...train };
  return kind === 'picture' && (data === 'mnist-pictures' || data.startsWith('pictures:'));
}

type ScriptChoices = {
  readonly outputs: readonly PrintedOutput[];
  readonly kind: InputKind;
  /** What a perceptual loss compares by; null where the project has no such loss. */
  readonly comparison: PrintedComparison | null;
};

/** Prints what trains a network, scores it and asks it. */
export function printScripts(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  { outputs, kind, comparison }: ScriptChoices,
): readonly GeneratedFile[] {
  const isPicture = kind === 'picture';
  const config = { ...defaultTrainingConfig, ...document.train };
  const strengths = isPicture ? strengthsOf(config) : null;
  const spoiling = spoilingOf(document, kind);
  const isOfOwn = learnsOwnPictures(document, kind);
  const readsParquet = kind === 'table' || (isPicture && !isOfOwn);
  const isMixing = mixingsOf(config).length > 0;
  const sources: readonly (readonly [name: string, text: string])[] = [
    ['answers', answersSource(document, analysis, outputs)],
    ...(isPicture ? ([['arrays', arraysSource]] as const) : []),
    ...(strengths === null ? [] : ([['augment', augmentSource(strengths)]] as const)),
    ['backend', backendSource],
    ['check', checkSource],
    ['checkpoint', checkpointSource],
    ...(isPicture ? ([['cifar10', cifar10Source]] as const) : []),
    ...(readsParquet ? ([['columns', columnsSource]] as const) : []),
    ['data', dataSource(kind, { hasDigits: spoiling !== null, isOfOwn })],
    ['evaluate', evaluateSource],
    ...(isPicture && !isOfOwn ? ([['folders', foldersSource]] as const) : []),
    ['idx', idxSource],
    ['labels', labelsSource],
    ...(isPicture && !isOfOwn ? ([['labelTable', labelTableSource]] as const) : []),
    ...(isPicture
      ? ([
          ['masks', masksSource],
          ['page', pageSource],
          ['pairs', pairsSource],
          ['pictures', picturesSource],
          ['pixels', pixelsSource],
        ] as const)
      : []),
    ...(isMixing ? ([['mixing', mixingSource(config)]] as const) : []),
    ...(isOfOwn ? ([['own', ownPicturesSource]] as const) : []),
    ...(readsParquet ? ([['parquet', parquetSource]] as const) : []),
    ...(readsParquet && isPicture ? ([['parquetPictures', parquetPicturesSource]] as const) : []),
    ...(comparison === null ? [] : ([['perceptual', perceptualSource(comparison)]] as const)),
    ['predict', predictSource(isPicture)],
    ...(spoiling === null ? [] : ([['restoring', restoringSource(spoiling)]] as const)),
    ['saved', savedSource],
    ['scores', scoresSource(isMixing, comparison)],
    ['settings', settingsSource(document, outputs, { isPerceptual: comparison !== null, hasTable: kind === 'table' })],
    ['split', splitSource],
    ...(kind === 'table' ? ([['table', tableSource]] as const) : []),
    ['train', trainSource({ isAugmenting: strengths !== null, isMixing })],
    ...(isPicture || readsParquet ? ([['tree', treeSource]] as const) : []),
    ['values', valuesSource],
  ];
  return sources.map(([name, text]) => ({ path: `src/${name}.ts`, text }));
}
