import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import { transformCannotFold, transformNotReady } from '../diagnostics/catalog/transforms';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import type { Json, NetworkDocument } from '../schema/document';
import type { Size2 } from '../layers/define';
import { text } from '../text';
import { carrySameNames, planTransform, type TransformPlan, type WeightTable, type WeightTensor } from './plan';

/** The window of a conv per axis, as the fold needs it. */
type Window = { readonly size: Size2; readonly stride: Size2; readonly dilation: Size2 };

function sizeParam(node: NodeAnalysis, name: string, fallback: number): Size2 {
  const value = node.params?.[name];
  if (!Array.isArray(value)) return [fallback, fallback];
  const [height, width] = value.map(Number);
  return [height ?? fallback, width ?? fallback];
}

function windowOf(node: NodeAnalysis): Window {
  return {
    size: sizeParam(node, 'kernelSize', 1),
    stride: sizeParam(node, 'strides', 1),
    dilation: sizeParam(node, 'dilationRate', 1),
  };
}

/**
 * Size of the one window that does the work of two, per axis: d₁(a₁ − 1) + 1 + d₂(a₂ − 1)·s₁. Two 3×3 windows at stride 1 are one
 * 5×5; a 3×3 behind a 3×3 with stride 2 is a 7×7 with stride 2.
 */
export function foldedLength(
  first: { readonly size: number; readonly stride: number; readonly dilation: number },
  second: { readonly size: number; readonly dilation: number },
): number {
  return first.dilation * (first.size - 1) + 1 + second.dilation * (second.size - 1) * first.stride;
}

function isUnpadded(padding: unknown): boolean {
  if (padding === 'valid' || padding === undefined) return true;
  if (padding === 'same') return false;
  return (Array.isArray(padding) ? padding : [padding]).every((side) => side === 0);
}

function isConv(node: NodeAnalysis | undefined): node is NodeAnalysis {
  return node?.definition?.traits.role === 'convolution';
}

/**
 * Folds a conv and the conv behind it, with nothing between them, into one: a linear map of a linear map is a linear map. Weights are
 * carried over exactly. Refused where it would not be exact: an activation between, padding in the second, groups, or branches.
 */
export function foldConvs(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  firstId: string,
): Result<TransformPlan> {
  const first = analysis.nodes.get(firstId);
  const consumers = document.edges.filter((edge) => edge.from === firstId);
  const second = consumers.length === 1 ? analysis.nodes.get(consumers[0]?.to ?? '') : undefined;
  if (consumers.length > 1) return failure(transformCannotFold(firstId, 'branch'));
  if (!isConv(first) || !isConv(second)) return failure(transformCannotFold(firstId, 'next'));
  if (first.outputShape === null || second.outputShape === null) return failure(transformNotReady(firstId));
  if (first.params?.['activation'] !== 'linear') return failure(transformCannotFold(firstId, 'activation'));
  if (first.params['groups'] !== 1 || second.params?.['groups'] !== 1) {
    return failure(transformCannotFold(firstId, 'groups'));
  }
  if ([first, second].some(({ params }) => params?.['weightStandardization'] === true)) {
    return failure(transformCannotFold(firstId, 'standardized'));
  }
  if (!isUnpadded(second.params['padding'])) return failure(transformCannotFold(firstId, 'padding'));
  const raw = document.nodes.find(({ id }) => id === second.id)?.params ?? {};
  const edits = [
    {
      type: 'setParams' as const,
      id: firstId,
      params: foldedParams(raw, first, second),
      unset: ['dilationRate', ...fromSecond.filter((name) => raw[name] === undefined)],
    },
    { type: 'removeNodes' as const, ids: [second.id], heal: true },
  ];
  const title = text(`Fold ${second.id} into ${firstId}`, `将 ${second.id} 并入 ${firstId}`);
  const plan = planTransform(document, analysis, edits, title, { equivalent: true });
  if (!plan.ok) return plan;
  const carryOthers = carrySameNames(plan.value.after);
  const carry = (weights: WeightTable): WeightTable => {
    const { [`${firstId}/kernel`]: kernel, [`${firstId}/bias`]: bias, ...others } = weights;
    const kernel2 = weights[`${second.id}/kernel`];
    if (kernel === undefined || kernel2 === undefined) return carryOthers(others);
    const parts = { kernel, bias, kernel2, bias2: weights[`${second.id}/bias`] };
    return { ...carryOthers(others), ...foldWeights(firstId, parts, windowOf(first), windowOf(second)) };
  };
  return success({ ...plan.value, carry });
}

/** What says how the one conv ends: its initial weights are chosen for the activation behind it. */
const fromSecond = ['activation', 'initializer'] as const;

