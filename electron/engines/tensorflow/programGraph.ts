import type { DType, OpFunction, OpShape, Program, Update, VariableSpec } from '../../../shared/ops/graph';
import { rewriteForTensorflow } from '../rewrites';
import { attribute } from './graphDef';
import { constantBytes, controlInput, createGraphWriter, partialShape } from './graphWriter';
import type { GraphWriter } from './graphWriter';
import { createShapeVector } from './lowering';
import type { KernelDevice, Lowering } from './lowering';
import { lowerOp } from './ops';

/** Where a tensor goes into or comes out of the graph: `node:output`. */
type Port = string;

/** What may be fed at a port; `batch` in a shape is any size, the same for all inputs of a run. */
export type InputPort = { readonly port: Port; readonly shape: OpShape; readonly dtype: DType };

/** What comes out at a port, as the op graph has it; bytes arrive as int32, since the addon reads no others. */
export type OutputPort = { readonly port: Port; readonly dtype: DType };

/** How to run one function: feed `inputs`, fetch `outputs`; `driver` is fetched last, for its updates alone. */
export type FunctionPorts = {
  readonly inputs: ReadonlyMap<string, InputPort>;
  readonly outputs: ReadonlyMap<string, OutputPort>;
  readonly driver: Port | undefined;
};

export type VariablePorts = { readonly feed: InputPort; readonly assign: Port; readonly read: OutputPort };

/** A whole program as one TensorFlow graph whose variables live in the session. */
export type ProgramGraph = {
  readonly savedModel: Uint8Array;
  readonly functions: ReadonlyMap<string, FunctionPorts>;
  readonly variables: ReadonlyMap<string, VariablePorts>;
};

const port = (node: string): Port => `${node}:0`;

/** One fetched value stands for "all these have run"; TensorFlow fetches no bare operation. */
function addDriver(graph: GraphWriter, operations: readonly string[], name: string): Port {
  const zero = graph.constant('int32', [], constantBytes('int32', [0]));
  return port(graph.add('Identity', [zero, ...operations.map(controlInput)], { T: attribute.type('int32') }, name));
}

function addOutput(graph: GraphWriter, tensor: string, dtype: DType, name: string): OutputPort {
  const T = attribute.type(dtype);
  const node =
    dtype === 'uint8'
      ? graph.add('Cast', [tensor], { SrcT: T, DstT: attribute.type('int32') }, name)
      : graph.add('Identity', [tensor], { T }, name);
  return { port: port(node), dtype };
}

function addVariable(graph: GraphWriter, spec: VariableSpec, index: number): { handle: string; ports: VariablePorts } {
  const dtype = attribute.type(spec.dtype);
  const shape = attribute.shape(spec.shape);
  const handle = graph.add('VarHandleOp', [], { dtype, shape, shared_name: attribute.string(`v${index}`) });
  const feed = graph.add('Placeholder', [], { dtype, shape }, `v${index}_feed`);
  // Without the copy the variable would be the caller's own memory, and the optimizer would write into it.
  const owned = graph.add('DeepCopy', [feed], { T: dtype });
  const assign = graph.add('AssignVariableOp', [handle, owned], { dtype });
  const value = graph.add('ReadVariableOp', [handle], { dtype });
  return {
    handle,
    ports: {
      feed: { port: port(feed), shape: spec.shape, dtype: spec.dtype },
      assign: addDriver(graph, [assign], `v${index}_assign`),
      read: addOutput(graph, value, spec.dtype, `v${index}_read`),
    },
  };
}

/** What a function's updates need: its tensors, and the variables as handles and as they were read. */
type UpdateScope = {
  readonly graph: GraphWriter;
  readonly tensor: (id: number) => string;
  readonly handle: (variable: string) => string;
  readonly reads: ReadonlyMap<string, string>;
};

/** The variables that an update writes. */
function writtenBy(update: Update): readonly string[] {
  switch (update.kind) {
    case 'momentum':
      return [update.variable, update.accumulator];
    case 'adam':
      return [update.variable, update.m, update.v];
    default:
      return [update.variable];
  }
}

