import { bindingOf, readBinding } from '../../document/blocks';
import type { NetworkNode } from '../../schema/document';
import { identifiersOf } from '../names';
import { readBody, type Body, type BodyCall, type Use } from './bodies';
import { numberLiteral, type Channels, type Field } from './calls';
import { ChannelTrail, isSame } from './channels';
import type { CodeLanguage } from './language';
import { portVariable, type CodeNetwork, type CodeScope } from './scopes';

/** A call as it is written in a function, for all copies of its scope that the function stands for. */
export type Call = Pick<
  BodyCall,
  'node' | 'variable' | 'name' | 'callee' | 'form' | 'inputs' | 'shape' | 'layer' | 'operation' | 'setup' | 'shared'
> & {
  readonly fields: readonly CallField[];
  /** What a loop counts up to; null for a call outside a loop. */
  readonly repeat: string | null;
};

/** `value` is code: a literal, or made of the function's params. */
export type CallField = { readonly name: string; readonly value: string; readonly isPositional?: boolean };

/** A param of a printed function. */
export type FunctionParam = {
  readonly name: string;
  /** Its variable within the function. */
  readonly local: string;
  /** The block's param that it is; null for a value that a layer has by its place in the network. */
  readonly param: string | null;
  readonly type: string;
  /** Where a block node gives no value. */
  readonly defaultValue: string | null;
  /** Set where it counts channels: of what the function gives, or of one of its inputs. */
  readonly channels?: Channels;
};

/** A function of the printed code: a scope, with those of its copies that come to the same calls. */
export type CodeFunction = {
  readonly name: string;
  readonly scope: CodeScope;
  readonly bodies: readonly Body[];
  readonly params: readonly FunctionParam[];
  readonly calls: readonly Call[];
  /** The variable that holds the value of each node of the scope. */
  readonly values: ReadonlyMap<string, string>;
};

/** The functions of a network, each behind those that it calls; the network's own is last. */
export function readFunctions(network: CodeNetwork): readonly CodeFunction[] {
  const functions: CodeFunction[] = [];
  const uses = new Map<string, Use>();
  const scopes = [...network.scopes.values()];
  const { language } = network;
  const blockNames = identifiersOf(
    scopes.flatMap(({ block }) => block ?? []),
    new Map(scopes.flatMap(({ block }) => (block === null ? [] : [[block, 'block'] as const]))),
  );
  const variables = new Set(
    scopes.flatMap(({ names, params }) => [...names.values(), ...params.values()]).map(caseless),
  );
  const taken = new Set(variables);
  for (const scope of scopes) {
    const copies = network.copies.filter((copy) => copy.scope === scope);
    for (const bodies of groupAlike(copies.map((copy) => readBody(network, copy, uses)))) {
      const block = blockNames.get(scope.block ?? '');
      const plain = block === undefined ? language.mainName : language.functionName(block);
      const name = freshName(variables.has(caseless(plain)) ? language.functionName(`${plain}Block`) : plain, taken);
      const { code, values } = mergeBodies(
        language,
        name,
        scope,
        bodies,
        functions.map((one) => one.name),
      );
      functions.push(code);
      for (const [at, { copy }] of bodies.entries()) {
        uses.set(copy.prefix, { code, values: values.map((list) => list[at] ?? '') });
      }
    }
  }
  return functions;
}

function caseless(name: string): string {
  return name.toLowerCase();
}

/** The name itself, or with the first number that makes it new. It is taken then. */
function freshName(name: string, taken: Set<string>): string {
  let fresh = name;
  for (let count = 2; taken.has(caseless(fresh)); count += 1) fresh = `${name}${count}`;
  taken.add(caseless(fresh));
  return fresh;
}

/** Bodies that are the same but for the values of fields, together, in the order of the first of each. */
function groupAlike(bodies: readonly Body[]): Iterable<readonly Body[]> {
  const groups = new Map<string, Body[]>();
  for (const body of bodies) {
    const calls = body.calls.map(({ variable, name, callee, form, fields, repeat, inputs, setup = [], shared }) => [
      ...[
        setup,
        shared ?? null,
        variable,
        name,
        callee,
        form,
        fields.map((field) => [field.name, field.isFixed === true ? field.value : null]),
        repeat !== null,
        inputs,
      ],
    ]);
    const key = JSON.stringify([calls, [...body.values]]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [body]);
    else group.push(body);
  }
  return groups.values();
}

