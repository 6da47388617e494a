import type { Shape } from '../../layers/define';
import { field, type Context, type Operation, type PrintedCall } from '../code/calls';
import { bare } from './calls';

/** A function of PyTorch that takes its inputs as one list. */
export function pairwise(callee: string): PrintedCall {
  return bare(callee, [field('dim', '1')], (inputs, value) => `${callee}([${inputs.join(', ')}], dim=${value('dim')})`);
}

/** Inputs as they meet value by value: a list stands for its channels at every position of a map. */
function stretched(shapes: readonly Shape[]): (inputs: readonly string[]) => readonly string[] {
  const isMixed = shapes.some(({ length }) => length === 3);
  return (inputs) =>
    inputs.map((input, at) => (isMixed && shapes[at]?.length === 1 ? `${input}[:, :, None, None]` : input));
}

function lists(shapes: readonly Shape[]): string {
  return shapes.map(({ length }) => length).join();
}

/** A sum or a product of any number of inputs. */
export function printAdd({ inputs: shapes }: Context, sign: '+' | '*'): readonly PrintedCall[] {
  if (shapes.length < 2) return [];
  const meet = stretched(shapes);
  return [bare(`${sign} ${lists(shapes)}`, [], (inputs) => meet(inputs).join(` ${sign} `))];
}

export function printMerge({ params, inputs: shapes }: Context): readonly PrintedCall[] {
  if (shapes.length < 2) return [];
  const mode = String(params['mode']);
  const largest =
    (callee: string): Operation =>
    (inputs) =>
      inputs.slice(1).reduce((result, input) => `${callee}(${result}, ${input})`, inputs[0] ?? '');
  const writers: Readonly<Record<string, Operation>> = {
    maximum: largest('torch.maximum'),
    minimum: largest('torch.minimum'),
    subtract: (inputs) => inputs.join(' - '),
    average: (inputs) => `(${inputs.join(' + ')}) / ${inputs.length}`,
  };
  return [bare(`${mode} of ${shapes.length}`, [], writers[mode] ?? ((inputs) => inputs.join(' + ')))];
}
