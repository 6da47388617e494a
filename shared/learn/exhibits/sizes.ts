import { analyzeNetwork } from '../../analysis/analyze';
import { explainNode } from '../../analysis/explainNode';
import type { NetworkAnalysis, NodeAnalysis } from '../../analysis/types';
import { applyEdits } from '../../editing/applyEdits';
import { windowParam } from '../../layers/traits';
import type { NetworkDocument } from '../../schema/document';
import { text } from '../../text';
import type { Text } from '../../text';
import { nodesOfRole } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** U-Net's arithmetic from 572 to 388: every size is asked. */
export const sizesExhibit: Exhibit = {
  id: 'sizes',
  lesson: 'u-net',
  title: text('From 572 to 388', '从 572 到 388'),
  task: text(
    'Work out the height after every layer that changes it. Enter takes you to the next one. Then try a picture of another size.',
    '算出每个改变大小的层之后的高度。按回车到下一个。然后换一个图像大小试试。',
  ),
  template: 'unet',
  fits: (analysis) =>
    analysis.ok && nodesOfRole(analysis, 'transposedConvolution').length > 0 && sizeRows(analysis).length >= 4,
  wantsTraining: false,
};

/** One layer that changes the height of the map. */
export type SizeRow = {
  readonly node: string;
  readonly says: Text;
  readonly before: number;
  readonly after: number;
  /** The analyser's formula with its numbers, to be shown once it was found. */
  readonly formula: string;
};

function heightOf(shape: readonly (number | null)[] | null | undefined): number | null {
  return shape?.length === 3 ? (shape[0] ?? null) : null;
}

function saysOf(node: NodeAnalysis): Text {
  const label = node.definition?.label ?? text(node.kind, node.kind);
  const param = windowParam(node.definition, node.params);
  const window = param === null ? undefined : node.params?.[param];
  if (!Array.isArray(window)) {
    const wanted = heightOf(node.inputShapes[1]);
    return wanted === null ? label : text(`${label.en} to the map beside it`, `${label.zh}到旁边特征图的大小`);
  }
  const strides = node.params?.['strides'];
  const stride = Array.isArray(strides) ? Number(strides[0]) : Number(window[0]);
  const size = window.map(String).join('×');
  return text(`${label.en} ${size}, stride ${stride}`, `${label.zh} ${size}，步长 ${stride}`);
}

/** Every layer that changes the height, in the order in which values flow. */
export function sizeRows(analysis: NetworkAnalysis): readonly SizeRow[] {
  return analysis.order.flatMap((id) => {
    const node = analysis.nodes.get(id);
    const [before, after] = [heightOf(node?.inputShapes[0]), heightOf(node?.outputShape)];
    if (node === undefined || before === null || after === null || before === after) return [];
    const shape = explainNode(node).find(({ about }) => about === 'shape');
    const formula = shape === undefined ? '' : `${shape.numbers} = ${shape.result}`;
    return [{ node: id, says: saysOf(node), before, after, formula }];
  });
}

/** A network on a square picture of another size; null where it does not fit. */
export function onPicture(document: NetworkDocument, analysis: NetworkAnalysis, side: number): NetworkAnalysis | null {
  const [input = ''] = analysis.inputs;
  const shape = analysis.nodes.get(input)?.outputShape ?? [];
  const resized = applyEdits(document, [
    { type: 'setParams', id: input, params: { shape: [side, side, ...shape.slice(2)] } },
  ]);
  if (!resized.ok) return null;
  const after = analyzeNetwork(resized.value);
  return after.ok ? after : null;
}

/** Whether all sizes were found. */
export function sizesQuestion(rows: readonly SizeRow[], found: ReadonlySet<string>): Question {
  const [into, out] = [rows[0]?.before ?? 0, rows.at(-1)?.after ?? 0];
  return {
    kind: 'act',
    ask: text('Find every size, down to the last.', '找出所有大小，直到最后一个。'),
    because: text(
      `${into} went in and ${out} come out: ${into - out} pixels are lost at the borders, because no conv is padded there.`,
      `输入 ${into}，输出 ${out}：边缘一共少了 ${into - out} 个像素，因为卷积没有填充。`,
    ),
    isDone: rows.length > 0 && rows.every(({ node }) => found.has(node)),
  };
}
