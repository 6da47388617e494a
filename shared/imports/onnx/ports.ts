import type { NetworkBuilder } from '../networkBuilder';
import type { OnnxModel, OnnxNode, OnnxValue } from './model';
import { elementTypes } from './model';
import { Unreadable } from './unreadable';
import { axisOf, batchFactor, nodeShape, type Axis, type View } from './views';

/** An input or output of a file: its name, and the node that it is with the file's order of axes. */
export type GraphPort = { readonly name: string; readonly type: string; readonly view: View };

/** Height and width that a file is read with where it leaves them open. */
export const probeSize = 224;

/** The inputs of a graph that are no weights, as input nodes. */
export function addInputs(
  model: OnnxModel,
  builder: NetworkBuilder,
): { readonly ports: readonly GraphPort[]; readonly batch: number; readonly isOpen: boolean } {
  const weights = new Set(model.initializers.map(({ name }) => name));
  const inputs = model.inputs.filter(({ name }) => !weights.has(name));
  if (inputs.length === 0) throw new Unreadable('graph', model.name, 'no input');
  const batches = inputs.map(({ shape }) => shape?.[0]).filter((size) => typeof size === 'number');
  let isOpen = false;
  const ports = inputs.map((input): GraphPort => {
    const { name, shape } = input;
    const type = elementTypes[input.type]?.name ?? `type ${input.type}`;
    if (shape === null || shape.length < 2 || shape.length > 4) {
      throw new Unreadable(
        'input',
        name,
        shape === null ? 'without a shape' : `[${shape.map((size) => size ?? '?').join(', ')}]`,
      );
    }
    const isLast = hasChannelsLast(input, model);
    const sizes = shape.slice(1).map((size, at) => {
      if (typeof size === 'number') return size;
      const isChannels = shape.length === 2 || at === (isLast ? shape.length - 2 : 0);
      if (isChannels) throw new Unreadable('input', name, `[${shape.map((one) => one ?? '?').join(', ')}]`);
      isOpen = true;
      return probeSize;
    });
    const axes: Axis[] = sizes.map(axisOf);
    const [first = [], second = [], third = []] = axes;
    const base =
      axes.length === 1
        ? [first]
        : axes.length === 2
          ? isLast
            ? [first, [], second]
            : [second, [], first]
          : isLast
            ? [first, second, third]
            : [second, third, first];
    const node = builder.add({ kind: 'input', params: { shape: [...nodeShape(base)] }, source: name });
    return { name, type, view: { kind: 'view', node, base, axes: [[batchFactor], ...axes] } };
  });
  return { ports, batch: batches[0] ?? 1, isOpen };
}

/** Operators behind which a map lies as it lay before. */
const passing: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Mul', 'Add', 'Sub', 'Div', 'Pad', 'Clip']);

/** Whether a picture comes in with its channels last, as TensorFlow's do: the file then turns it over before its first conv. */
function hasChannelsLast({ name, shape }: OnnxValue, model: OnnxModel): boolean {
  if (shape?.length !== 4) return false;
  // An export of ours has its channels first, whatever its first layer does with them.
  if (model.producer === 'convloom') return false;
  let value = name;
  for (let steps = 0; steps < 10; steps++) {
    const next: OnnxNode | undefined = model.nodes.find(({ inputs }) => inputs.includes(value));
    if (next?.op === 'Transpose') {
      const order = next.attributes.get('perm');
      return order?.kind === 'ints' && order.value.join() === '0,3,1,2';
    }
    if (next?.op === 'Conv') return false;
    if (next === undefined || !passing.has(next.op) || next.outputs[0] === undefined) break;
    [value] = next.outputs as readonly [string];
  }
  const [, depth, , channels] = shape;
  // Grey or coloured pictures; what has its channels first would have so few of them there.
  return (channels === 1 || channels === 3) && depth !== 1 && depth !== 3;
}
