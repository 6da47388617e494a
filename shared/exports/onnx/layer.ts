import type { layers, LayerKind } from '../../layers';
import type { ParamFields, ParamValues, Shape } from '../../layers/define';
import type { FloatTensor } from '../../ops/tensor';
import type { LayerGraph } from './graph';

/** A layer as its printer sees it. */
export type Layer<Params> = {
  readonly id: string;
  readonly params: Params;
  /** Values of ONNX in port order; what only gives places of maxima is the max pool's own. */
  readonly inputs: readonly string[];
  /** As the app has them: channels last, without a batch. Null is a size that is known only when the model runs. */
  readonly shapes: readonly Shape[];
  readonly output: Shape;
  /** By the name within the layer. */
  readonly weight: (name: string) => FloatTensor;
  /** The layer that gives an input, as a max pool is of an unpooling. */
  readonly source: (port: number) => Layer<ParamValues<ParamFields>>;
  /**
   * A list that came from a map lies in ONNX's own order where only kernels read it, which are turned to it: the map's shape. Of an
   * input, or with -1 of the layer's own value. Null for a list in the app's order.
   */
  readonly orderOf: (port: number) => Shape | null;
};

/** Writes a layer as nodes and gives its value. A method, so that the table forgets the params' types. */
export type KindPrinter<Params> = { print(layer: Layer<Params>, graph: LayerGraph): string };

/** A printer of a kind that only a registry knows. */
export type AnyPrinter = KindPrinter<ParamValues<ParamFields>>;

/** The params of a built-in kind. */
export type ParamsOf<Kind extends LayerKind> = ParamValues<
  Extract<(typeof layers)[number], { readonly kind: Kind }>['params']
>;

/** The first input, and its shape. */
export function only({ inputs: [value = ''], shapes: [shape = []] }: Layer<unknown>): {
  readonly value: string;
  readonly shape: Shape;
} {
  return { value, shape };
}

/** A size that a printer has asked for with {@link isKnown} or that the analysis guarantees. */
export function known(size: number | null | undefined): number {
  if (size == null) throw new Error('ONNX: a size was to be known.');
  return size;
}

/** Whether all sizes are known before the model runs. */
export function isKnown(shape: Shape): shape is readonly number[] {
  return !shape.includes(null);
}

/** Thrown by a printer that has no form for sizes that are known only when the model runs; told as a finding. */
export class OpenSizeFault extends Error {
  constructor(readonly nodeId: string) {
    super(`"${nodeId}" has no form for open sizes.`);
  }
}

/** A weight of one number per channel, so that it meets the channels of a map or a list. */
export function perChannel(
  { shape }: { readonly shape: Shape },
  graph: LayerGraph,
  name: string,
  data: Float32Array,
): string {
  return graph.floats(name, shape.length === 3 ? [data.length, 1, 1] : [data.length], data);
}
