import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { Edit } from '../../schema/edits';
import { freshNodeId } from '../../document/ids';
import { functionParam } from '../../layers/traits';
import { text } from '../../text';
import { isSize } from '../guards';
import type { NodeAnalysis } from '../types';
import type { Candidate, FixContext } from './context';
import { set } from './size';

/** Mends for warnings about how a network is designed. */
export function designCandidates(context: FixContext, diagnostic: Diagnostic): readonly Candidate[] {
  const node = context.analysis.nodes.get(diagnostic.at.nodeId ?? '');
  switch (diagnostic.code) {
    case 'design/linear-pair':
      return separate(context, diagnostic.related?.[0]);
    case 'design/saturating':
      return [toRelu(context, diagnostic.related ?? [])];
    case 'layers/checkerboard':
      return node === undefined ? [] : evenKernel(context, node);
    default:
      return [];
  }
}

function separate(context: FixContext, firstId: string | undefined): readonly Candidate[] {
  if (firstId === undefined) return [];
  const id = freshNodeId(context.document, 'activation');
  return [
    {
      title: text(`Insert a ReLU behind “${firstId}”`, `在“${firstId}”之后插入 ReLU`),
      edits: [{ type: 'insertAfter', after: firstId, node: { id, kind: 'activation', params: { function: 'relu' } } }],
    },
    set(firstId, text(`Give “${firstId}” a ReLU of its own`, `为“${firstId}”设置 ReLU 激活`), { activation: 'relu' }),
  ];
}

function toRelu({ analysis }: FixContext, ids: readonly string[]): Candidate {
  const edits = ids.map((id): Edit => {
    const name = functionParam(analysis.nodes.get(id)?.definition) ?? 'activation';
    return { type: 'setParams', id, params: { [name]: 'relu' } };
  });
  return { title: text(`ReLU in all ${ids.length}`, `${ids.length} 处都改为 ReLU`), edits };
}

function evenKernel(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const { kernelSize, strides, filters, padding } = node.params ?? {};
  if (!isSize(kernelSize) || !isSize(strides)) return [];
  const up = multiple(kernelSize, strides, Math.ceil);
  const down = multiple(kernelSize, strides, Math.floor);
  const candidates: Candidate[] = [];
  for (const size of [up, down]) {
    if (size.some((length) => length < 1)) continue;
    const shown = size.join('×');
    candidates.push(set(node.id, text(`A kernel of ${shown}`, `卷积核改为 ${shown}`), { kernelSize: [...size] }));
    const pads = keepingPadding(padding, kernelSize, size);
    if (pads === null) continue;
    candidates.push(
      set(node.id, text(`A kernel of ${shown}, cut to the same size`, `卷积核改为 ${shown}，输出大小不变`), {
        kernelSize: [...size],
        padding: pads,
      }),
    );
  }
  if (strides[0] === strides[1] && typeof filters === 'number') {
    const id = freshNodeId(context.document, 'conv');
    candidates.push({
      title: text('Upsample, then a 3×3 conv', '先上采样，再接 3×3 卷积'),
      edits: [
        { type: 'setKind', id: node.id, kind: 'upsample', params: { factor: strides[0], mode: 'bilinear' } },
        {
          type: 'insertAfter',
          after: node.id,
          node: { id, kind: 'conv', params: { filters, kernelSize: 3, padding: 'same' } },
        },
      ],
    });
  }
  return candidates;
}

function multiple(kernel: readonly number[], strides: readonly number[], round: (value: number) => number): number[] {
  return kernel.map((size, axis) => round(size / (strides[axis] ?? 1)) * (strides[axis] ?? 1));
}

/** The padding that takes off what a larger kernel adds; null when there is nothing to take off. */
function keepingPadding(padding: unknown, before: readonly number[], after: readonly number[]): number[] | null {
  const sides =
    padding === 'valid' ? [0, 0, 0, 0] : typeof padding === 'number' ? [padding, padding, padding, padding] : null;
  if (sides === null) return null;
  const [rows, columns] = before.map((size, axis) => (after[axis] ?? size) - size);
  if (rows === undefined || columns === undefined || rows < 0 || columns < 0) return null;
  const [top = 0, bottom = 0, left = 0, right = 0] = sides;
  return [
    top + Math.floor(rows / 2),
    bottom + Math.ceil(rows / 2),
    left + Math.floor(columns / 2),
    right + Math.ceil(columns / 2),
  ];
}
