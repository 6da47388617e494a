import { errorText } from '../text';
import type { DType, OpFunction, OpNode, OpShape, Operation, Program, Update, VariableSpec } from './graph';
import { broadcastShapes, elementsPerSample, equalShapes, inferOperation, normalizeAxes } from './inference';
import type { InferableOperation, TypedShape } from './inference';
import { typeText } from './print';
import { signatures } from './signatures';
import { updateValues } from './prune';

/** What is wrong with a finished graph, and where: in which function, at which node. Null where it is about the whole. */
export type GraphFinding = {
  readonly functionName: string | null;
  readonly node: number | null;
  readonly message: string;
};

/** A finding as a line: `trainStep %12 conv2d: its shape is f32[batch,24,24,20] and must be f32[batch,28,28,20]`. */
export function findingText({ functionName, node, message }: GraphFinding): string {
  const place = [functionName, node === null ? null : `%${node}`].filter((part) => part !== null).join(' ');
  return place === '' ? message : `${place} ${message}`;
}

/** Stops one check with what it has found. */
class Wrong extends Error {}

function requireThat(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Wrong(message);
}

/** What a check says; whatever else it stumbles over in a damaged graph is a finding too. */
function problemOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof Wrong ? error.message : errorText(error);
  }
}

const types: ReadonlySet<unknown> = new Set<DType>(['float32', 'int32', 'uint8']);

function checkShape({ shape, dtype }: TypedShape, mayHaveBatch: boolean): void {
  requireThat(types.has(dtype), `the type ${dtype} is none`);
  shape.forEach((size, axis) => {
    if (size === 'batch') requireThat(axis === 0 && mayHaveBatch, `the batch stands on axis ${axis}`);
    else requireThat(Number.isInteger(size) && size >= 1, `axis ${axis} has the size ${String(size)}`);
  });
}

function requireSame(given: TypedShape, expected: TypedShape, what: string): void {
  const [is, must] = [given, expected].map(({ shape, dtype }) => typeText(shape, dtype));
  requireThat(is === must, `${what} is ${is} and must be ${must}`);
}

/** Ops whose shape is stated and not inferred. */
function isStated(node: OpNode): node is Exclude<OpNode, InferableOperation> {
  return ['input', 'variable', 'constant', 'reshape', 'broadcastTo', 'cast'].includes(node.op);
}

type Names = {
  readonly inputs: ReadonlyMap<string, TypedShape>;
  readonly variables: ReadonlyMap<string, TypedShape>;
};

function checkStated(node: Exclude<OpNode, InferableOperation>, [x]: readonly TypedShape[], names: Names): void {
  const { shape, dtype } = node;
  switch (node.op) {
    case 'input':
    case 'variable': {
      const declared = (node.op === 'input' ? names.inputs : names.variables).get(node.name);
      requireThat(declared !== undefined, `there is no ${node.op} "${node.name}"`);
      requireSame(node, declared, `"${node.name}"`);
      return;
    }
    case 'constant': {
      requireThat(!shape.includes('batch'), 'a constant has no batch');
      const length = elementsPerSample(shape);
      requireThat(node.data.length === length, `has ${node.data.length} numbers for ${typeText(shape, dtype)}`);
      requireSame(node, { shape, dtype: node.data instanceof Int32Array ? 'int32' : 'float32' }, 'its type');
      return;
    }
    case 'cast':
      requireThat(x !== undefined && equalShapes(shape, x.shape), 'its shape must be that of its input');
      return;
    case 'reshape': {
      requireThat(x !== undefined, 'has no input');
      const keepsBatch = (x.shape[0] === 'batch') === (shape[0] === 'batch');
      const isEqualCount = elementsPerSample(x.shape) === elementsPerSample(shape);
      requireThat(keepsBatch && isEqualCount, `${typeText(x.shape, x.dtype)} cannot become ${typeText(shape, dtype)}`);
      requireSame({ shape, dtype: x.dtype }, node, 'its input');
      return;
    }
    case 'broadcastTo':
      requireThat(x !== undefined, 'has no input');
      requireThat(
        equalShapes(broadcastShapes(x.shape, shape, 'broadcastTo'), shape),
        `${typeText(x.shape, x.dtype)} cannot be repeated to ${typeText(shape, dtype)}`,
      );
      requireSame({ shape, dtype: x.dtype }, node, 'its input');
  }
}

function checkInferred(node: OpNode & InferableOperation, inputs: readonly TypedShape[]): void {
  if (node.op === 'reduceSum' || node.op === 'reduceMean' || node.op === 'reduceMax') {
    const axes = normalizeAxes(node.axes, inputs[0]?.shape.length ?? 0, node.op);
    requireThat(axes.length > 0 && axes.join() === node.axes.join(), `the axes ${node.axes.join()} are not in order`);
  }
  if (node.op === 'reverse') normalizeAxes(node.axes, inputs[0]?.shape.length ?? 0, node.op);
  requireSame(node, inferOperation(node, inputs), 'its shape');
}

function checkNode(nodes: readonly OpNode[], node: OpNode, id: number, names: Names): void {
  const signature = Object.hasOwn(signatures, node.op) ? signatures[node.op] : undefined;
  requireThat(signature !== undefined, `there is no op "${node.op}"`);
  const { arity, attributes } = signature;
  const count = node.inputs.length;
  requireThat(arity === 'several' ? count > 0 : count === arity, `takes ${arity} inputs and has ${count}`);
  const inputs = node.inputs.map((input): TypedShape => {
    const source = Number.isInteger(input) && input >= 0 && input < id ? nodes[input] : undefined;
    requireThat(source !== undefined, `reads %${String(input)}, which does not come before it`);
    return source;
  });
  const parsed = attributes.safeParse(node);
  const [issue] = parsed.error?.issues ?? [];
  requireThat(issue === undefined, `the attribute ${issue?.path.join('.') ?? ''} is wrong: ${issue?.message ?? ''}`);
  checkShape(node, node.op !== 'variable' && node.op !== 'constant');
  if (isStated(node)) checkStated(node, inputs, names);
  else checkInferred(node, inputs);
}

