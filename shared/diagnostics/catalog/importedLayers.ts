import { text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A part of a file for which there is no layer here; `why` says what it is or what about it. */
export function importLayerUnknown(path: string, source: string, operation: string, why: Text): Diagnostic {
  return {
    code: 'import/layer-unknown',
    severity: 'error',
    at: { path },
    summary: text(
      `${path}: “${source}” is a ${operation}, which cannot be imported. ${why.en}`,
      `${path}：“${source}”是 ${operation}，无法导入。${why.zh}`,
    ),
    why: text(
      'Cut the model before it, or write that part in layers that Convloom has.',
      '请在它之前截断模型，或用 Convloom 已有的层改写这一部分。',
    ),
    fixes: [],
  };
}

/** A file that its own engine could not run here, so that it is not compared; `why` ends the sentence. */
export function importNotRun(why: Text): Diagnostic {
  return { code: 'import/not-run', severity: 'error', at: {}, summary: why, fixes: [] };
}
