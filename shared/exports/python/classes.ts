import type { NetworkAnalysis } from '../../analysis/types';
import type { expand } from '../../document/expand';
import { countsText } from '../counts';
import type { Call, CodeFunction } from '../code/functions';
import { linesOf, plain, type Line } from '../code/lines';
import { nameOf, portVariable, type CodeNetwork } from '../code/scopes';
import { commentText } from '../names';
import { joinSteps, keptParams, nameSteps, passing, type NamedStep, type Step } from './forward';
import { layOut, withComment } from './layout';

/** How a framework's modules are written. */
export type ClassDialect = {
  readonly base: string;
  readonly tensor: string;
  readonly forward: string;
  /** Applies modules one behind the other, and holds those that are applied in a loop. */
  readonly sequence: (modules: string) => string;
  readonly list: (modules: string) => string;
  /** What every module is given to draw its first weights from; empty for none. */
  readonly source: string;
  readonly sourceType: string;
  /** The modules that take none. */
  readonly sourceless: ReadonlySet<string>;
  /** What is said to a module when it is made. */
  readonly say: (module: string, words: string) => string;
  readonly hasParentInit: boolean;
  /** Expressions whose values are of any type to a type checker. */
  readonly untyped: RegExp;
};

/** A module of a class: what its attribute is called, how it is made, and what is said to it then. */
type Attribute = {
  readonly name: string;
  readonly value: string;
  readonly setup: readonly string[];
  readonly calls: readonly Call[];
};

/** What a class is made of. */
type Parts = {
  readonly attributes: readonly Attribute[];
  readonly steps: readonly Step[];
  /** Params that the forward pass reads, by their attribute. */
  readonly kept: ReadonlyMap<string, string>;
};

function args(fields: Call['fields'], source: string): string {
  const list = fields.map(({ name, value, isPositional }) => (isPositional === true ? value : `${name}=${value}`));
  return [...list, ...(source === '' ? [] : [`${source}=${source}`])].join(', ');
}

/** The calls of a scope as attributes of a class and steps of its forward pass. */
function readParts(block: CodeFunction, dialect: ClassDialect): Parts {
  const { calls, scope } = block;
  const attributes: Attribute[] = [];
  const steps: Step[] = [];
  const kept = new Map<string, string>();
  const make = ({ callee, fields }: Call): string =>
    `${callee}(${args(fields, dialect.sourceless.has(callee) ? '' : dialect.source)})`;
  for (const [at, call] of calls.entries()) {
    if (call.form === 'input' || call.form === 'nothing') continue;
    const { variable, inputs, operation } = call;
    const name = nameOf(scope, call.shared?.node ?? call.node.id);
    if (operation !== undefined) {
      const fields = call.fields.map((field) => {
        const { code, used } = keptParams(field.value, block);
        for (const { local, attribute } of used) kept.set(attribute, local);
        return { ...field, value: code };
      });
      const valueOf = (field: string): string => fields.find((one) => one.name === field)?.value ?? '';
      const write = (names: readonly string[]): string =>
        operation === true
          ? `${call.callee}(${[...names, args(fields, '')].filter((part) => part !== '').join(', ')})`
          : operation(names, valueOf);
      steps.push({ calls: [call], variable, inputs, write, loop: null });
      continue;
    }
    if (call.form === 'layer') {
      if (call.shared?.isFirst !== false) {
        attributes.push({ name, value: make(call), setup: call.setup ?? [], calls: [call] });
      }
      steps.push({ calls: [call], variable, inputs, write: applied(name), loop: null });
      continue;
    }
    if (calls[at - 1]?.node === call.node) continue;
    const copies = calls.filter(({ node }) => node === call.node);
    const last = copies.at(-1) ?? call;
    const isOne = copies.length === 1 && call.repeat === null;
    const isChain = call.inputs.length === 1;
    const modules = copies.map((copy) => ({ code: make(copy), repeat: copy.repeat }));
    const value = isOne ? make(call) : (isChain ? dialect.sequence : dialect.list)(listModules(modules, !isChain));
    attributes.push({ name, value, setup: [], calls: copies });
    const loop = isOne || isChain ? null : `self.${name}`;
    steps.push({ calls: copies, variable: last.variable, inputs, write: applied(name), loop });
  }
  return { attributes, steps: joinSteps(steps), kept };
}

function applied(name: string): (names: readonly string[]) => string {
  return (names) => `self.${name}(${names.join(', ')})`;
}

/** Modules as arguments; more than two alike in a row as a loop. */
function listModules(
  modules: readonly { readonly code: string; readonly repeat: string | null }[],
  isList: boolean,
): string {
  const runs: { readonly code: string; readonly repeat: string | null; count: number }[] = [];
  for (const { code, repeat } of modules) {
    const last = runs.at(-1);
    if (last?.code === code && last.repeat === null && repeat === null) last.count += 1;
    else runs.push({ code, repeat, count: 1 });
  }
  const [only, ...others] = runs;
  if (isList && only?.repeat != null && others.length === 0) return `${only.code} for _ in range(${only.repeat})`;
  const items = runs
    .flatMap(({ code, repeat, count }) =>
      repeat === null && count < 3
        ? Array.from({ length: count }, () => code)
        : [`*(${code} for _ in range(${repeat ?? String(count)}))`],
    )
    .join(', ');
  return isList ? `[${items}]` : items;
}

