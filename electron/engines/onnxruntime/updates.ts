import type { Update } from '../../../shared/ops/graph';
import { adamScales, rolesOf } from './storage';
import type { OptimizerUpdate, Role } from './storage';
import type { StoredVariables } from './storedVariables';
import type { Values } from './values';

/** A buffer's value after the run, by buffer. */
export type NextValues = ReadonlyMap<string, string>;

/** What one update works on: a variable with its gradient and slots, or a whole pack of them. */
type Subject = {
  readonly gradient: string;
  read(role: Role): string;
  write(role: Role, value: string): void;
};

/** Emits the updates of a function; each reads its variables as they were before. */
export function emitUpdates(values: Values, updates: readonly Update[], variables: StoredVariables): NextValues {
  const next = new Map<string, string>();
  const gradients = new Map(
    updates.flatMap((update) => (update.kind === 'assign' ? [] : [[update.variable, update.gradient] as const])),
  );
  const flat = (name: string): string => values.graph.reshape(name, [-1]);
  const gradientOf = (variable: string): string =>
    flat(values.name(gradients.get(variable) ?? -1, variables.layout(variable)));
  for (const update of updates) {
    if (update.kind === 'assign') {
      next.set(
        update.variable,
        variables.kept(update.variable, values.name(update.value, variables.layout(update.variable))),
      );
      continue;
    }
    const pack = variables.storage.packs.get(update.variable);
    // A pack is updated as one, in the place of its first member.
    if (pack !== undefined && pack.weights[0] !== update.variable) continue;
    const names = pack?.buffers ?? new Map(rolesOf(update));
    emitUpdate(values, update, {
      gradient: values.graph.concat((pack?.weights ?? [update.variable]).map(gradientOf), 0),
      read: (role) => variables.buffer(names.get(role) ?? ''),
      write: (role, value) => void next.set(names.get(role) ?? '', value),
    });
  }
  return next;
}

function emitUpdate(values: Values, update: OptimizerUpdate, subject: Subject): void {
  const { graph } = values;
  switch (update.kind) {
    case 'sgd': {
      const change = graph.node('Mul', [subject.gradient, values.name(update.learningRate)]);
      subject.write('variable', graph.node('Sub', [subject.read('variable'), change]));
      return;
    }
    case 'momentum': {
      const kept = graph.node('Mul', [subject.read('accumulator'), graph.scalar(update.momentum)]);
      const accumulator = graph.node('Add', [kept, subject.gradient]);
      subject.write('accumulator', accumulator);
      const change = graph.node('Mul', [accumulator, values.name(update.learningRate)]);
      subject.write('variable', graph.node('Sub', [subject.read('variable'), change]));
      return;
    }
    case 'adam':
      emitAdam(values, update, subject);
  }
}

/** The slots are kept scaled, as `adamScales` tells: M = m / (1 - b1), V = v / (1 - b2). */
function emitAdam(values: Values, update: Extract<Update, { kind: 'adam' }>, subject: Subject): void {
  const { graph } = values;
  const { beta1, beta2 } = update;
  const { gradient } = subject;
  const binary = (op: 'Add' | 'Sub' | 'Mul' | 'Div', a: string, b: string): string => graph.node(op, [a, b]);
  const scalar = (value: number): string => graph.scalar(value);
  const complement = (id: number): string => binary('Sub', scalar(1), values.name(id));
  const correction = binary('Div', graph.node('Sqrt', [complement(update.beta2Power)]), complement(update.beta1Power));
  const scales = adamScales(update);
  // rate * m / (sqrt(v) + epsilon) with m and v in terms of M and V, and sqrt(1 - b2) taken out of the fraction.
  const unscaled = scalar(Math.sqrt(scales.v) / scales.m);
  const rate = binary('Mul', binary('Mul', values.name(update.learningRate), correction), unscaled);
  const epsilon = scalar(update.epsilon * Math.sqrt(scales.v));

  const m = binary('Add', binary('Mul', subject.read('m'), scalar(beta1)), gradient);
  const v = binary('Add', binary('Mul', subject.read('v'), scalar(beta2)), binary('Mul', gradient, gradient));
  const step = binary('Div', binary('Mul', m, rate), binary('Add', graph.node('Sqrt', [v]), epsilon));
  subject.write('m', m);
  subject.write('v', v);
  subject.write('variable', binary('Sub', subject.read('variable'), step));
}