/** One function for bodies that are alike, and the value of each of its params in each body. */
function mergeBodies(
  language: CodeLanguage,
  name: string,
  scope: CodeScope,
  bodies: readonly Body[],
  functionNames: readonly string[],
): { readonly code: CodeFunction; readonly values: readonly (readonly string[])[] } {
  const params = new ParamList(language, scope, bodies, functionNames);
  const trail = portTrail(params, scope, bodies);
  const ports = new Map(scope.ports.map((id, port) => [portVariable(scope, id), port]));
  const [first] = bodies;
  const calls: Call[] = [];
  /** What stands for the variable of a call that is left out. */
  const passed = new Map<string, string>();
  const valueOf = (variable: string): string => passed.get(variable) ?? variable;
  for (const [at, call] of (first?.calls ?? []).entries()) {
    const all = bodies.flatMap((body) => body.calls[at] ?? []);
    const inputs = call.inputs.map(valueOf);
    if (all.every(({ changesNothing }) => changesNothing)) {
      passed.set(call.variable, inputs[0] ?? '');
      continue;
    }
    const { node, variable, form } = call;
    const isOptional = all.some(({ changesNothing }) => changesNothing);
    const own = call.fields.map((field, place) => {
      const copies = all.flatMap(({ fields: list }) => list[place] ?? []);
      const values = copies.map((one) => one.value);
      return { field, copies, values, code: valueInCode(params, trail, ports, { ...call, inputs }, field, values) };
    });
    const fields = own.flatMap(({ field, copies, code }) => mergeField(field, copies, code));
    const given = own.flatMap(({ field, values, code }) =>
      field.channels === 'out' ? [{ code: () => code, values }] : [],
    );
    const channels = all.map((one) => String(one.channels));
    trail.follow(variable, given, inputs, channels.includes('null') ? null : channels);
    const repeats = all.flatMap(({ repeat }) => repeat ?? []);
    const [repeat] = repeats;
    calls.push({
      node,
      variable,
      name: call.name,
      callee: isOptional ? language.optionalCallee : call.callee,
      form: isOptional ? 'function' : form,
      inputs,
      shape: all.every(({ shape }) => shape === call.shape) ? call.shape : '',
      ...(call.shared !== undefined && { shared: call.shared }),
      ...(call.layer !== undefined && { layer: call.layer }),
      ...(call.operation !== undefined && { operation: call.operation }),
      ...(call.setup !== undefined && { setup: call.setup }),
      fields,
      repeat:
        repeat === undefined
          ? null
          : params.valueOf(
              node,
              variable,
              repeat,
              repeats.map(({ value }) => value),
            ),
    });
  }
  const nodeValues = new Map([...(first?.values ?? [])].map(([id, variable]) => [id, valueOf(variable)]));
  const code = { name, scope, bodies, params: params.list(), calls, values: nodeValues };
  return { code, values: params.values() };
}

/** A trail on which the ports have as many channels as comes in, which is a param where it differs from copy to copy. */
function portTrail(params: ParamList, scope: CodeScope, bodies: readonly Body[]): ChannelTrail {
  const trail = new ChannelTrail();
  for (const [port, id] of scope.ports.entries()) {
    const variable = portVariable(scope, id);
    const values = bodies.map(({ portChannels }) => String(portChannels.get(variable) ?? null));
    if (values.includes('null')) continue;
    const field = { name: 'in_channels', value: values[0] ?? '', param: null, channels: { of: port } };
    trail.set(variable, { code: () => params.valueOf({ params: {} }, variable, field, values), values });
  }
  return trail;
}

/** A field's value in code. A number of channels that come in is told by what gives them. */
function valueInCode(
  params: ParamList,
  trail: ChannelTrail,
  ports: ReadonlyMap<string, number>,
  { node, variable, inputs }: Pick<BodyCall, 'node' | 'variable' | 'inputs'>,
  field: Field,
  values: readonly string[],
): string {
  if (field.isFixed === true) return field.value;
  if (field.channels === undefined || field.channels === 'out') return params.valueOf(node, variable, field, values);
  const source = inputs[field.channels.of] ?? '';
  const known = trail.of(source);
  if (known !== undefined && isSame(known.values, values)) return known.code();
  const port = ports.get(source);
  const { channels: _place, ...plain } = field;
  if (port === undefined) return params.valueOf(node, variable, plain, values);
  const code = params.valueOf(node, variable, { ...plain, channels: { of: port } }, values);
  trail.set(source, { code: () => code, values });
  return code;
}

/** A field as it is written; none where all copies have the layer's default and no param is bound to it. */
function mergeField(field: Field, copies: readonly Field[], code: string): readonly CallField[] {
  const isDefault = copies.every((one) => one.isDefault === true) && code === field.value;
  const { name, isPositional } = field;
  return isDefault ? [] : [{ name, value: code, ...(isPositional !== undefined && { isPositional }) }];
}

