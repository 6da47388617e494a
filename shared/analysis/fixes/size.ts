import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { Json, NetworkNode } from '../../schema/document';
import { freshNodeId } from '../../document/ids';
import { endsMaps, hasKernel, hasParam, isInput, windowParam } from '../../layers/traits';
import { text } from '../../text';
import { nearestInputSizes, solveInputSizes, type InputSizeRule } from '../inputSizes';
import type { NodeAnalysis } from '../types';
import type { Candidate, FixContext } from './context';

/** Mends for findings about one node's size. */
export function sizeCandidates(context: FixContext, diagnostic: Diagnostic): readonly Candidate[] {
  const node = context.analysis.nodes.get(diagnostic.at.nodeId ?? '');
  if (node === undefined) return [];
  switch (diagnostic.code) {
    case 'layers/window-too-large':
      return fitWindow(context, node);
    case 'layers/nothing-left':
      return [
        set(node.id, text('Cut nothing off', '不再裁剪'), {}, ['top', 'bottom', 'left', 'right']),
        set(node.id, text('Take the padding away', '去掉填充'), {}, ['padding']),
      ];
    case 'layers/crop-too-large':
      return mendCrop(context, node);
    case 'layers/reflect-too-large':
      return mendReflect(node);
    case 'layers/border-lost':
      return keepBorder(context, node);
    case 'layers/fc-needs-size':
    case 'layers/channels-unknown':
      return closeInput(context, node);
    case 'analysis/tensor-too-large':
    case 'analysis/cost-too-large':
      return shrink(context, node);
    case 'graph/wrong-rank':
      return restoreMap(context, node);
    default:
      return [];
  }
}

/** One node's params as a candidate. */
export function set(
  id: string,
  title: Candidate['title'],
  params: { readonly [name: string]: Json },
  unset: readonly string[] = [],
): Candidate {
  return { title, edits: [{ type: 'setParams', id, params, ...(unset.length > 0 && { unset }) }] };
}

/**
 * Inputs of other sizes that the network takes, nearest first. Height and width are solved apart; a square input stays square
 * where one length serves both.
 */
export function inputSizeCandidates(
  context: FixContext,
  nodeId: string,
  count: number,
  rule: InputSizeRule = 'works',
): readonly Candidate[] {
  const inputId = inputBefore(context, nodeId);
  const shape = context.analysis.nodes.get(inputId ?? '')?.outputShape;
  if (inputId === null || shape?.length !== 3) return [];
  const [height = null, width = null, channels = null] = shape;
  if (height === null || width === null) return [];
  const rows = nearestInputSizes(solveInputSizes(context.document, inputId, 0, rule, context.analysis.layers), height);
  const columns =
    height === width
      ? rows
      : nearestInputSizes(solveInputSizes(context.document, inputId, 1, rule, context.analysis.layers), width);
  const pairs = [
    [rows.above ?? rows.below, columns.above ?? columns.below],
    [rows.below ?? rows.above, columns.below ?? columns.above],
  ] as const;
  const candidates: Candidate[] = [];
  for (const [newHeight, newWidth] of pairs) {
    if (newHeight === null || newWidth === null || candidates.length >= count) continue;
    if (newHeight === height && newWidth === width) continue;
    candidates.push(
      set(inputId, text(`Use an input of ${newHeight}×${newWidth}`, `使用 ${newHeight}×${newWidth} 的输入`), {
        shape: [newHeight, newWidth, channels],
      }),
    );
  }
  return candidates;
}

/** Zeros around the input, up to the next size that the network takes: the picture itself stays as it is. */
export function padInputCandidates(context: FixContext, nodeId: string, rule: InputSizeRule): readonly Candidate[] {
  const inputId = inputBefore(context, nodeId);
  const [height = null, width = null] = context.analysis.nodes.get(inputId ?? '')?.outputShape ?? [];
  if (inputId === null || height === null || width === null) return [];
  const rows = nearestInputSizes(
    solveInputSizes(context.document, inputId, 0, rule, context.analysis.layers),
    height,
  ).above;
  const columns = nearestInputSizes(
    solveInputSizes(context.document, inputId, 1, rule, context.analysis.layers),
    width,
  ).above;
  if (rows === null || columns === null || (rows === height && columns === width)) return [];
  const params = {
    top: Math.floor((rows - height) / 2),
    bottom: Math.ceil((rows - height) / 2),
    left: Math.floor((columns - width) / 2),
    right: Math.ceil((columns - width) / 2),
  };
  const pad: NetworkNode = { id: freshNodeId(context.document, 'pad'), kind: 'pad', params };
  return [
    {
      title: text(`Pad the input to ${rows}×${columns}`, `把输入填充到 ${rows}×${columns}`),
      edits: [{ type: 'insertAfter', after: inputId, node: pad }],
    },
  ];
}

