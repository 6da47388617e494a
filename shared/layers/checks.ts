import { wrongRank } from '../diagnostics/catalog/graph';
import { windowTooLarge } from '../diagnostics/catalog/layers';
import { failure, success, type Diagnostic, type Result } from '../diagnostics/diagnostic';
import { formatShape, type Text } from '../text';
import { windowCount, windowSpan, type WindowAxis } from './arithmetic';
import type { Shape } from './define';
import { windowFormula } from './explain';

/** A map `[height, width, channels]`. */
export type MapShape = readonly [height: number | null, width: number | null, channels: number | null];

export const axisNames = ['height', 'width'] as const;

/** The map at a port, or why it is none. */
export function mapAt(
  context: { readonly nodeId: string; readonly inputs: readonly Shape[] },
  label: Text,
  port = 0,
): Result<MapShape> {
  const shape = context.inputs[port] ?? [];
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    return failure(wrongRank(context.nodeId, port, label, formatShape(shape)));
  }
  return success([height, width, channels]);
}

/** The height and width of a window layer's output, or which axis the window does not fit. */
export function windowedSize(
  nodeId: string,
  axes: readonly [height: WindowAxis, width: WindowAxis],
  rounding: 'floor' | 'ceil' = 'floor',
): Result<readonly [number | null, number | null]> {
  const counts = [windowCount(axes[0], rounding), windowCount(axes[1], rounding)] as const;
  const findings: Diagnostic[] = [];
  for (const [index, count] of counts.entries()) {
    const axis = index === 0 ? axes[0] : axes[1];
    const name = index === 0 ? 'height' : 'width';
    if (count === null || count > 0 || axis.length === null) continue;
    const { formula, numbers, result } = windowFormula(axis, rounding);
    findings.push(
      windowTooLarge(nodeId, name, {
        length: paddedLength(axis),
        span: windowSpan(axis.size, axis.dilation),
        formula: `${formula} = ${numbers} = ${result}`,
      }),
    );
    // A square map fails on both axes for one cause.
    break;
  }
  return findings.length > 0 ? failure(...findings) : success(counts);
}

function paddedLength(axis: WindowAxis): number {
  const [before, after] = axis.padding === 'same' ? [0, 0] : axis.padding;
  return (axis.length ?? 0) + before + after;
}
