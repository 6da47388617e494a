import type { Value } from '../ops/builder';

/** The input at a port, which analysis has made sure is wired. Its absence is a programmer's mistake. */
export function inputAt(inputs: readonly Value[], port: number): Value {
  const value = inputs[port];
  if (value === undefined) throw new Error(`no value at input ${port}`);
  return value;
}

/** A weight that the layer's own `weights` declared. */
export function weightOf(weights: { readonly [name: string]: Value }, name: string): Value {
  const value = weights[name];
  if (value === undefined) throw new Error(`no weight ${name}`);
  return value;
}

/** Height, width and channels of a value `[batch, height, width, channels]`. */
export function mapSize(value: Value): readonly [height: number, width: number, channels: number] {
  const [, height, width, channels] = value.shape;
  if (typeof height !== 'number' || typeof width !== 'number' || typeof channels !== 'number') {
    throw new Error(`expected [batch, height, width, channels], got [${value.shape.join(', ')}]`);
  }
  return [height, width, channels];
}
