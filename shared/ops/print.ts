import type { DType, OpFunction, OpNode, OpShape, Program, Update } from './graph';
import { scalarOf } from './scalars';

const typeNames: { readonly [T in DType]: string } = { float32: 'f32', int32: 'i32', uint8: 'u8' };

/** A shape with its type as the printer has it: `f32[batch,24,24,20]`. */
export function typeText(shape: OpShape, dtype: DType): string {
  return `${typeNames[dtype]}[${shape.join(',')}]`;
}

/** Names of nodes are free text: one that could be mistaken for something else is quoted. */
function nameText(name: string): string {
  return /^[\p{L}\p{N}_./:-]+$/u.test(name) ? name : JSON.stringify(name);
}

/** How a node refers to a value: `%12`, `%in/x`, `%w/c1/kernel`, or the number itself where it is one. */
function valueText(nodes: readonly OpNode[], id: number): string {
  const node = nodes[id];
  if (node?.op === 'input') return `%in/${nameText(node.name)}`;
  if (node?.op === 'variable') return `%w/${nameText(node.name)}`;
  const number = node === undefined || node.shape.length > 0 ? undefined : scalarOf(node);
  return number === undefined ? `%${id}` : String(number);
}

/** Constants up to this many numbers are printed whole; longer ones by their digest. */
const mostNumbers = 8;

/** FNV-1a over the numbers as float64, so that two long constants can be told apart. */
function digestOf(data: ArrayLike<number>): string {
  const words = new Uint32Array(Float64Array.from(data).buffer);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The numbers of a constant as text: short ones whole, long ones by their digest. */
export function constantText(data: ArrayLike<number>): string {
  if (data.length <= mostNumbers) return Array.from(data, String).join(' ');
  return `${data.length} numbers, digest ${digestOf(data)}`;
}

/** What goes without saying. */
const silent: ReadonlySet<string> = new Set([
  'dilations 1x1',
  'groups 1',
  'transposeA false',
  'transposeB false',
  'keepDims false',
]);

const sizes: ReadonlySet<string> = new Set(['strides', 'dilations', 'size', 'inputSize', 'filterSize']);

function attributeText(name: string, value: unknown): string {
  if (!Array.isArray(value)) return `${name} ${String(value)}`;
  const items: readonly unknown[] = value;
  const separator = sizes.has(name) && items.length === 2 ? 'x' : ' ';
  return `${name} ${items.map((item) => (Array.isArray(item) ? item.join(':') : String(item))).join(separator)}`;
}

function attributesText(node: OpNode): string {
  if (node.op === 'constant') return ` {${constantText(node.data)}}`;
  const { op: _op, inputs: _inputs, shape: _shape, dtype: _dtype, ...attributes } = node;
  const texts = Object.entries(attributes).map(([name, value]) => attributeText(name, value));
  const said = texts.filter((text) => !silent.has(text));
  return said.length === 0 ? '' : ` {${said.join(', ')}}`;
}

function nodeLine(nodes: readonly OpNode[], node: OpNode, id: number): string {
  const operands = node.inputs.map((input) => ` ${valueText(nodes, input)}`).join('');
  return `%${id} = ${node.op}${operands}${attributesText(node)} : ${typeText(node.shape, node.dtype)}`;
}

/** Inputs, variables and single numbers stand where they are used; they have no line. */
function hasLine(nodes: readonly OpNode[], id: number): boolean {
  return valueText(nodes, id) === `%${id}`;
}

function updateLine(nodes: readonly OpNode[], update: Update): string {
  const value = (id: number): string => valueText(nodes, id);
  const target = `%w/${nameText(update.variable)}`;
  switch (update.kind) {
    case 'assign':
      return `${target} <- ${value(update.value)}`;
    case 'sgd':
      return `${target} <- sgd ${value(update.gradient)} {learningRate ${value(update.learningRate)}}`;
    case 'momentum': {
      const slot = `%w/${nameText(update.accumulator)}`;
      const rates = `learningRate ${value(update.learningRate)}, momentum ${update.momentum}`;
      return `${target}, ${slot} <- momentum ${value(update.gradient)} {${rates}}`;
    }
    case 'adam': {
      const slots = [update.m, update.v].map((slot) => `%w/${nameText(slot)}`).join(', ');
      const powers = `beta1Power ${value(update.beta1Power)}, beta2Power ${value(update.beta2Power)}`;
      const numbers = `beta1 ${update.beta1}, beta2 ${update.beta2}, epsilon ${update.epsilon}`;
      const rate = `learningRate ${value(update.learningRate)}`;
      return `${target}, ${slots} <- adam ${value(update.gradient)} {${rate}, ${powers}, ${numbers}}`;
    }
  }
}

/**
 * One function as text, one line a node: `%12 = conv2d %3 %w/c1/kernel {strides 1x1, pads 0 0 0 0} : f32[batch,24,24,20]`. The same
 * function is always the same text; ids are those of {@link OpFunction.nodes}.
 */
export function printFunction(name: string, { inputs, nodes, outputs, updates }: OpFunction): string {
  const taken = inputs.map((input) => `%in/${nameText(input.name)} : ${typeText(input.shape, input.dtype)}`);
  return [
    `function ${nameText(name)}(${taken.join(', ')})`,
    ...nodes.flatMap((node, id) => (hasLine(nodes, id) ? [`  ${nodeLine(nodes, node, id)}`] : [])),
    ...Object.entries(outputs).map(([output, id]) => `  output ${nameText(output)} = ${valueText(nodes, id)}`),
    ...updates.map((update) => `  ${updateLine(nodes, update)}`),
  ].join('\n');
}

/** A whole program as text: its variables, then its functions as {@link printFunction} has them. */
export function printProgram({ variables, functions }: Program): string {
  const declared = variables.map(
    ({ name, shape, dtype }) => `variable %w/${nameText(name)} : ${typeText(shape, dtype)}`,
  );
  const printed = Object.entries(functions).map(([name, definition]) => printFunction(name, definition));
  return [...(declared.length === 0 ? [] : [declared.join('\n')]), ...printed].join('\n\n');
}

/** How many nodes of each op a function has, the commonest first, equally common ones by name. */
export function countOps({ nodes }: OpFunction): readonly (readonly [op: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
}
