import type { NetworkAnalysis } from '../../../analysis/types';
import { serializeNetwork } from '../../../document/serialize';
import type { NetworkDocument } from '../../../schema/document';
import type { GeneratedFile } from '../../files';
import { arraysSource } from './arrays';
import { augmentSource } from './augment';
import { dataSource } from './data';
import { labelsSource } from './labels';
import { labelTableSource } from './labelTable';
import { optionsSource } from './options';
import { orderSource } from './order';
import { pairsSource } from './pairs';
import { parquetSource } from './parquet';
import { parquetPicturesSource } from './parquetPictures';
import { picturesSource } from './pictures';
import { restoringSource } from './restoring';
import { runFolderSource } from './runFolder';
import { mixingSource } from './mixing';
import { numpyScoresSource } from './scores';
import { networkFile, settingLines, trainedOutput, trainFile } from './settings';
import { tableSource } from './table';
import { trainerSource } from './trainer';

/** The files that every project that trains has: data, their order, and the folder of the run. */
export function trainingFiles(document: NetworkDocument): readonly GeneratedFile[] {
  return [
    { path: 'arrays.py', text: arraysSource },
    { path: 'augment.py', text: augmentSource },
    { path: 'data.py', text: dataSource },
    { path: 'label_table.py', text: labelTableSource },
    { path: 'labels.py', text: labelsSource },
    { path: 'mixing.py', text: mixingSource },
    { path: 'order.py', text: orderSource },
    { path: 'pairs.py', text: pairsSource },
    { path: 'parquet.py', text: parquetSource },
    { path: 'parquet_pictures.py', text: parquetPicturesSource },
    { path: 'pictures.py', text: picturesSource },
    { path: 'restoring.py', text: restoringSource },
    { path: 'run_folder.py', text: runFolderSource },
    { path: 'table.py', text: tableSource },
    { path: networkFile, text: serializeNetwork(document) },
  ];
}

/**
 * The files by which a project trains whose framework gives its values as NumPy arrays: `train.py` of a `head`, the settings and a `body`, and
 * what does not depend on the framework. None for a network that the app cannot train.
 */
export function printNumpyTraining(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  { head, body }: { readonly head: string; readonly body: string },
): readonly GeneratedFile[] {
  const trained = trainedOutput(document, analysis);
  if (trained === null) return [];
  return [
    { path: trainFile, text: [head.trimEnd(), '', ...settingLines(document, analysis, trained), body].join('\n') },
    { path: 'options.py', text: optionsSource },
    { path: 'scores.py', text: numpyScoresSource },
    { path: 'trainer.py', text: trainerSource },
    ...trainingFiles(document),
  ];
}
