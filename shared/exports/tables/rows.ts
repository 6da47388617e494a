import type { NetworkAnalysis, NodeAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatCount, formatShape, text, type Language, type Text } from '../../text';
import { lineText } from '../names';

/** A table as its cells, not yet escaped for any language. */
export type Table = {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The sums; null where there is nothing to be summed. */
  readonly totals: readonly string[] | null;
  /** Columns from here on hold numbers. */
  readonly firstNumber: number;
  /** Stands below the table. */
  readonly note?: string;
};

const heads: readonly Text[] = [
  text('Layer', '层'),
  text('Operation', '运算'),
  text('Output', '输出'),
  text('Params', '参数'),
  text('Trainable', '可训练'),
  text('MACs', '乘加次数'),
];
const total = text('Total', '合计');

/** A row for each layer of the flat network in the order of computation, and the sums. What is not known is a question mark. */
export function layerTable(document: NetworkDocument, analysis: NetworkAnalysis, language: Language): Table {
  const labels = new Map(document.nodes.map(({ id, label }) => [id, label]));
  const count = (value: number | null): string => (value === null ? '?' : formatCount(value));
  const { params, trainableParams, macs } = analysis.totals;
  return {
    title: lineText(document.name),
    heads: heads.map((head) => head[language]),
    rows: [...analysis.nodes.values()].map((node) => [
      lineText(labels.get(node.id) ?? node.id),
      operationText(node, language),
      node.outputShape === null ? '?' : formatShape(node.outputShape),
      count(node.paramCount),
      count(node.trainableParams),
      count(node.macs),
    ]),
    totals: [total[language], '', '', ...[params, trainableParams, macs].map(formatCount)],
    firstNumber: 2,
  };
}

function operationText({ definition, params, kind }: NodeAnalysis, language: Language): string {
  if (definition === null) return lineText(kind);
  if (params === null) return definition.label[language];
  const title = (definition.title?.(params) ?? definition.label)[language];
  const caption = definition.caption(params)[language];
  return lineText([title, caption].filter((words) => words !== '').join(' '));
}