/** A class as lines: of a block, or of the network, whose outputs are `results`. */
export function classLines(
  code: CodeFunction,
  network: CodeNetwork,
  dialect: ClassDialect,
  results: readonly string[],
): readonly Line[] {
  const { attributes, steps, kept } = readParts(code, dialect);
  const ports = portsOf(code);
  const named = nameSteps(steps, ports, results);
  const returned = results.map((result) => named.names.get(result) ?? result).join(', ');
  const type = results.length === 1 ? dialect.tensor : `tuple[${results.map(() => dialect.tensor).join(', ')}]`;
  const inputs = [...ports.values()].map((name) => `${name}: ${dialect.tensor}`);
  return [
    ...plain([`class ${code.name}(${dialect.base}):`, ...docLines(code, network), '']),
    ...initLines(code, dialect, attributes, kept),
    ...plain(['', ...layOut(`def ${dialect.forward}(${['self', ...inputs].join(', ')}) -> ${type}:`, 4)]),
    ...named.steps.flatMap((step) => linesOf(code, step.calls, stepLines(step, dialect))),
    ...plain([`        return ${returned}`]),
  ];
}

/** The variables of what comes in: those of the inputs, or of the ports, of which a lone one is `x`. */
function portsOf({ scope, calls }: CodeFunction): ReadonlyMap<string, string> {
  if (scope.block === null) {
    return new Map(calls.flatMap(({ form, variable }) => (form === 'input' ? [[variable, variable] as const] : [])));
  }
  const variables = scope.ports.map((id) => portVariable(scope, id));
  const [only = ''] = variables;
  return new Map(variables.length === 1 ? [[only, 'x']] : variables.map((name) => [name, name]));
}

function docLines({ scope, bodies }: CodeFunction, { analysis }: CodeNetwork): readonly string[] {
  if (scope.block === null) return [`    """${countsText(analysis.totals)}."""`];
  const times = ['once', 'twice'][bodies.length - 1] ?? `${bodies.length} times`;
  const name = commentText(scope.block);
  return [`    """The block${name === '' ? '' : ` ${name}`}, which the network has ${times}."""`];
}

function initLines(
  code: CodeFunction,
  { source, sourceType, say, hasParentInit }: ClassDialect,
  attributes: readonly Attribute[],
  kept: ReadonlyMap<string, string>,
): readonly Line[] {
  const { params } = code;
  const order = (hasDefault: boolean) => params.filter(({ defaultValue }) => (defaultValue !== null) === hasDefault);
  const declared = [...order(false), ...order(true)].map(
    ({ name, type, defaultValue }) => `${name}: ${type}${defaultValue === null ? '' : ` = ${defaultValue}`}`,
  );
  const named = [...declared, ...(source === '' ? [] : [`${source}: ${sourceType}`])];
  const head = layOut(
    `def __init__(${['self', ...(named.length === 0 ? [] : ['*']), ...named].join(', ')}) -> None:`,
    4,
  );
  const body = [
    ...plain([
      ...(hasParentInit ? ['        super().__init__()'] : []),
      ...params.flatMap(({ name, local }) => (name === local ? [] : [`        ${local} = ${name}`])),
      ...[...kept].map(([attribute, local]) => `        self.${attribute} = ${local}`),
    ]),
    ...attributes.flatMap(({ name, value, setup, calls }) =>
      linesOf(code, calls, [
        ...layOut(`self.${name} = ${value}`, 8),
        ...setup.flatMap((words) => layOut(say(`self.${name}`, words), 8)),
      ]),
    ),
  ];
  return [...plain(head), ...(body.length === 0 ? plain(['        pass']) : body)];
}

function stepLines(step: NamedStep, { tensor, untyped }: ClassDialect): readonly string[] {
  const { target, expression, loop, inputs, comment, isNew } = step;
  if (loop !== null) {
    const [first = '', ...others] = inputs;
    const start = target === first ? [] : [`        ${target}${isNew ? `: ${tensor}` : ''} = ${first}`];
    const call = `${target} = block(${[target, ...others].join(', ')})`;
    return [...start, `        for block in ${loop}:`, ...withComment(call, comment, 12)];
  }
  // Also what takes such a value later: to mypy it would be of any type from then on.
  const isDeclared = untyped.test(expression) || passing.includes(target);
  const type = isNew && isDeclared ? `: ${tensor}` : '';
  return withComment(`${target}${type} = ${expression}`, comment, 8);
}

/** The variables of the outputs; of one inside a block, the block's. */
export function resultsOf(
  { outputs }: NetworkAnalysis,
  origins: ReturnType<typeof expand>['origins'],
  values: ReadonlyMap<string, string>,
): readonly string[] {
  return outputs.map((id) => values.get(id) ?? values.get(origins.get(id)?.inside[0] ?? '') ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names from a module of the project, classes first; brackets only where they do not fit on a line. */
export function importLines(module: string, names: readonly string[]): readonly string[] {
  const isClass = (name: string): boolean => /^[A-Z]/.test(name);
  const sorted = [...names].sort(
    (a, b) => Number(isClass(b)) - Number(isClass(a)) || compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b),
  );
  return layOut(`from ${module} import (${sorted.join(', ')})`, 0).map((line) =>
    line.replace(/^(from \w+ import )\((.*)\)$/, '$1$2'),
  );
}
