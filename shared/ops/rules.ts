import type { NodeOf, OpName, OpNode } from './graph';

/**
 * A row of a table: at which ops it is tried, and what it makes of such a node; null where the node is not what it looks for. What a
 * rule sees besides the node, and what comes out, is up to whoever runs the table.
 */
export type Rule<Context, Result> = {
  /** What reports call it. */
  readonly name: string;
  readonly at: readonly OpName[];
  readonly apply: (node: OpNode, context: Context) => Result | null;
};

/** Declares a row; exists so that TypeScript knows the attributes of the nodes it is tried at. */
export function defineRule<Op extends OpName, Context, Result>(
  name: string,
  at: readonly Op[],
  apply: (node: NodeOf<Op>, context: Context) => Result | null,
): Rule<Context, Result> {
  const isOneOfThese = (node: OpNode): node is NodeOf<Op> => at.some((op) => op === node.op);
  return { name, at, apply: (node, context) => (isOneOfThese(node) ? apply(node, context) : null) };
}

/** A table by op, each op's rows in the table's order. */
export type RuleTable<Context, Result> = ReadonlyMap<OpName, readonly Rule<Context, Result>[]>;

/** Indexes a table once, so that a node meets only the rows that speak of its op. */
export function ruleTable<Context, Result>(rules: readonly Rule<Context, Result>[]): RuleTable<Context, Result> {
  const table = new Map<OpName, Rule<Context, Result>[]>();
  for (const rule of rules) {
    for (const op of rule.at) table.set(op, [...(table.get(op) ?? []), rule]);
  }
  return table;
}

/** What the first row that takes a node makes of it, and that row's name; null where none does. */
export function applyRules<Context, Result>(
  table: RuleTable<Context, Result>,
  node: OpNode,
  context: Context,
): { readonly rule: string; readonly result: Result } | null {
  for (const rule of table.get(node.op) ?? []) {
    const result = rule.apply(node, context);
    if (result !== null) return { rule: rule.name, result };
  }
  return null;
}