type OpenParam = {
  readonly name: string;
  readonly local: string;
  readonly param: string | null;
  readonly values: readonly string[];
  readonly channels: Channels | undefined;
};

/** The params of a function, as its fields ask for them. */
class ParamList {
  readonly #scope: CodeScope;
  readonly #bodies: readonly Body[];
  readonly #taken: Set<string>;
  readonly #names: Set<string>;
  readonly #params: OpenParam[] = [];
  readonly #language: CodeLanguage;

  constructor(language: CodeLanguage, scope: CodeScope, bodies: readonly Body[], functionNames: readonly string[]) {
    this.#language = language;
    this.#scope = scope;
    this.#bodies = bodies;
    this.#names = new Set([...language.ownParams, ...scope.params.values()].map(caseless));
    const variables = language.paramSuffix === null ? [] : scope.names.values();
    this.#taken = new Set([...variables, ...functionNames].map(caseless));
  }

  /** What a field is in code, given its value in each copy: made of the params that the node is bound to, a literal, or a new param. */
  valueOf(node: Pick<NetworkNode, 'params'>, variable: string, field: Field, values: readonly string[]): string {
    const bound = this.#bound(node, field, values);
    if (bound !== null) return bound;
    const [first = ''] = values;
    if (values.every((value) => value === first)) return first;
    const known = this.#params.find(
      ({ param, name, values: own, channels }) =>
        param === null && name === field.name && isSame(own, values) && isSamePlace(channels, field.channels),
    );
    if (known !== undefined) return known.local;
    const isTaken = this.#names.has(caseless(field.name));
    const name = freshName(isTaken ? `${variable}_${field.name}` : field.name, this.#names);
    return this.#add(name, null, values, field.channels);
  }

  #bound(node: Pick<NetworkNode, 'params'>, field: Field, values: readonly string[]): string | null {
    const raw = field.param === null ? undefined : bindingOf(node.params[field.param ?? field.name]);
    const binding = raw === undefined ? null : readBinding(raw);
    if (binding === null) return null;
    const { param, times } = binding;
    if (times === undefined) return this.#take(param, values, field.channels);
    const factors = this.#bodies.map(({ copy }) => copy.params.get(param));
    const isProduct = factors.every(
      (factor, at) => typeof factor === 'number' && numberLiteral(factor * times) === values[at],
    );
    const local = isProduct ? this.#take(param, factors.map(numberLiteral), undefined) : null;
    const isWhole = values.every((value) => Number.isInteger(Number(value)));
    return local === null ? null : this.#language.product(times, local, isWhole);
  }

  /** The variable of a block's param; null where it already stands for other values (as of the same padding around another window). */
  #take(param: string, values: readonly string[], channels: Channels | undefined): string | null {
    const known = this.#params.find((one) => one.param === param);
    if (known !== undefined) return isSame(known.values, values) ? known.local : null;
    const name = this.#scope.params.get(param);
    return name === undefined ? null : this.#add(name, param, values, channels);
  }

  #add(name: string, param: string | null, values: readonly string[], channels: Channels | undefined): string {
    const local = freshName(
      this.#taken.has(caseless(name)) ? `${name}${this.#language.paramSuffix ?? '_param'}` : name,
      this.#taken,
    );
    this.#params.push({ name, local, param, values, channels });
    return local;
  }

  /** What comes in first, then in the order of the block, then as they came. */
  #sorted(): readonly OpenParam[] {
    const order = [...this.#scope.params.keys()];
    const place = ({ param, channels }: OpenParam): number => {
      if (param !== null) return order.indexOf(param);
      return channels === undefined ? order.length : -1;
    };
    return [...this.#params].sort((a, b) => place(a) - place(b));
  }

  list(): readonly FunctionParam[] {
    return this.#sorted().map(({ name, local, param, values, channels }) => {
      const defaults = this.#bodies.flatMap(({ copy }, at) =>
        param === null || copy.given.has(param) ? [] : (values[at] ?? ''),
      );
      const [first] = defaults;
      const isOne =
        first !== undefined && defaults.every((value) => value === first) && this.#language.canBeDefault(first);
      const type = this.#language.typeOf(values);
      const counted = channels === undefined ? {} : { channels };
      return { name, local, param, type, defaultValue: isOne ? first : null, ...counted };
    });
  }

  values(): readonly (readonly string[])[] {
    return this.#sorted().map(({ values }) => values);
  }
}

function isSamePlace(a: Channels | undefined, b: Channels | undefined): boolean {
  return (typeof a === 'object' ? a.of : a) === (typeof b === 'object' ? b.of : b);
}
