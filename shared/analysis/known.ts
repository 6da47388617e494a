import { product } from '../layers/arithmetic';
import type { AnyLayerDefinition, ParamFields, ParamValues, RawParams, Shape, WeightSpec } from '../layers/define';
import { readParams } from '../layers/params';
import { hasKernel } from '../layers/traits';
import type { Diagnostic } from '../diagnostics/diagnostic';

/** What stays certain about a node that does not compute. */
export type Known = {
  /** Null for a size that hangs on what is wrong; null altogether where not even the number of axes is certain. */
  readonly shape: Shape | null;
  /** Null where their number hangs on what is wrong. */
  readonly weights: readonly WeightSpec[] | null;
};

/** What a node that does not compute is made from; an input is null where nothing is known of it. */
export type KnownContext = {
  readonly nodeId: string;
  readonly params: ParamValues<ParamFields>;
  readonly inputs: readonly (Shape | null)[];
};

/** A map, and a list, of which nothing else is known. */
const blanks: readonly Shape[] = [[null, null, null], [null]];

/**
 * What holds for a node whatever becomes of the error on its way: a conv behind a window that does not fit still has its filters, and
 * with the channels that come in its weights too. What is in doubt is opened step by step (first the heights and widths, then the
 * channels) until the layer's own rule accepts it; what comes out then does not hang on it. No finding comes of it.
 */
export function knownOf(definition: AnyLayerDefinition, context: KnownContext): Known {
  const given = padInputs(definition, context.inputs);
  const opened = given.map((shape) => (shape?.length === 3 ? [null, null, shape[2] ?? null] : shape));
  for (const inputs of [given, opened, given.map(() => null)]) {
    const found = accepted(definition, { ...context, inputs });
    if (found === null) continue;
    return { shape: found.shape ?? declaredShape(definition, context.params), weights: found.weights };
  }
  const isWeightless = definition.weights({ ...context, inputs: given.map(() => [1, 1, 1]), output: [] }).length === 0;
  return { shape: declaredShape(definition, context.params), weights: isWeightless ? [] : null };
}

/**
 * The channels that come out of a node with wrong params, where they do not hang on those: of a pool with a wrong window, or a conv
 * with a wrong stride. Params that are wrong are left out, and no count is made of the rest.
 */
export function knownWithoutParams(
  definition: AnyLayerDefinition,
  raw: RawParams,
  wrong: readonly Diagnostic[],
  { nodeId, inputs }: Omit<KnownContext, 'params'>,
): Known {
  const names = new Set(wrong.map(({ at }) => at.param));
  const right = Object.fromEntries(Object.entries(raw).filter(([name]) => !names.has(name)));
  const params = readParams(definition, right, nodeId);
  if (!params.ok) return { shape: declaredShape(definition, right), weights: null };
  const { shape, weights } = knownOf(definition, { nodeId, params: params.value, inputs });
  const isWeightless = weights?.length === 0;
  const channels = shape?.length === 3 ? [null, null, shape[2] ?? null] : shape;
  return { shape: channels, weights: isWeightless ? [] : null };
}

/** As many inputs as the layer must have. */
function padInputs({ inputs }: AnyLayerDefinition, given: readonly (Shape | null)[]): readonly (Shape | null)[] {
  const least = inputs.arity === 'fixed' ? inputs.ports.filter(({ optional }) => optional !== true).length : 1;
  return inputs.arity === 'none' || given.length >= least
    ? given
    : [...given, ...Array.from({ length: least - given.length }, () => null)];
}

/** What a layer's rule gives for inputs of which some are unknown, if it is the same whatever they are; null where it refuses all. */
function accepted(definition: AnyLayerDefinition, context: KnownContext): Known | null {
  const { nodeId, params } = context;
  let found: Known | null = null;
  for (const blank of needsLists(definition, context.inputs) ? blanks : blanks.slice(0, 1)) {
    const inputs = context.inputs.map((shape) => shape ?? blank);
    const shape = definition.inferShape({ nodeId, params, inputs });
    if (!shape.ok) continue;
    const filled = { nodeId, params, inputs, output: shape.value };
    const weights = definition.weights(filled);
    const isOpen = weights.length === 0 && hasOpenWeights(definition, filled);
    const known: Known = { shape: shape.value, weights: isOpen ? null : weights };
    if (found === null) found = known;
    else {
      const isSame = isSameShape(found.shape, known.shape);
      const isCounted: boolean = found.weights?.length === 0 && known.weights?.length === 0;
      found = { shape: isSame ? found.shape : null, weights: isCounted ? [] : null };
    }
  }
  return found;
}

/** Whether an unknown input may be a list as well as a map. */
function needsLists({ inputs: ports }: AnyLayerDefinition, inputs: readonly (Shape | null)[]): boolean {
  return inputs.some((shape, port) => {
    return shape === null && !(ports.arity === 'fixed' && ports.ports[port]?.spatial === true);
  });
}

function isSameShape(a: Shape | null, b: Shape | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** True for a kind with weights whose number hangs on a size that is not known. */
export function hasOpenWeights(
  definition: AnyLayerDefinition,
  context: Parameters<AnyLayerDefinition['weights']>[0],
): boolean {
  const [first = []] = context.inputs;
  if (!first.includes(null)) return false;
  const closed = first.map((size) => size ?? 1);
  return definition.weights({ ...context, inputs: [closed, ...context.inputs.slice(1)] }).length > 0;
}

/** What a learned kernel says of its output by itself: its filters, or its units. */
function declaredShape(definition: AnyLayerDefinition, params: { readonly [name: string]: unknown }): Shape | null {
  if (!hasKernel(definition)) return null;
  const isDense = definition.traits.role === 'dense';
  const width = params[isDense ? 'units' : 'filters'];
  if (typeof width !== 'number' || !Number.isInteger(width)) return null;
  return isDense ? [width] : [null, null, width];
}

/** How many values weights hold, and how many of them learn. */
export function countWeights(weights: readonly WeightSpec[]): { readonly all: number; readonly trainable: number } {
  let all = 0;
  let trainable = 0;
  for (const weight of weights) {
    const count = product(weight.shape) ?? 0;
    all += count;
    if (weight.trainable) trainable += count;
  }
  return { all, trainable };
}
