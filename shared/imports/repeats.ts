import { analyzeNetwork } from '../analysis/analyze';
import type { FloatTensors } from '../ops/tensor';
import type { NetworkDocument } from '../schema/document';
import { text, type Text } from '../text';
import { findRepeats, foldRepeat } from '../transforms/repeats';
import type { ImportLine } from './report';

/** What a file was read as. */
type Read = {
  readonly document: NetworkDocument;
  readonly weights: FloatTensors | null;
  readonly report: readonly ImportLine[];
};

/** Shorter parts are as easily read one by one. */
const leastNodes = 3;

/**
 * Makes parts that come several times in a row blocks that repeat, the longest first. The network computes the same, with the same
 * weights; the report tells of the nodes where they are then. `folds`: what was folded, in words.
 */
export function foldRepeats(read: Read): Read & { readonly folds: readonly Text[] } {
  let now: Read = read;
  const folds: Text[] = [];
  for (;;) {
    const next = foldOne(now);
    if (next === null) return { ...now, folds };
    folds.push(next.fold);
    now = next;
  }
}

function foldOne({ document, weights, report }: Read): (Read & { readonly fold: Text }) | null {
  const kinds = new Map(document.nodes.map(({ id, kind }) => [id, kind]));
  for (const repeat of findRepeats(document)) {
    const [first = []] = repeat.copies;
    // What was folded is not folded again: people read one level more easily than two.
    if (first.length < leastNodes || first.some((id) => kinds.get(id) === 'block')) continue;
    const plan = foldRepeat(document, analyzeNetwork(document), repeat);
    if (!plan.ok) continue;
    const { names } = plan.value;
    return {
      document: plan.value.document,
      weights: weights === null ? null : (plan.value.carry(weights) as FloatTensors),
      report: report.map((line) =>
        line.nodeId === null ? line : { ...line, nodeId: names.get(line.nodeId) ?? line.nodeId },
      ),
      fold: text(
        `${repeat.copies.length} equal parts of ${first.length} layers are one block that repeats`,
        `${repeat.copies.length} 个各含 ${first.length} 层的相同部分合为一个重复的块`,
      ),
    };
  }
  return null;
}
