import type { NetworkAnalysis } from '../../../analysis/types';
import type { NetworkDocument } from '../../../schema/document';
import type { GeneratedFile } from '../../files';
import { pythonBoolean } from '../../python/literals';
import { trainingFiles } from '../../python/training';
import { settingLines, trainedOutput, trainFile } from '../../python/training/settings';
import { launchers } from './launchers';
import { parallelSource } from './parallel';
import { scoresSource } from './scores';
import { trainBody, trainHead } from './train';

/** The files by which a printed project trains its model as the app would; none for a network that the app cannot train. */
export function printTraining(document: NetworkDocument, analysis: NetworkAnalysis): readonly GeneratedFile[] {
  const trained = trainedOutput(document, analysis);
  if (trained === null) return [];
  const settings = [
    ...settingLines(document, analysis, trained),
    '# Whether there are weights that this output does not need.',
    `HAS_IDLE_PARTS = ${pythonBoolean(analysis.outputs.length > 1)}`,
  ];
  return [
    { path: trainFile, text: [trainHead.trimEnd(), '', ...settings, trainBody].join('\n') },
    { path: 'parallel.py', text: parallelSource },
    { path: 'scores.py', text: scoresSource },
    ...launchers,
    ...trainingFiles(document),
  ];
}