/** The input that feeds a node along first ports. */
function inputBefore({ wiring }: FixContext, nodeId: string): string | null {
  const seen = new Set<string>();
  let at: string | null = nodeId;
  while (at !== null && !seen.has(at)) {
    seen.add(at);
    if (isInput(wiring.nodes.get(at)?.definition)) return at;
    at = wiring.nodes.get(at)?.sources[0] ?? null;
  }
  return null;
}

/** Nodes before this one, nearest first, along first ports. */
export function nodesBefore({ wiring, analysis }: FixContext, nodeId: string): readonly NodeAnalysis[] {
  const found: NodeAnalysis[] = [];
  const seen = new Set([nodeId]);
  let at = wiring.nodes.get(nodeId)?.sources[0] ?? null;
  while (at !== null && !seen.has(at)) {
    seen.add(at);
    const node = analysis.nodes.get(at);
    if (node !== undefined) found.push(node);
    at = wiring.nodes.get(at)?.sources[0] ?? null;
  }
  return found;
}

function fitWindow(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const [shape] = node.inputShapes;
  const room = Math.min(...(shape ?? []).slice(0, 2).map((size) => size ?? Infinity));
  const sizeName = windowParam(node.definition) ?? 'kernelSize';
  const isPool = node.definition?.traits.role === 'pooling';
  const candidates: Candidate[] = [...turnInput(context, node.id)];
  if (hasKernel(node.definition)) {
    candidates.push(
      set(node.id, text(`Same padding in “${node.id}”`, `“${node.id}”改用 same 填充`), { padding: 'same' }),
    );
  }
  const lastPool = nodesBefore(context, node.id).find(({ definition }) => definition?.traits.role === 'pooling');
  if (lastPool !== undefined) {
    candidates.push({
      title: text(`Drop the pool “${lastPool.id}”`, `去掉池化“${lastPool.id}”`),
      edits: [{ type: 'removeNodes', ids: [lastPool.id], heal: true }],
    });
  }
  candidates.push(...inputSizeCandidates(context, node.id, 1));
  if (room >= 1 && Number.isFinite(room)) {
    candidates.push(
      set(node.id, text(`A window of ${room}×${room}`, `窗口改为 ${room}×${room}`), { [sizeName]: room }, [
        'dilationRate',
      ]),
    );
  }
  if (isPool) {
    candidates.push(set(node.id, text('Same padding', '改用 same 填充'), { padding: 'same' }));
    candidates.push({
      title: text(`Remove “${node.id}”`, `移除“${node.id}”`),
      edits: [{ type: 'removeNodes', ids: [node.id], heal: true }],
    });
  }
  return candidates;
}

/** An input that looks like channels first is read the other way round. */
function turnInput(context: FixContext, nodeId: string): readonly Candidate[] {
  const inputId = inputBefore(context, nodeId);
  return context.analysis.diagnostics
    .filter(({ code, at }) => code === 'layers/channels-first' && at.nodeId === inputId)
    .flatMap(({ fixes }) => fixes);
}

function mendCrop({ wiring, document }: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const edges = document.edges.filter(({ to }) => to === node.id);
  const [large, small] = wiring.nodes.get(node.id)?.sources ?? [];
  const candidates: Candidate[] = [set(node.id, text('Crop from the centre', '居中裁剪'), {}, ['offset'])];
  if (typeof large === 'string' && typeof small === 'string') {
    candidates.push({
      title: text('Swap its two inputs', '交换两个输入'),
      edits: [
        ...edges.map((edge) => ({ type: 'disconnect', edge }) as const),
        { type: 'connect', edge: { from: small, to: node.id } },
        { type: 'connect', edge: { from: large, to: node.id, toPort: 1 } },
      ],
    });
  }
  return candidates;
}

function mendReflect(node: NodeAnalysis): readonly Candidate[] {
  const [[height, width] = []] = node.inputShapes.map((shape) => shape ?? []);
  const most = (value: unknown, length: number | null | undefined): number =>
    Math.min(typeof value === 'number' ? value : 0, (length ?? 1) - 1);
  const { top, bottom, left, right } = node.params ?? {};
  return [
    set(node.id, text('Mirror as much as there is', '只镜像现有的像素'), {
      top: most(top, height),
      bottom: most(bottom, height),
      left: most(left, width),
      right: most(right, width),
    }),
    set(node.id, text('Fill with zeros', '改为补零'), { mode: 'zero' }),
  ];
}

