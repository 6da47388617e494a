import { isBlockNode } from '../document/blocks';
import { formatCount, formatDifference, text } from '../text';
import type { Text } from '../text';
import type { ComparedNode, NetworkComparison } from './compare';
import type { NodeAnalysis } from './types';

/** One kind of change and how often it was made; `title` is about the layers that it was made to. */
type Group = { readonly title: Text; readonly rest: Text; count: number };

/** What a node of a comparison is: a layer, a block that could not be taken apart, or a kind that nobody knows. */
export function titleOf(node: NodeAnalysis): Text {
  return node.definition?.label ?? (isBlockNode(node) ? text('Block', '块') : text(node.kind, node.kind));
}

/** What was done to a pair of counterparts, as its author would say it; sizes and costs follow from these and are not listed. */
function editsOf({ status, a, b, changes }: ComparedNode): readonly { readonly title: Text; readonly rest: Text }[] {
  if (a === null || b === null) {
    const node = a ?? b;
    if (node === null) return [];
    return [{ title: titleOf(node), rest: status === 'onlyA' ? text(' gone', '已去掉') : text(' new', '新增') }];
  }
  const edits = changes.flatMap((change) => {
    const [from, to] = [change.a ?? '–', change.b ?? '–'];
    switch (change.what) {
      case 'kind': {
        const now = titleOf(b);
        return [{ title: titleOf(a), rest: text(` now ${now.en}`, `改为${now.zh}`) }];
      }
      case 'param': {
        const name = change.name ?? '';
        return [{ title: titleOf(b), rest: text(`: ${name} ${from} → ${to}`, `：${name} ${from} → ${to}`) }];
      }
      case 'inputs':
        return [{ title: titleOf(b), rest: text(' wired anew', '重新连线') }];
      default:
        return [];
    }
  });
  return a.id === b.id ? edits : [...edits, { title: titleOf(b), rest: text(' renamed', '改名') }];
}

/**
 * What happened between two networks, in a few phrases, those of most layers first: `18 Conv: padding valid → same`, `4 Crop gone`. Empty
 * when nothing did. The last phrase tells the parameters, if they differ.
 */
export function describeComparison({ nodes, totals }: NetworkComparison): readonly Text[] {
  const groups = new Map<string, Group>();
  for (const node of nodes) {
    for (const { title, rest } of editsOf(node)) {
      const key = `${title.en}${rest.en}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { title, rest, count: 1 });
      else group.count += 1;
    }
  }
  const phrases = [...groups.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ title, rest, count }) =>
      text(`${formatCount(count)} ${title.en}${rest.en}`, `${formatCount(count)} 个${title.zh}${rest.zh}`),
    );
  const { a, b, difference } = totals;
  if (difference.params === 0) return phrases;
  const figures = `${formatCount(a.params)} → ${formatCount(b.params)} (${formatDifference(difference.params)})`;
  return [...phrases, text(`all parameters ${figures}`, `全部参数 ${figures}`)];
}