/** The variables that an update writes: the weight and the slots beside it. */
function writtenBy(update: Update): readonly string[] {
  switch (update.kind) {
    case 'assign':
    case 'sgd':
      return [update.variable];
    case 'momentum':
      return [update.variable, update.accumulator];
    case 'adam':
      return [update.variable, update.m, update.v];
  }
}

function checkUpdate(update: Update, nodes: readonly OpNode[], variables: Names['variables']): void {
  const valueAt = (id: number): OpNode => {
    const node = nodes[id];
    requireThat(node !== undefined, `reads %${String(id)}, which is not there`);
    return node;
  };
  updateValues(update).forEach(valueAt);
  const value = valueAt(update.kind === 'assign' ? update.value : update.gradient);
  for (const name of writtenBy(update)) {
    const variable = variables.get(name);
    requireThat(variable !== undefined, `there is no variable "${name}"`);
    requireSame(value, variable, `what "${name}" is given`);
  }
  if (update.kind === 'assign') return;
  const scalars = updateValues(update).slice(1).map(valueAt);
  scalars.forEach((scalar) => requireSame(scalar, { shape: [], dtype: 'float32' }, 'a number of the step'));
  const rates = update.kind === 'adam' ? [update.beta1, update.beta2, update.epsilon] : [];
  if (update.kind === 'momentum') rates.push(update.momentum);
  requireThat(rates.every(Number.isFinite), 'a rate is no number');
}

/** Names with what they stand for; each may be there once. */
function named(list: readonly (TypedShape & { readonly name: string })[]): ReadonlyMap<string, TypedShape> {
  const map = new Map(list.map((entry) => [entry.name, entry]));
  requireThat(map.size === list.length, 'two have one name');
  return map;
}

function hasBatch({ shape }: { readonly shape: OpShape }): boolean {
  return shape.includes('batch');
}

function checkInputs({ inputs, nodes }: OpFunction): void {
  for (const { name, shape, dtype } of inputs) {
    checkShape({ shape, dtype }, true);
    const count = nodes.filter((node) => node.op === 'input' && node.name === name).length;
    requireThat(count === 1, `the input "${name}" has ${count} nodes`);
  }
  named(inputs);
  requireThat(inputs.some(hasBatch) || !nodes.some(hasBatch), 'no input tells the size of the batch');
}

function checkWrites({ updates }: OpFunction): void {
  const written = updates.flatMap(writtenBy);
  const twice = written.find((name, place) => written.indexOf(name) !== place);
  requireThat(twice === undefined, `"${twice ?? ''}" is updated twice`);
}

/** What is wrong with one function over these variables; empty where nothing is. It never throws, whatever it is given. */
export function checkFunction(
  name: string,
  definition: OpFunction,
  variables: readonly VariableSpec[],
): readonly GraphFinding[] {
  const findings: GraphFinding[] = [];
  const look = (node: number | null, about: string, check: () => void): void => {
    const problem = problemOf(check);
    if (problem !== null) findings.push({ functionName: name, node, message: `${about}: ${problem}` });
  };
  look(null, 'function', () => {
    const { nodes, outputs, updates, inputs } = definition;
    const names: Names = {
      inputs: new Map(inputs.map((input) => [input.name, input])),
      variables: variableMap(variables),
    };
    nodes.forEach((node, id) => look(id, opOf(node), () => checkNode(nodes, node, id, names)));
    look(null, 'inputs', () => checkInputs(definition));
    for (const [output, id] of Object.entries(outputs)) {
      look(id, `output "${output}"`, () => requireThat(nodes[id] !== undefined, 'its node is not there'));
    }
    updates.forEach((update, place) =>
      look(null, `update ${place}`, () => checkUpdate(update, nodes, names.variables)),
    );
    look(null, 'updates', () => checkWrites(definition));
  });
  return findings;
}

function variableMap(variables: readonly VariableSpec[]): ReadonlyMap<string, TypedShape> {
  return new Map(variables.map((variable) => [variable.name, variable]));
}

/** What a node calls itself, as far as it can be read. */
function opOf(node: Partial<Operation> | undefined): string {
  return String(node?.op);
}

/**
 * What is wrong with a finished program: every shape and type is worked out anew by the shape rules, inputs come before their
 * readers, and inputs, outputs, updates and variables fit together. Empty where all is well. It never throws: what it cannot even
 * read is a finding.
 */
export function checkProgram(program: Program): readonly GraphFinding[] {
  const findings: GraphFinding[] = [];
  const problem = problemOf(() => {
    for (const { name, shape, dtype } of program.variables) {
      const wrong = problemOf(() => checkShape({ shape, dtype }, false));
      if (wrong !== null) findings.push({ functionName: null, node: null, message: `variable "${name}": ${wrong}` });
    }
    named(program.variables);
    for (const [name, definition] of Object.entries(program.functions)) {
      findings.push(...checkFunction(name, definition, program.variables));
    }
  });
  return problem === null
    ? findings
    : [...findings, { functionName: null, node: null, message: `program: ${problem}` }];
}
