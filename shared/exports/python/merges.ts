import type { Shape } from '../../layers/define';
import type { Context, Field, Operation, PrintedCall } from '../code/calls';
import { bare } from './calls';

/** How a framework joins values. */
export type Joining = {
  /** What a list is indexed by to stand for its channels at every position of a map. */
  readonly stretch: string;
  readonly concat: string;
  /** The channels, as a function that joins along them takes them. */
  readonly channels: Field;
  readonly maximum: string;
  readonly minimum: string;
};

/** A function that takes its inputs as one list, along their channels. */
export function printConcat({ inputs: shapes }: Context, { concat, channels }: Joining): readonly PrintedCall[] {
  if (shapes.length < 2) return [];
  return [
    bare(concat, [channels], (inputs, value) => {
      const along = `${channels.name}=${value(channels.name)}`;
      return `${concat}([${inputs.join(', ')}], ${along})`;
    }),
  ];
}

/** Inputs as they meet value by value: a list stands for its channels at every position of a map. */
function stretched(shapes: readonly Shape[], stretch: string): (inputs: readonly string[]) => readonly string[] {
  const isMixed = shapes.some(({ length }) => length === 3);
  return (inputs) => inputs.map((input, at) => (isMixed && shapes[at]?.length === 1 ? `${input}${stretch}` : input));
}

function lists(shapes: readonly Shape[]): string {
  return shapes.map(({ length }) => length).join();
}

/** A sum or a product of any number of inputs. */
export function printAdd({ inputs: shapes }: Context, sign: '+' | '*', { stretch }: Joining): readonly PrintedCall[] {
  if (shapes.length < 2) return [];
  const meet = stretched(shapes, stretch);
  return [bare(`${sign} ${lists(shapes)}`, [], (inputs) => meet(inputs).join(` ${sign} `))];
}

export function printMerge({ params, inputs: shapes }: Context, joining: Joining): readonly PrintedCall[] {
  if (shapes.length < 2) return [];
  const mode = String(params['mode']);
  const largest =
    (callee: string): Operation =>
    (inputs) =>
      inputs.slice(1).reduce((result, input) => `${callee}(${result}, ${input})`, inputs[0] ?? '');
  const writers: Readonly<Record<string, Operation>> = {
    maximum: largest(joining.maximum),
    minimum: largest(joining.minimum),
    subtract: (inputs) => inputs.join(' - '),
    average: (inputs) => `(${inputs.join(' + ')}) / ${inputs.length}`,
  };
  return [bare(`${mode} of ${shapes.length}`, [], writers[mode] ?? ((inputs) => inputs.join(' + ')))];
}
