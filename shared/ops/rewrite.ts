import type { FunctionBuilder, Value } from './builder';
import { createOpBuilder } from './createOpBuilder';
import type { OpFunction, OpNode, Update } from './graph';
import { mapUpdateValues, updateValues } from './prune';
import { applyRules, ruleTable } from './rules';
import type { Rule, RuleTable } from './rules';

/** Who reads each value of a function: one entry per place that does, {@link outside} for its outputs and updates. */
export type Uses = (id: number) => readonly number[];

/** Stands among the users of a value for what is no node. */
export const outside = -1;

/** Counts the uses of a function's values once, for all rules. */
export function usesOf({ nodes, outputs, updates }: OpFunction): Uses {
  const users = nodes.map((): number[] => []);
  const use = (id: number, user: number): void => void users[id]?.push(user);
  nodes.forEach((node, user) => node.inputs.forEach((id) => use(id, user)));
  for (const id of [...Object.values(outputs), ...updates.flatMap(updateValues)]) use(id, outside);
  return (id) => users[id] ?? [];
}

/** What a rewrite rule sees of a node: the function as it was, and the one that is being built in its place. */
export type Rewriting = {
  /** The node's id, and all nodes of the function that is rewritten. */
  readonly id: number;
  readonly nodes: readonly OpNode[];
  readonly uses: Uses;
  /** Builds what the node becomes. */
  readonly ops: FunctionBuilder;
  /** The node's inputs, and any earlier value by its old id, in the new function. */
  readonly inputs: readonly Value[];
  readonly valueOf: (id: number) => Value;
};

/** A node becomes another value of the same shape and type that holds the same numbers. */
export type RewriteRule = Rule<Rewriting, Value>;

/** An update becomes others that change the same variables to the same numbers; null where it stays. */
export type UpdateRule = {
  readonly name: string;
  readonly apply: (update: Update, ops: FunctionBuilder) => readonly Update[] | null;
};

/** A function after its rewrites, and how often each rule fired. */
export type Rewritten = { readonly definition: OpFunction; readonly fired: { readonly [rule: string]: number } };

/** More passes than any table needs; rules that undo each other would go on for ever. */
const mostPasses = 32;

/**
 * The one driver of rewrites: goes over a function in order, gives each node to the first rule of the table that takes it, and
 * builds the function anew, until no rule fires. Values that nothing needs any more are gone. A function that no rule fires on is
 * given back itself.
 */
export function rewriteFunction(
  full: OpFunction,
  rules: readonly RewriteRule[],
  updateRules: readonly UpdateRule[] = [],
): Rewritten {
  const table = ruleTable(rules);
  const fired = new Map<string, number>();
  let definition = full;
  for (let pass = 0; ; pass++) {
    const next = rewriteOnce(definition, table, updateRules, fired);
    if (next === null) return { definition, fired: Object.fromEntries(fired) };
    if (pass === mostPasses) throw new Error(`Rewriting does not settle: ${[...fired.keys()].join(', ')}.`);
    definition = next;
  }
}

/** One pass; null where no rule fired. */
function rewriteOnce(
  full: OpFunction,
  table: RuleTable<Rewriting, Value>,
  updateRules: readonly UpdateRule[],
  fired: Map<string, number>,
): OpFunction | null {
  const mayFire = full.nodes.some(({ op }) => table.has(op)) || (updateRules.length > 0 && full.updates.length > 0);
  if (!mayFire) return null;
  let count = 0;
  const fire = (rule: string): void => {
    count += 1;
    fired.set(rule, (fired.get(rule) ?? 0) + 1);
  };
  const ops = createOpBuilder({ from: { ...full, nodes: [], outputs: {}, updates: [] } });
  const uses = usesOf(full);
  const values: Value[] = [];
  const valueOf = (id: number): Value => {
    const value = values[id];
    if (value === undefined) throw new Error(`Op graph: node ${id} is used before it is there.`);
    return value;
  };
  full.nodes.forEach((node, id) => {
    const inputs = node.inputs.map(valueOf);
    const match = applyRules(table, node, { id, nodes: full.nodes, uses, ops, inputs, valueOf });
    if (match !== null) fire(match.rule);
    values.push(match === null ? ops.copy(node, inputs) : match.result);
  });
  for (const update of full.updates) {
    const moved = mapUpdateValues(update, (id) => valueOf(id).id);
    const match = applyUpdateRules(updateRules, moved, ops);
    if (match !== null) fire(match.rule);
    (match?.updates ?? [moved]).forEach((each) => ops.update(each));
  }
  if (count === 0) return null;
  const outputs = Object.entries(full.outputs).map(([name, id]): [string, Value] => [name, valueOf(id)]);
  const { recompute } = full;
  return { ...ops.finish(Object.fromEntries(outputs)), ...(recompute === undefined ? {} : { recompute }) };
}

function applyUpdateRules(
  rules: readonly UpdateRule[],
  update: Update,
  ops: FunctionBuilder,
): { readonly rule: string; readonly updates: readonly Update[] } | null {
  for (const { name, apply } of rules) {
    const updates = apply(update, ops);
    if (updates !== null) return { rule: name, updates };
  }
  return null;
}

/** What rules that only look see of a node. */
export type Reading = { readonly id: number; readonly nodes: readonly OpNode[]; readonly uses: Uses };

/**
 * The driver's reading half, for tables that plan and change nothing: every node in order goes to the first rule that takes it, and
 * `take` is told. A rule sees what `take` has kept of earlier ones through its own context.
 */
export function readFunction<Result>(
  full: OpFunction,
  rules: readonly Rule<Reading, Result>[],
  take: (id: number, result: Result) => void,
): void {
  const table = ruleTable(rules);
  const uses = usesOf(full);
  full.nodes.forEach((node, id) => {
    const match = applyRules(table, node, { id, nodes: full.nodes, uses });
    if (match !== null) take(id, match.result);
  });
}
