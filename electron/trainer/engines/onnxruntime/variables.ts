import type { OpFunction, Program, VariableSpec } from '../../../../shared/ops/graph';
import type { HostTensor } from '../engine';
import { inMemoryOrder } from './layout';
import type { Layout } from './layout';

/**
 * Filters of convolutions, and the optimizer's slots beside them, are kept as ONNX wants them, so that no step turns them; they are
 * turned where they enter and leave the engine.
 */
export function keptLayouts(program: Program): ReadonlyMap<string, Layout> {
  const shapes = new Map(program.variables.map((variable) => [variable.name, variable]));
  const layouts = new Map<string, Layout>();
  const keep = (name: string): void => {
    const spec = shapes.get(name);
    if (spec?.shape.length === 4 && spec.dtype === 'float32') layouts.set(name, 'filter');
  };
  const functions = Object.values(program.functions);
  functions.flatMap(filterVariables).forEach(keep);
  for (const update of functions.flatMap(({ updates }) => updates)) {
    if (!layouts.has(update.variable)) continue;
    if (update.kind === 'momentum') keep(update.accumulator);
    if (update.kind === 'adam') [update.m, update.v].forEach(keep);
  }
  return layouts;
}

function filterVariables({ nodes }: OpFunction): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.op !== 'conv2d' && node.op !== 'conv2dInputGrad') return [];
    const filter = nodes[node.inputs[1] ?? -1];
    return filter?.op === 'variable' ? [filter.name] : [];
  });
}

/** A variable's shape as the engine keeps it. */
export function keptShape({ shape }: VariableSpec, layout: Layout): readonly number[] {
  return inMemoryOrder(shape, layout);
}

/** [kh, kw, in, out] to [out, in, kh, kw]: the order of the axes is turned as if both were written from the two ends. */
export function intoKept(tensor: HostTensor, layout: Layout): HostTensor['data'] {
  if (layout !== 'filter' || tensor.dtype !== 'float32') return tensor.data.slice();
  const [height = 1, width = 1, channels = 1, filters = 1] = tensor.shape;
  return rearranged(tensor.data, height * width, channels, filters, 'intoKept');
}

/** The way back from {@link intoKept}; `shape` is the op graph's. */
export function fromKept(data: Float32Array, shape: readonly number[], layout: Layout): Float32Array {
  if (layout !== 'filter') return data.slice();
  const [height = 1, width = 1, channels = 1, filters = 1] = shape;
  return rearranged(data, height * width, channels, filters, 'fromKept');
}

function rearranged(
  data: Float32Array,
  taps: number,
  channels: number,
  filters: number,
  direction: 'intoKept' | 'fromKept',
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++) {
        const outside = (tap * channels + channel) * filters + filter;
        const kept = (filter * channels + channel) * taps + tap;
        if (direction === 'intoKept') result[kept] = data[outside] ?? 0;
        else result[outside] = data[kept] ?? 0;
      }
    }
  }
  return result;
}