/** Adds the operation that makes one update, after every read of what it writes. */
function addUpdate(scope: UpdateScope, update: Update): string {
  const { graph, tensor, handle } = scope;
  const float = { T: attribute.type('float32') };
  const scalar = (value: number): string => graph.constant('float32', [], constantBytes('float32', [value]));
  const reads = writtenBy(update).flatMap((variable) => {
    const read = scope.reads.get(variable);
    return read === undefined ? [] : [controlInput(read)];
  });
  const target = handle(update.variable);
  switch (update.kind) {
    case 'assign':
      return graph.add('AssignVariableOp', [target, tensor(update.value), ...reads], {
        dtype: attribute.type('float32'),
      });
    case 'sgd': {
      const inputs = [target, tensor(update.learningRate), tensor(update.gradient)];
      return graph.add('ResourceApplyGradientDescent', [...inputs, ...reads], float);
    }
    case 'momentum': {
      const rate = tensor(update.learningRate);
      const inputs = [target, handle(update.accumulator), rate, tensor(update.gradient), scalar(update.momentum)];
      return graph.add('ResourceApplyMomentum', [...inputs, ...reads], float);
    }
    case 'adam': {
      const powers = [tensor(update.beta1Power), tensor(update.beta2Power)];
      const constants = [scalar(update.beta1), scalar(update.beta2), scalar(update.epsilon)];
      const slots = [target, handle(update.m), handle(update.v)];
      const inputs = [...slots, ...powers, tensor(update.learningRate), ...constants, tensor(update.gradient)];
      return graph.add('ResourceApplyAdam', [...inputs, ...reads], float);
    }
  }
}

/** Where the values of a function come from that no op computes. */
type Sources = { readonly input: (name: string) => string; readonly variable: (name: string, dtype: DType) => string };

/** Adds all ops of a function, and gives the tensor of each node by its id. Throws on what has no TensorFlow form. */
export function lowerFunction(
  graph: GraphWriter,
  original: OpFunction,
  device: KernelDevice,
  sources: Sources,
): { readonly definition: OpFunction; readonly tensor: (id: number) => string } {
  const fn = rewriteForTensorflow(original, device).definition;
  const tensors: string[] = [];
  const memo = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const known = memo.get(key);
    if (known !== undefined) return known;
    const made = make();
    memo.set(key, made);
    return made;
  };
  const relus = new Map(fn.nodes.flatMap((node, id) => (node.op === 'relu' ? [[node.inputs[0], id] as const] : [])));
  const lowering: Lowering = {
    device,
    graph,
    product: 'float32',
    node: (id) => known(fn.nodes[id], `node ${id}`),
    tensor: (id) => known(tensors[id], `value ${id}`),
    once,
    made: (key) => memo.get(key),
    reluOf: (id) => relus.get(id),
    shapeVector: createShapeVector(graph, fn, sources.input, once),
  };
  fn.nodes.forEach((node, id) => {
    if (node.op === 'input') tensors[id] = sources.input(node.name);
    else if (node.op === 'variable') tensors[id] = sources.variable(node.name, node.dtype);
    else tensors[id] = lowerOp(lowering, id);
  });
  return { definition: fn, tensor: lowering.tensor };
}

function addFunction(
  graph: GraphWriter,
  original: OpFunction,
  prefix: string,
  handle: (variable: string) => string,
  device: KernelDevice,
): FunctionPorts {
  const feeds = new Map(
    original.inputs.map(({ name, shape, dtype }, index) => {
      const attributes = { dtype: attribute.type(dtype), shape: attribute.shape(partialShape(shape)) };
      return [name, graph.add('Placeholder', [], attributes, `${prefix}_in${index}`)] as const;
    }),
  );
  const feed = (name: string): string => known(feeds.get(name), `input ${name}`);
  const reads = new Map<string, string>();
  const read = (name: string, dtype: DType): string => {
    const made = reads.get(name) ?? graph.add('ReadVariableOp', [handle(name)], { dtype: attribute.type(dtype) });
    reads.set(name, made);
    return made;
  };
  const { definition: fn, tensor } = lowerFunction(graph, original, device, { input: feed, variable: read });
  const scope: UpdateScope = { graph, tensor, handle, reads };
  const updates = fn.updates.map((update) => addUpdate(scope, update));
  const outputs = new Map(
    Object.entries(fn.outputs).map(([name, id], index) => {
      const { dtype } = known(fn.nodes[id], `node ${id}`);
      return [name, addOutput(graph, tensor(id), dtype, `${prefix}_out${index}`)] as const;
    }),
  );
  return {
    inputs: new Map(
      fn.inputs.map(({ name, shape, dtype }) => [name, { port: port(feed(name)), shape, dtype }] as const),
    ),
    outputs,
    driver: updates.length === 0 ? undefined : addDriver(graph, updates, `${prefix}_step`),
  };
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The program speaks of ${what}, which it does not have.`);
  return value;
}

/** Lowers all functions of a program into one graph over shared variables. Throws on what has no TensorFlow form. */
export function buildProgramGraph(program: Program, device: KernelDevice): ProgramGraph {
  const graph = createGraphWriter();
  const variables = new Map(
    program.variables.map((spec, index) => [spec.name, addVariable(graph, spec, index)] as const),
  );
  const handle = (name: string): string => known(variables.get(name), `variable ${name}`).handle;
  const functions = new Map(
    Object.entries(program.functions).map(
      ([name, fn], index) => [name, addFunction(graph, fn, `f${index}`, handle, device)] as const,
    ),
  );
  return {
    savedModel: graph.encode(),
    functions,
    variables: new Map([...variables].map(([name, { ports }]) => [name, ports] as const)),
  };
}
