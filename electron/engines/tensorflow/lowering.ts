import type { OpFunction, OpNode, OpShape, ReducedType } from '../../../shared/ops/graph';
import { attribute } from './graphDef';
import type { Attributes, DataTypeName } from './graphDef';
import type { GraphWriter } from './graphWriter';

/** Where kernels will run: some combinations exist on one of them only. */
export type KernelDevice = 'cpu' | 'gpu';

/** What the lowering of one op may use: the function around it, the tensors made so far, and the graph. */
export type Lowering = {
  readonly device: KernelDevice;
  readonly graph: GraphWriter;
  /** What products are computed in here; the tensors of their operands are of this type. */
  readonly product: 'float32' | ReducedType;
  readonly node: (id: number) => OpNode;
  /** The tensor of a node that has been lowered already. */
  readonly tensor: (id: number) => string;
  /** A value computed once per function, under a key. */
  readonly once: (key: string, make: () => string) => string;
  /** The value under a key, where it has been computed. */
  readonly made: (key: string) => string | undefined;
  /** The `relu` of the same value, if the function has one: its output serves the gradient as well as its input does. */
  readonly reluOf: (id: number) => number | undefined;
  /** An int32 vector holding a shape whose batch is known only at run time. */
  readonly shapeVector: (shape: OpShape) => string;
};

/** Adds a node whose type attribute `T` is given. */
export function addTyped(
  lowering: Lowering,
  op: string,
  dtype: DataTypeName,
  inputs: readonly string[],
  attributes: Attributes = {},
): string {
  return lowering.graph.add(op, inputs, { T: attribute.type(dtype), ...attributes });
}

/**
 * The same within one product of a smaller type: operands come in that type, each turned once for all products that read it. What is
 * made there is turned back by {@link fromReduced}.
 */
export function withinProduct(lowering: Lowering, product: ReducedType): Lowering {
  const { graph } = lowering;
  const types = { SrcT: attribute.type('float32'), DstT: attribute.type(product) };
  const tensor = (id: number): string =>
    lowering.once(`${product} ${id}`, () => graph.add('Cast', [lowering.tensor(id)], types));
  return { ...lowering, product, tensor };
}

/** A product in float32, as all other ops take it. */
export function fromReduced({ graph }: Lowering, tensor: string, product: ReducedType): string {
  return graph.add('Cast', [tensor], { SrcT: attribute.type(product), DstT: attribute.type('float32') });
}

/** The node behind input `position` of a node. Programs are well formed, so a missing one is a defect of the compiler. */
export function inputOf(
  lowering: Lowering,
  node: OpNode,
  position: number,
): { id: number; node: OpNode; tensor: string } {
  const id = node.inputs[position];
  if (id === undefined) throw new Error(`The op ${node.op} has no input ${position}.`);
  return { id, node: lowering.node(id), tensor: lowering.tensor(id) };
}

/** A size that a program must know before it runs. */
export function staticSize(shape: OpShape, axis: number): number {
  const size = shape[axis];
  if (typeof size !== 'number') throw new Error(`Axis ${axis} of [${shape.join(', ')}] must be known before the run.`);
  return size;
}

/**
 * Makes the vector builder of a function: constant where the shape is, else the batch (axis 0 of the first input that has it)
 * in front of the rest.
 */
export function createShapeVector(
  graph: GraphWriter,
  fn: OpFunction,
  inputTensor: (name: string) => string,
  once: (key: string, make: () => string) => string,
): Lowering['shapeVector'] {
  const int32 = attribute.type('int32');
  const batch = (): string =>
    once('batch', () => {
      const source = fn.inputs.find((input) => input.shape[0] === 'batch');
      if (source === undefined) throw new Error('A function with a symbolic batch has no input that tells its size.');
      const shape = graph.add('Shape', [inputTensor(source.name)], {
        T: attribute.type(source.dtype),
        out_type: int32,
      });
      return graph.add('Slice', [shape, graph.ints([0]), graph.ints([1])], { T: int32, Index: int32 });
    });
  return (shape) => {
    const known = shape.filter((size) => size !== 'batch');
    if (known.length === shape.length) return graph.ints(known);
    return once(`shape ${shape.join()}`, () =>
      graph.add('ConcatV2', [batch(), graph.ints(known), graph.ints([0], [])], {
        N: attribute.int(2),
        T: int32,
        Tidx: int32,
      }),
    );
  };
}
