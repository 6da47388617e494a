import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** What two changes of a network did to the same thing; `values` are as they are written, null where it is not there. */
export type ContestedChange = {
  /** What it is about in both languages, as in "node c2, filters". */
  readonly subject: ReturnType<typeof text>;
  readonly nodeId: string | null;
  readonly base: string | null;
  readonly ours: string | null;
  readonly theirs: string | null;
};

/** Two changes of one network that both changed the same thing, each its own way. */
export function mergeConflict({ subject, nodeId, base, ours, theirs }: ContestedChange): Diagnostic {
  const shown = (value: string | null) => (value === null ? text('nothing', '无') : text(value, value));
  const [before, here, there] = [shown(base), shown(ours), shown(theirs)];
  return {
    code: 'merge/conflict',
    severity: 'error',
    at: nodeId === null ? {} : { nodeId },
    summary: text(`Both changed ${subject.en}.`, `双方都修改了${subject.zh}。`),
    why: text(
      `It was ${before.en}; ours has ${here.en}, theirs ${there.en}. The merged network has ours.`,
      `原来是 ${before.zh}；我方为 ${here.zh}，对方为 ${there.zh}。合并后的网络保留我方。`,
    ),
    fixes: [],
  };
}
