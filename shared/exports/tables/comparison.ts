import { describeComparison, titleOf } from '../../analysis/describeComparison';
import type { ComparedNode, NetworkComparison, NodeChange } from '../../analysis/compare';
import type { NodeAnalysis } from '../../analysis/types';
import { formatCount, formatDifference, formatShape, text, type Language } from '../../text';
import { lineText } from '../names';
import type { Table } from './rows';

const heads = [
  text('', ''),
  text('Output', '输出'),
  text('Params', '参数'),
  text('MACs', '乘加次数'),
  text('Changed', '变化'),
] as const;
const words = {
  total: text('Total', '合计'),
  same: text('nothing differs', '没有差异'),
  only: text('only there', '仅在此'),
  inputs: text('inputs', '输入'),
  kind: text('kind', '种类'),
} as const;

/** One value where both sides agree or one is missing, both with an arrow where they differ. */
export function pairText({ a, b }: ComparedNode, show: (node: NodeAnalysis) => string): string {
  const left = a === null ? null : show(a);
  const right = b === null ? null : show(b);
  if (left === null || right === null || left === right) return left ?? right ?? '';
  return `${left} → ${right}`;
}

/** What was done to a node, as a list; shapes and costs that follow from it have columns of their own. */
function changeText(changes: readonly NodeChange[], language: Language): string {
  return changes
    .flatMap(({ what, name, a, b }) => {
      if (what !== 'param' && what !== 'inputs' && what !== 'kind') return [];
      const of = what === 'param' ? (name ?? '') : words[what][language];
      return [`${of} ${a ?? '–'} → ${b ?? '–'}`];
    })
    .join(', ');
}

/** What happened, in one line; a phrase for each kind of change. */
export function comparisonSentence(comparison: NetworkComparison, language: Language): string {
  const phrases = describeComparison(comparison).map((phrase) => phrase[language]);
  if (phrases.length === 0) return words.same[language];
  return phrases.join(language === 'zh' ? '；' : '; ');
}

/** Two networks side by side, a row for each aligned pair; the sentence of what happened is the note. */
export function comparisonTable(
  comparison: NetworkComparison,
  names: readonly [a: string, b: string],
  language: Language,
): Table {
  const [a, b] = names.map(lineText);
  const { totals } = comparison;
  const pair = (left: number, right: number): string =>
    left === right
      ? formatCount(left)
      : `${formatCount(left)} → ${formatCount(right)} (${formatDifference(right - left)})`;
  return {
    title: `${a ?? ''} → ${b ?? ''}`,
    heads: [a ?? '', b ?? '', ...heads.slice(1).map((head) => head[language])],
    rows: comparison.nodes.map((row) => [
      nameOf(row.a, language),
      nameOf(row.b, language),
      pairText(row, ({ outputShape }) => (outputShape === null ? '?' : formatShape(outputShape))),
      pairText(row, ({ paramCount }) => (paramCount === null ? '?' : formatCount(paramCount))),
      pairText(row, ({ macs }) => (macs === null ? '?' : formatCount(macs))),
      row.a === null || row.b === null ? words.only[language] : changeText(row.changes, language),
    ]),
    totals: [
      words.total[language],
      '',
      '',
      pair(totals.a.params, totals.b.params),
      pair(totals.a.macs, totals.b.macs),
      '',
    ],
    firstNumber: 2,
    note: comparisonSentence(comparison, language),
  };
}

function nameOf(node: NodeAnalysis | null, language: Language): string {
  if (node === null) return '';
  return `${lineText(node.id)} (${lineText(titleOf(node)[language])})`;
}