function foldedParams(
  raw: { readonly [name: string]: Json },
  first: NodeAnalysis,
  second: NodeAnalysis,
): { readonly [name: string]: Json } {
  const a = windowOf(first);
  const b = windowOf(second);
  const axis = (index: 0 | 1): number =>
    foldedLength(
      { size: a.size[index], stride: a.stride[index], dilation: a.dilation[index] },
      { size: b.size[index], dilation: b.dilation[index] },
    );
  const pair = (height: number, width: number): Json => (height === width ? height : [height, width]);
  const isTrainable = [first, second].some(({ params }) => params?.['trainable'] === true);
  return {
    filters: raw['filters'] ?? null,
    kernelSize: pair(axis(0), axis(1)),
    strides: pair(a.stride[0] * b.stride[0], a.stride[1] * b.stride[1]),
    padding: explicitPadding(first),
    useBias: first.params?.['useBias'] === true || second.params?.['useBias'] === true,
    ...Object.fromEntries(fromSecond.flatMap((name) => (raw[name] === undefined ? [] : [[name, raw[name]]]))),
    // Frozen where both are: half of a kernel cannot be.
    ...(isTrainable === (first.params?.['trainable'] === true) ? {} : { trainable: isTrainable }),
  };
}

/** The first conv's padding in pixels: 'same' depends on the kernel, and the kernel changes. */
function explicitPadding(node: NodeAnalysis): Json {
  const padding = node.params?.['padding'];
  if (padding !== 'same')
    return typeof padding === 'string' || typeof padding === 'number' ? padding : asSides(padding);
  const { size, stride, dilation } = windowOf(node);
  const sides = ([0, 1] as const).map((axis) => {
    const length = node.inputShapes[0]?.[axis] ?? 0;
    const span = dilation[axis] * (size[axis] - 1) + 1;
    const total = Math.max((Math.ceil(length / stride[axis]) - 1) * stride[axis] + span - length, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)] as const;
  });
  const [vertical, horizontal] = sides;
  return [vertical?.[0] ?? 0, vertical?.[1] ?? 0, horizontal?.[0] ?? 0, horizontal?.[1] ?? 0];
}

function asSides(padding: unknown): Json {
  return Array.isArray(padding) ? padding.map(Number) : 0;
}

type FoldParts = {
  readonly kernel: WeightTensor;
  readonly bias: WeightTensor | undefined;
  readonly kernel2: WeightTensor;
  readonly bias2: WeightTensor | undefined;
};

/**
 * The weights of the one conv: K[u] = Σ over i·d₁ + j·d₂·s₁ = u of K₁[i]·K₂[j] (a matrix product over the middle channels), and
 * b = b₂ + Σⱼ K₂[j]ᵀ b₁. Kernels are `[kh, kw, in, out]`.
 */
function foldWeights(id: string, parts: FoldParts, first: Window, second: Window): WeightTable {
  const [h1 = 1, w1 = 1, inputs = 1, middle = 1] = parts.kernel.shape;
  const [h2 = 1, w2 = 1, , outputs = 1] = parts.kernel2.shape;
  const height = first.dilation[0] * (h1 - 1) + 1 + second.dilation[0] * (h2 - 1) * first.stride[0];
  const width = first.dilation[1] * (w1 - 1) + 1 + second.dilation[1] * (w2 - 1) * first.stride[1];
  const kernel = new Float64Array(height * width * inputs * outputs);
  const bias = Float64Array.from({ length: outputs }, (_, index) => parts.bias2?.data[index] ?? 0);
  const k1 = parts.kernel.data;
  const k2 = parts.kernel2.data;
  for (let j = 0; j < h2 * w2; j += 1) {
    const row2 = Math.floor(j / w2) * second.dilation[0] * first.stride[0];
    const column2 = (j % w2) * second.dilation[1] * first.stride[1];
    for (let m = 0; m < middle; m += 1) {
      const from = (j * middle + m) * outputs;
      const shift = parts.bias?.data[m] ?? 0;
      for (let o = 0; o < outputs; o += 1) bias[o] = (bias[o] ?? 0) + shift * (k2[from + o] ?? 0);
      for (let i = 0; i < h1 * w1; i += 1) {
        const row = Math.floor(i / w1) * first.dilation[0] + row2;
        const column = (i % w1) * first.dilation[1] + column2;
        for (let c = 0; c < inputs; c += 1) {
          const left = k1[(i * inputs + c) * middle + m] ?? 0;
          const to = ((row * width + column) * inputs + c) * outputs;
          for (let o = 0; o < outputs; o += 1) kernel[to + o] = (kernel[to + o] ?? 0) + left * (k2[from + o] ?? 0);
        }
      }
    }
  }
  const folded: Record<string, WeightTensor> = {
    [`${id}/kernel`]: { shape: [height, width, inputs, outputs], data: Float32Array.from(kernel) },
  };
  if (parts.bias !== undefined || parts.bias2 !== undefined) {
    folded[`${id}/bias`] = { shape: [outputs], data: Float32Array.from(bias) };
  }
  return folded;
}
