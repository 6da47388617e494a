import * as tf from '@tensorflow/tfjs';
import type { DataType, Tensor } from '@tensorflow/tfjs';
import type { BatchNormOp } from '../../../shared/ops/batchNorm';
import type { NodeOf } from '../../../shared/ops/graph';
import type { DType, OpFunction, OpName, OpNode, OpShape } from '../../../shared/ops/graph';
import { convolutionKernels } from './kernels/convolution';
import { binaryKernels, choiceKernels, unaryKernels } from './kernels/elementwise';
import type { Kernel } from './kernels/kernel';
import { poolingKernels } from './kernels/pooling';
import { rearrangementKernels } from './kernels/rearrangement';
import { reductionKernels } from './kernels/reduction';

/** Ops whose values come from the run itself and not from other ops. */
type Leaf = 'input' | 'variable' | 'constant';

/** Ops that have a kernel here: the others are leaves, or were expanded before. */
type Computed = Exclude<OpName, Leaf | BatchNormOp>;

const kernels: { readonly [Op in Computed]: Kernel<Op> } = {
  ...unaryKernels,
  ...binaryKernels,
  ...choiceKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...reductionKernels,
  ...rearrangementKernels,
};

function isLeaf(op: OpName): op is Leaf {
  return op === 'input' || op === 'variable' || op === 'constant';
}

function computeOp<Op extends Computed>(
  op: Op,
  node: NodeOf<Op>,
  inputs: readonly Tensor[],
  shape: readonly number[],
): Tensor {
  return kernels[op](node, inputs, shape);
}

/** tfjs has no bytes: they are kept as int32, and the program's own types are kept beside. */
export function tensorType(dtype: DType): DataType {
  return dtype === 'float32' ? 'float32' : 'int32';
}

/** A function made ready to be interpreted: its constants are on the backend, and each value knows when it is last used. */
export type PreparedFunction = {
  readonly source: OpFunction;
  /** By node id. */
  readonly constants: ReadonlyMap<number, Tensor>;
  /** By node id: ids of values that nothing needs after this node. */
  readonly lastUses: readonly (readonly number[])[];
};

export function prepareFunction(source: OpFunction): PreparedFunction {
  const constants = new Map<number, Tensor>();
  source.nodes.forEach((node, id) => {
    if (node.op === 'constant') {
      const data = typeof node.data === 'object' && 'slice' in node.data ? node.data.slice() : node.data;
      constants.set(id, tf.tensor(data, concreteShape(node.shape, 1), tensorType(node.dtype)));
    }
  });
  return { source, constants, lastUses: findLastUses(source) };
}

function findLastUses({ nodes, outputs, updates }: OpFunction): readonly (readonly number[])[] {
  const given = new Set(Object.values(outputs));
  for (const update of updates) if (update.kind === 'assign') given.add(update.value);
  const seen = new Set<number>();
  const lastUses: number[][] = nodes.map(() => []);
  for (let id = nodes.length - 1; id >= 0; id--) {
    for (const input of new Set(nodes[id]?.inputs)) {
      const owned = !isLeaf(nodes[input]?.op ?? 'input');
      if (owned && !seen.has(input) && !given.has(input)) lastUses[id]?.push(input);
      seen.add(input);
    }
  }
  return lastUses;
}

export type RunValues = {
  readonly batch: number;
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly variables: ReadonlyMap<string, Tensor>;
};

export type RunResult = {
  readonly outputs: { readonly [name: string]: Tensor };
  /** New values of variables; nothing has been changed yet. */
  readonly assigned: { readonly [variable: string]: Tensor };
};

/** Computes a function node by node, giving every value back as soon as nothing needs it. The results belong to the caller. */
export function runFunction(prepared: PreparedFunction, run: RunValues): RunResult {
  const { source, lastUses } = prepared;
  const results = tf.tidy(() => {
    const values: Tensor[] = [];
    source.nodes.forEach((node, id) => {
      values.push(computeNode(prepared, node, id, values, run));
      lastUses[id]?.forEach((used) => values[used]?.dispose());
    });
    const give = (id: number) => tf.clone(valueAt(values, id));
    const outputs = Object.entries(source.outputs).map(([name, id]): [string, Tensor] => [name, give(id)]);
    const assigned = source.updates.map((update): [string, Tensor] => {
      if (update.kind !== 'assign') throw new Error('tfjs engine: updates must be expanded before they are run.');
      return [update.variable, give(update.value)];
    });
    return { outputs: Object.fromEntries(outputs), assigned: Object.fromEntries(assigned) };
  });
  return results;
}

function valueAt(values: readonly Tensor[], id: number): Tensor {
  const value = values[id];
  if (value === undefined) throw new Error(`tfjs engine: value ${id} is not there yet.`);
  return value;
}

function computeNode(
  { constants }: PreparedFunction,
  node: OpNode,
  id: number,
  values: readonly Tensor[],
  { batch, inputs: fed, variables }: RunValues,
): Tensor {
  const shape = concreteShape(node.shape, batch);
  switch (node.op) {
    case 'input':
      return required(fed.get(node.name), node.name);
    case 'variable':
      return required(variables.get(node.name), node.name);
    case 'constant':
      return required(constants.get(id), 'constant');
    case 'batchNorm':
    case 'batchNormInputGrad':
    case 'batchNormGammaGrad':
      throw new Error('tfjs engine: batch normalisation must be expanded before it is run.');
    default: {
      const inputs = node.inputs.map((input) => valueAt(values, input));
      return tf.tidy(() => {
        const result = computeOp(node.op, node, inputs, shape);
        // A value must be a tensor of its own, or giving back an input would give it back too.
        return inputs.includes(result) ? tf.clone(result) : result;
      });
    }
  }
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`tfjs engine: "${name}" has no value.`);
  return value;
}

export function concreteShape(shape: OpShape, batch: number): number[] {
  return shape.map((size) => (size === 'batch' ? batch : size));
}
