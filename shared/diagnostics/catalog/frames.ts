import { limits } from '../../schema/limits';
import { formatCount, text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

function refused(code: string, summary: Text, why?: Text): Diagnostic {
  return { code, severity: 'error', at: {}, summary, ...(why === undefined ? {} : { why }), fixes: [] };
}

/** A frame that is to be changed or removed is not there. */
export function unknownFrame(id: string): Diagnostic {
  return refused('frames/unknown-frame', text(`There is no frame “${id}”.`, `没有名为“${id}”的框。`));
}

/** A new frame has the id of another. */
export function duplicateFrame(id: string): Diagnostic {
  return refused('frames/duplicate-id', text(`There is a frame “${id}” already.`, `已经有 id 为“${id}”的框。`));
}

/** No further frame has a place in the document. */
export function tooManyFrames(): Diagnostic {
  const count = formatCount(limits.frames);
  return refused(
    'frames/too-many',
    text(`A canvas has at most ${count} frames.`, `一张画布上最多有 ${count} 个框。`),
    text('Delete some that are no longer needed.', '请先删除不再需要的框。'),
  );
}
