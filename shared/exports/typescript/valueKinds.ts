import type { Shape } from '../../layers/define';
import { custom, native, number, type Context, type Params, type PrintedCall } from './calls';

/** Layer and group normalisation: what is left at its default is left out. */
export function printNorm(params: Params, over: readonly string[]): PrintedCall {
  const off = ['scale', 'center'].filter((part) => params[part] === false);
  const fields = [...over, `epsilon: ${number(params['epsilon'])}`, ...off.map((part) => `${part}: false`)];
  return custom('SampleNormalization', fields);
}

export function printScale({ params, weights }: Context): readonly PrintedCall[] {
  const learned = params['learned'] === false ? [] : [`learned: '${String(params['learned'])}'`];
  const fields = ['scale', 'shift'].map((name) => `${name}: ${numbers(params[name])}`);
  return [{ ...custom('ScaleShift', [...fields, ...learned]), ...(learned.length > 0 && { weights }) }];
}

export function printSlice({ params, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const axis = params['axis'] === 'channels' ? shape.length : params['axis'] === 'height' ? 1 : 2;
  const to = params['to'] === null ? [] : [`to: ${number(params['to'])}`];
  return [custom('Slice', [`axis: ${axis}`, `from: ${number(params['from'])}`, ...to])];
}

export function reshapeTo(shape: Shape): PrintedCall {
  return native('reshape', [`targetShape: [${shape.map((length) => (length === null ? 'null' : length)).join(', ')}]`]);
}

/** A number, or a list of them. */
export function numbers(value: unknown): string {
  const list: readonly unknown[] | null = Array.isArray(value) ? value : null;
  return list === null ? number(value) : `[${list.map(number).join(', ')}]`;
}
