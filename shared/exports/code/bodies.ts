import type { Shape } from '../../layers/define';
import { isInput, takesMaxima } from '../../layers/traits';
import type { NetworkNode } from '../../schema/document';
import type { Field, PrintedCall } from './calls';
import type { CodeFunction } from './functions';
import {
  callName,
  copyParts,
  nameOf,
  portVariable,
  type CodeNetwork,
  type PrintedNode,
  type ScopeCopy,
} from './scopes';
import { sharedLayers, type SharedLayer } from './sharing';

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
  /** Set where its layer is one that several nodes apply. */
  readonly shared?: SharedLayer;
  /** The shape of what it gives, where its value is the node's. */
  readonly shape: string;
  /** How many channels that has; null where it is not the node's, or not known. */
  readonly channels: number | null;
} & Pick<PrintedCall, 'layer' | 'operation' | 'setup'>;

/** One copy of a scope as calls. */
export type Body = {
  readonly copy: ScopeCopy;
  readonly calls: readonly BodyCall[];
  /** The variable that holds each node's value: its own, or its input's where it changes nothing. */
  readonly values: ReadonlyMap<string, string>;
  /** How many channels come in at each port, by its variable, as far as a layer that reads it says so. */
  readonly portChannels: ReadonlyMap<string, number>;
};

/** A function, and the value of each of its params in one copy of its block. */
export type Use = { readonly code: CodeFunction; readonly values: readonly string[] };

/** Writes a copy of a scope as calls. `uses` knows the blocks inside it, by the prefix of their copies. */
export function readBody(network: CodeNetwork, copy: ScopeCopy, uses: ReadonlyMap<string, Use>): Body {
  const { scope, prefix } = copy;
  const calls: BodyCall[] = [];
  const made = new Set<string>();
  const values = new Map(scope.ports.map((id) => [id, portVariable(scope, id)]));
  for (const node of scope.nodes) {
    const definition = network.analysis.nodes.get(prefix + node.id)?.definition;
    const inputs = (scope.sources.get(node.id) ?? []).map((id, port) => {
      const [behind = id] = takesMaxima(definition, port) ? (scope.sources.get(id) ?? []) : [];
      return values.get(behind) ?? '';
    });
    const name = nameOf(scope, node.id);
    const instance = network.instances.get(prefix + node.id);
    const given = network.analysis.nodes.get(instance?.output ?? prefix + node.id)?.outputShape ?? null;
    const gives = {
      shape: given === null ? '' : network.language.shapeText(given),
      channels: given?.at(-1) ?? null,
    };
    const layer = network.analysis.nodes.get(prefix + node.id);
    const printed = network.nodes.get(prefix + node.id);
    const shared = sharedIn(network, copy, printed, made);
    const own = isInput(layer?.definition)
      ? [inputCall(network, node, name, layer?.outputShape ?? [])]
      : instance === undefined
        ? layerCalls({ node, name, calls: printed?.calls ?? [], shared }, inputs, gives)
        : blockCalls(node, name, copyParts(instance), inputs, gives, (part) => uses.get(instance.id + part));
    calls.push(...own);
    values.set(node.id, own.at(-1)?.form === 'nothing' ? (inputs[0] ?? '') : name);
  }
  return { copy, calls, values, portChannels: portChannels(network, copy) };
}

function portChannels({ analysis }: CodeNetwork, { scope, prefix }: ScopeCopy): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [id, sources] of scope.sources) {
    for (const [port, source] of sources.entries()) {
      const channels = analysis.nodes.get(prefix + id)?.inputShapes[port]?.at(-1) ?? null;
      if (channels !== null && scope.ports.includes(source)) found.set(portVariable(scope, source), channels);
    }
  }
  return found;
}

/** What of a call's value is known where it is the node's. */
type Gives = Pick<BodyCall, 'shape' | 'channels'>;

const givesNothingKnown: Gives = { shape: '', channels: null };

function inputCall({ language }: CodeNetwork, node: NetworkNode, name: string, shape: Shape): BodyCall {
  const { callee, fields } = language.printInput(shape);
  const plain = { form: 'input', repeat: null, inputs: [], changesNothing: false, shape: '' } as const;
  return { node, variable: name, name, callee, fields, channels: shape.at(-1) ?? null, ...plain };
}

/** The layers of a node that other nodes of its scope apply too. */
function sharedIn(
  network: CodeNetwork,
  { scope, prefix }: ScopeCopy,
  node: PrintedNode | undefined,
  made: Set<string>,
): ReadonlyMap<number, SharedLayer> {
  if (node?.owner === undefined) return new Map();
  const id = node.owner.slice(prefix.length);
  const calls = network.nodes.get(node.owner)?.calls ?? [];
  return sharedLayers(node.calls, { id, name: nameOf(scope, id), calls }, made);
}

type NodeCalls = {
  readonly node: NetworkNode;
  readonly name: string;
  readonly calls: readonly PrintedCall[];
  readonly shared: ReadonlyMap<number, SharedLayer>;
};

function layerCalls(
  { node, name, calls, shared }: NodeCalls,
  inputs: readonly string[],
  gives: Gives,
): readonly BodyCall[] {
  if (calls.length === 0) {
    const nothing = { callee: '', form: 'nothing', fields: [], repeat: null, changesNothing: false } as const;
    return [{ node, variable: name, name, inputs, ...gives, ...nothing }];
  }
  return calls.map((call, at) => {
    const variable = callName(name, calls, at);
    const layer = shared.get(at);
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
      ...(layer !== undefined && { shared: layer }),
      ...(call.layer !== undefined && { layer: call.layer }),
      ...(call.operation !== undefined && { operation: call.operation }),
      ...(call.setup !== undefined && { setup: call.setup }),
      ...(at === calls.length - 1 ? gives : givesNothingKnown),
    };
  });
}

/** The calls of a block's function: one in a loop where all copies are alike, else one for each. */
function blockCalls(
  node: NetworkNode,
  name: string,
  parts: readonly string[],
  inputs: readonly string[],
  gives: Gives,
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
    return [{ ...call(first), variable: name, name, repeat, inputs, ...gives }];
  }
  return uses.map((use, at) => ({
    ...call(use),
    variable: at === uses.length - 1 ? name : `${name}__${at + 1}`,
    name: `${name}/${at + 1}`,
    repeat: null,
    inputs: at === 0 ? inputs : [`${name}__${at}`, ...inputs.slice(1)],
    ...(at === uses.length - 1 ? gives : givesNothingKnown),
  }));
}

function fieldsOf({ code, values }: Use, node: NetworkNode): readonly Field[] {
  return code.params.map(({ name, param, defaultValue, channels }, at) => ({
    name,
    value: values[at] ?? '',
    param,
    ...(channels !== undefined && { channels }),
    isDefault: defaultValue !== null && param !== null && !Object.hasOwn(node.params, param),
  }));
}
