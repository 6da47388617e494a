import type { Update } from '../../../../shared/ops/graph';
import type { Layout } from './layout';
import type { Values } from './values';

/** How a variable is known inside one function: its name, and the layout in which the engine keeps it. */
export type VariableAccess = {
  readonly name: (variable: string) => string;
  readonly layout: (variable: string) => Layout;
};

/** A variable's value after the run, by variable. */
export type NextValues = ReadonlyMap<string, string>;

/** Emits the updates of a function; each reads its variables as they were before. */
export function emitUpdates(values: Values, updates: readonly Update[], variables: VariableAccess): NextValues {
  const next = new Map<string, string>();
  for (const update of updates) emitUpdate(values, update, variables, next);
  return next;
}

function emitUpdate(values: Values, update: Update, variables: VariableAccess, next: Map<string, string>): void {
  const { graph } = values;
  const { variable } = update;
  const layout = variables.layout(variable);
  const binary = (op: 'Add' | 'Sub' | 'Mul' | 'Div', a: string, b: string): string => graph.node(op, [a, b]);
  switch (update.kind) {
    case 'assign':
      next.set(variable, values.name(update.value, layout));
      return;
    case 'sgd': {
      const change = binary('Mul', values.name(update.gradient, layout), values.name(update.learningRate));
      next.set(variable, binary('Sub', variables.name(variable), change));
      return;
    }
    case 'momentum': {
      const kept = binary('Mul', variables.name(update.accumulator), graph.scalar(update.momentum));
      const accumulator = binary('Add', kept, values.name(update.gradient, layout));
      next.set(update.accumulator, accumulator);
      const change = binary('Mul', accumulator, values.name(update.learningRate));
      next.set(variable, binary('Sub', variables.name(variable), change));
      return;
    }
    case 'adam':
      emitAdam(values, update, variables, next);
  }
}

function emitAdam(
  values: Values,
  update: Extract<Update, { kind: 'adam' }>,
  variables: VariableAccess,
  next: Map<string, string>,
): void {
  const { graph } = values;
  const { variable, beta1, beta2 } = update;
  const binary = (op: 'Add' | 'Sub' | 'Mul' | 'Div', a: string, b: string): string => graph.node(op, [a, b]);
  const scalar = (value: number): string => graph.scalar(value);
  const complement = (id: number): string => binary('Sub', scalar(1), values.name(id));
  const correction = binary('Div', graph.node('Sqrt', [complement(update.beta2Power)]), complement(update.beta1Power));
  const rate = binary('Mul', values.name(update.learningRate), correction);

  const gradient = values.name(update.gradient, variables.layout(variable));
  const m = binary(
    'Add',
    binary('Mul', variables.name(update.m), scalar(beta1)),
    binary('Mul', gradient, scalar(1 - beta1)),
  );
  const squared = binary('Mul', binary('Mul', gradient, gradient), scalar(1 - beta2));
  const v = binary('Add', binary('Mul', variables.name(update.v), scalar(beta2)), squared);
  const step = binary('Div', binary('Mul', m, rate), binary('Add', graph.node('Sqrt', [v]), scalar(update.epsilon)));
  next.set(update.m, m);
  next.set(update.v, v);
  next.set(variable, binary('Sub', variables.name(variable), step));
}
