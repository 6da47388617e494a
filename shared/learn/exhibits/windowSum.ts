import type { NodeAnalysis } from '../../analysis/types';
import { resolvePadding } from '../../layers/arithmetic';
import type { WindowAxis } from '../../layers/arithmetic';
import type { ParamFields, ParamValues } from '../../layers/define';
import { kernelAxes } from '../../layers/kernel';
import type { WindowParams } from '../../layers/kernel';
import type { HostTensor } from '../../ops/tensor';

type Params = ParamValues<ParamFields>;

/** The window's params of a conv or an up-conv; null for a node without. */
export function windowParams(node: NodeAnalysis): (WindowParams & { readonly groups: number }) | null {
  const { params } = node;
  if (params === null || !('kernelSize' in params)) return null;
  // Validated by the kind's own schema; a list of all kinds has forgotten the types.
  return params as Params & WindowParams & { readonly groups: number };
}

/** Where the windows of a conv lie on its input, per axis. */
export function windowAxesOf(node: NodeAnalysis): readonly [WindowAxis, WindowAxis] | null {
  const params = windowParams(node);
  const [map] = node.inputShapes;
  return params === null || map == null ? null : kernelAxes(map, params);
}

/** One value under a window, and the weight that lies on it. Outside the picture the value is the padding's 0. */
export type Tap = {
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  readonly value: number;
  readonly weight: number;
};

/** One place of a window: its taps, and what comes of them. */
export type WindowSum = {
  readonly taps: readonly Tap[];
  readonly bias: number;
  /** The products added up, with the bias. */
  readonly sum: number;
};

/** Where a window is put: which filter, and the row and column of what it gives. */
export type WindowPlace = { readonly filter: number; readonly row: number; readonly column: number };

/** A window of a conv by hand: every value times its weight, added up. Null where the node slides none. */
export function windowSum(
  node: NodeAnalysis,
  input: HostTensor,
  weights: { readonly kernel: HostTensor; readonly bias: HostTensor | undefined },
  { filter, row, column }: WindowPlace,
  sample = 0,
): WindowSum | null {
  const axes = windowAxesOf(node);
  const groups = windowParams(node)?.groups ?? 1;
  const [, height = 0, width = 0, channels = 0] = input.shape;
  const [rows = 0, columns = 0, perGroup = 0, filters = 0] = weights.kernel.shape;
  if (axes === null) return null;
  const [top] = resolvePadding(axes[0]) ?? [0];
  const [left] = resolvePadding(axes[1]) ?? [0];
  const first = Math.floor(filter / (filters / groups)) * perGroup;
  const taps: Tap[] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = { row: row * axes[0].stride + y * axes[0].dilation - top, column: column * axes[1].stride - left };
      at.column += x * axes[1].dilation;
      const isInside = at.row >= 0 && at.row < height && at.column >= 0 && at.column < width;
      for (let c = 0; c < perGroup; c++) {
        const place = ((sample * height + at.row) * width + at.column) * channels + first + c;
        taps.push({
          ...at,
          channel: first + c,
          value: isInside ? (input.data[place] ?? 0) : 0,
          weight: weights.kernel.data[((y * columns + x) * perGroup + c) * filters + filter] ?? 0,
        });
      }
    }
  }
  const bias = weights.bias?.data[filter] ?? 0;
  return { taps, bias, sum: taps.reduce((sum, { value, weight }) => sum + value * weight, bias) };
}
