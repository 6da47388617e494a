import { wrongRank } from '../diagnostics/catalog/graph';
import { groupsMismatch, windowTooLarge } from '../diagnostics/catalog/layers';
import { failure, success, type Diagnostic, type Fix, type Result } from '../diagnostics/diagnostic';
import { formatShape, text, type Text } from '../text';
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

/** Whether channels and filters divide into groups. */
export function checkGroups(
  nodeId: string,
  groups: number,
  channels: number | null,
  filterCount: number,
): Result<true> {
  const edits = (params: { readonly [name: string]: number }): Fix['edits'] => [
    { type: 'setParams', id: nodeId, params },
  ];
  const one: Fix = { title: text('Set groups to 1', '将 groups 设为 1'), edits: edits({ groups: 1 }) };
  if (channels !== null && channels % groups !== 0) {
    const depthwise: Fix = {
      title: text(`Depthwise: groups ${channels}`, `逐通道卷积：groups 设为 ${channels}`),
      edits: edits({ groups: channels, filters: Math.max(1, Math.round(filterCount / channels)) * channels }),
    };
    return failure(groupsMismatch(nodeId, groups, { what: 'channels', count: channels }, [one, depthwise]));
  }
  if (filterCount % groups !== 0) {
    const rounded = Math.max(1, Math.round(filterCount / groups)) * groups;
    const round: Fix = {
      title: text(`Set filters to ${rounded}`, `将 filters 设为 ${rounded}`),
      edits: edits({ filters: rounded }),
    };
    return failure(groupsMismatch(nodeId, groups, { what: 'filters', count: filterCount }, [round, one]));
  }
  return success(true);
}