function keepBorder(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const candidates: Candidate[] = [];
  if (hasParam(node.definition, 'rounding')) {
    candidates.push(set(node.id, text('Round up', '向上取整'), { rounding: 'ceil' }));
  }
  candidates.push(set(node.id, text('Same padding', '改用 same 填充'), { padding: 'same' }));
  candidates.push(...inputSizeCandidates(context, node.id, 2, 'lossless'));
  return candidates;
}

/** A GAP in front of an FC that reads a whole map: then it needs no size of it, and few weights. */
function poolBefore(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const [source] = context.wiring.nodes.get(node.id)?.sources ?? [];
  const readsMap = node.definition?.traits.role === 'dense' && node.inputShapes[0]?.length === 3;
  if (!readsMap || typeof source !== 'string') return [];
  const gap: NetworkNode = { id: freshNodeId(context.document, 'gap'), kind: 'gap', params: {} };
  return [
    {
      title: text('Insert a GAP before it', '在它之前插入全局池化'),
      edits: [{ type: 'insertOnEdge', edge: { from: source, to: node.id }, node: gap }],
    },
  ];
}

function closeInput(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const inputId = inputBefore(context, node.id);
  const shape = context.analysis.nodes.get(inputId ?? '')?.outputShape;
  const candidates: Candidate[] = [...poolBefore(context, node)];
  if (inputId === null || shape == null) return candidates;
  for (const channels of shape.at(-1) === null ? [3, 1] : [shape.at(-1) ?? 3]) {
    const closed = shape.length === 3 ? [shape[0] ?? 224, shape[1] ?? 224, channels] : [channels];
    candidates.push(
      set(inputId, text(`Fix the input at ${closed.join('×')}`, `将输入固定为 ${closed.join('×')}`), { shape: closed }),
    );
    if (shape.length === 3) {
      candidates.push(
        set(inputId, text(`Give the input ${channels} channels`, `将输入通道设为 ${channels}`), {
          shape: [shape[0] ?? null, shape[1] ?? null, channels],
        }),
      );
    }
  }
  return candidates;
}

function shrink(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const candidates: Candidate[] = [...poolBefore(context, node)];
  const enlarges = node.definition?.traits.enlarges === true;
  const width = hasParam(node.definition, 'units') ? 'units' : 'filters';
  if (node.params !== null && width in node.params) {
    for (const count of [1024, 64]) {
      candidates.push(set(node.id, text(`${count} ${width}`, `${width} 设为 ${count}`), { [width]: count }));
    }
    candidates.push(
      set(node.id, text(`64 ${width}, a window of 3×3`, `${width} 设为 64，窗口 3×3`), { [width]: 64, kernelSize: 3 }),
    );
  }
  if (enlarges && hasParam(node.definition, 'strides')) {
    candidates.push(set(node.id, text('Stride 2', '步长改为 2'), { strides: 2 }));
  }
  if (enlarges && hasParam(node.definition, 'factor')) {
    candidates.push(set(node.id, text('Twice the size', '放大 2 倍'), { factor: 2 }, ['size']));
  }
  if (isInput(node.definition)) {
    candidates.push(set(node.id, text('An input of 224×224×3', '输入改为 224×224×3'), { shape: [224, 224, 3] }));
  }
  const inputId = inputBefore(context, node.id);
  const shape = context.analysis.nodes.get(inputId ?? '')?.outputShape;
  if (inputId !== null && shape?.length === 3) {
    candidates.push(
      set(inputId, text('A smaller input, 64×64', '输入改小为 64×64'), { shape: [64, 64, shape[2] ?? null] }),
    );
  }
  return candidates;
}

function restoreMap(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const candidates: Candidate[] = [
    {
      title: text(`Take “${node.id}” out`, `去掉“${node.id}”`),
      edits: [{ type: 'removeNodes', ids: [node.id], heal: true }],
    },
  ];
  const flattening = nodesBefore(context, node.id).filter(({ definition }) => endsMaps(definition));
  const [nearest] = flattening;
  if (nearest !== undefined) {
    candidates.unshift({
      title: text(`Take “${nearest.id}” out before it`, `去掉它之前的“${nearest.id}”`),
      edits: [{ type: 'removeNodes', ids: [nearest.id], heal: true }],
    });
  }
  if (flattening.length > 1) {
    const ids = flattening.map(({ id }) => id);
    candidates.push({
      title: text(`Take ${ids.map((id) => `“${id}”`).join(', ')} out`, `去掉${ids.map((id) => `“${id}”`).join('、')}`),
      edits: [{ type: 'removeNodes', ids, heal: true }],
    });
  }
  return candidates;
}
