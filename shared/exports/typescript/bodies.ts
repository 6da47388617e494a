import type { Shape } from '../../layers/define';
import { isInput, takesMaxima } from '../../layers/traits';
import { formatShape } from '../../text';
import type { NetworkNode } from '../../schema/document';
import type { Field, PrintedCall } from './calls';
import type { CodeFunction } from './functions';
import { callName, copyParts, nameOf, portVariable, type CodeNetwork, type ScopeCopy } from './scopes';

/** A call in one copy of a scope, every value as it is there. */
export type BodyCall = {
  readonly node: NetworkNode;
  /** The variable that takes its value, and the layer's name within the scope. */
  readonly variable: string;
  readonly name: string;
  readonly callee: string;
  /** A layer is made and applied, a function is called; nothing is done where a node changes nothing. */
  readonly form: 'input' | 'layer' | 'function' | 'nothing';
  readonly fields: readonly Field[];
  /** How often it is called behind itself; null for a call outside a loop. */
  readonly repeat: Field | null;
  /** Variables. */
  readonly inputs: readonly string[];
  readonly changesNothing: boolean;
  /** The shape of what it gives, where its value is the node's. */
  readonly shape: string;
};

/** One copy of a scope as calls. */
export type Body = {
  readonly copy: ScopeCopy;
  readonly calls: readonly BodyCall[];
  /** The variable that holds each node's value: its own, or its input's where it changes nothing. */
  readonly values: ReadonlyMap<string, string>;
};

/** A function, and the value of each of its params in one copy of its block. */
export type Use = { readonly code: CodeFunction; readonly values: readonly string[] };

/** Writes a copy of a scope as calls. `uses` knows the blocks inside it, by the prefix of their copies. */
export function readBody(network: CodeNetwork, copy: ScopeCopy, uses: ReadonlyMap<string, Use>): Body {
  const { scope, prefix } = copy;
  const calls: BodyCall[] = [];
  const values = new Map(scope.ports.map((id) => [id, portVariable(scope, id)]));
  for (const node of scope.nodes) {
    const definition = network.analysis.nodes.get(prefix + node.id)?.definition;
    const inputs = (scope.sources.get(node.id) ?? []).map((id, port) => {
      const [behind = id] = takesMaxima(definition, port) ? (scope.sources.get(id) ?? []) : [];
      return values.get(behind) ?? '';
    });
    const name = nameOf(scope, node.id);
    const instance = network.instances.get(prefix + node.id);
    const shape = shapeOf(network, instance?.output ?? prefix + node.id);
    const layer = network.analysis.nodes.get(prefix + node.id);
    const own = isInput(layer?.definition)
      ? [inputCall(node, name, layer?.outputShape ?? [])]
      : instance === undefined
        ? layerCalls(node, name, network.nodes.get(prefix + node.id)?.calls ?? [], inputs, shape)
        : blockCalls(node, name, copyParts(instance), inputs, shape, (part) => uses.get(instance.id + part));
    calls.push(...own);
    values.set(node.id, own.at(-1)?.form === 'nothing' ? (inputs[0] ?? '') : name);
  }
  return { copy, calls, values };
}

function shapeOf({ analysis }: CodeNetwork, flatId: string): string {
  const shape = analysis.nodes.get(flatId)?.outputShape ?? null;
  return shape === null ? '' : formatShape(shape);
}

function inputCall(node: NetworkNode, name: string, shape: Shape): BodyCall {
  const value = `[${shape.map((size) => (size === null ? 'null' : String(size))).join(', ')}]`;
  const fields = [{ name: 'shape', value }];
  const plain = {
    callee: 'tf.input',
    form: 'input',
    repeat: null,
    inputs: [],
    changesNothing: false,
    shape: '',
  } as const;
  return { node, variable: name, name, fields, ...plain };
}

function layerCalls(
  node: NetworkNode,
  name: string,
  calls: readonly PrintedCall[],
  inputs: readonly string[],
  shape: string,
): readonly BodyCall[] {
  if (calls.length === 0) {
    const nothing = { callee: '', form: 'nothing', fields: [], repeat: null, changesNothing: false } as const;
    return [{ node, variable: name, name, inputs, shape, ...nothing }];
  }
  return calls.map((call, at) => {
    const variable = callName(name, calls, at);
    return {
      node,
      variable,
      name: variable,
      callee: call.callee,
      form: 'layer',
      fields: call.fields,
      repeat: null,
      inputs: at === 0 ? inputs : [callName(name, calls, at - 1)],
      changesNothing: call.changesNothing === true,
      shape: at === calls.length - 1 ? shape : '',
    };
  });
}

/** The calls of a block's function: one in a loop where all copies are alike, else one for each. */
function blockCalls(
  node: NetworkNode,
  name: string,
  parts: readonly string[],
  inputs: readonly string[],
  shape: string,
  useOf: (part: string) => Use | undefined,
): readonly BodyCall[] {
  const uses = parts.flatMap((part) => useOf(part) ?? []);
  const [first] = uses;
  if (first === undefined) throw new Error(`The block of ${node.id} has no function.`);
  const call = (use: Use): Pick<BodyCall, 'node' | 'callee' | 'form' | 'fields' | 'changesNothing'> => ({
    node,
    callee: use.code.name,
    form: 'function',
    fields: fieldsOf(use, node),
    changesNothing: false,
  });
  const areAlike = uses.every(({ code, values }) => code === first.code && values.join() === first.values.join());
  if (areAlike) {
    const count = { name: 'repeat', value: String(uses.length) };
    const repeat = uses.length === 1 ? null : count;
    return [{ ...call(first), variable: name, name, repeat, inputs, shape }];
  }
  return uses.map((use, at) => ({
    ...call(use),
    variable: at === uses.length - 1 ? name : `${name}__${at + 1}`,
    name: `${name}/${at + 1}`,
    repeat: null,
    inputs: at === 0 ? inputs : [`${name}__${at}`, ...inputs.slice(1)],
    shape: at === uses.length - 1 ? shape : '',
  }));
}

function fieldsOf({ code, values }: Use, node: NetworkNode): readonly Field[] {
  return code.params.map(({ name, param, defaultValue }, at) => ({
    name,
    value: values[at] ?? '',
    param,
    isDefault: defaultValue !== null && param !== null && !Object.hasOwn(node.params, param),
  }));
}
