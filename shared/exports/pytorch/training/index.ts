import type { NetworkAnalysis } from '../../../analysis/types';
import { serializeNetwork } from '../../../document/serialize';
import type { NetworkDocument } from '../../../schema/document';
import type { GeneratedFile } from '../../files';
import { dataSource } from '../../python/training/data';
import { orderSource } from '../../python/training/order';
import { picturesSource } from '../../python/training/pictures';
import { runFolderSource } from '../../python/training/runFolder';
import { networkFile, settingLines, trainedOutput, trainFile } from '../../python/training/settings';
import { tableSource } from '../../python/training/table';
import { launchers } from './launchers';
import { parallelSource } from './parallel';
import { scoresSource } from './scores';
import { trainBody, trainHead } from './train';

/** The files by which a printed project trains its model as the app would; none for a network that the app cannot train. */
export function printTraining(document: NetworkDocument, analysis: NetworkAnalysis): readonly GeneratedFile[] {
  const trained = trainedOutput(document, analysis);
  if (trained === null) return [];
  const settings = settingLines(document, analysis, trained);
  return [
    { path: trainFile, text: [trainHead.trimEnd(), '', ...settings, trainBody].join('\n') },
    { path: 'data.py', text: dataSource },
    { path: 'order.py', text: orderSource },
    { path: 'parallel.py', text: parallelSource },
    { path: 'pictures.py', text: picturesSource },
    { path: 'run_folder.py', text: runFolderSource },
    { path: 'scores.py', text: scoresSource },
    { path: 'table.py', text: tableSource },
    ...launchers,
    { path: networkFile, text: serializeNetwork(document) },
  ];
}
