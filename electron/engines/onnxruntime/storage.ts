import type { DType, OpFunction, Program, Update, VariableSpec } from '../../../shared/ops/graph';
import { elementCount } from '../../../shared/ops/tensor';
import { inMemoryOrder } from './layout';
import type { Layout } from './layout';

/** An update by a rule that treats every number of a variable alike. */
export type OptimizerUpdate = Exclude<Update, { kind: 'assign' }>;

/** The variables of an update: the weight, and what the optimizer keeps beside it. */
export type Role = 'variable' | 'accumulator' | 'm' | 'v';

/** Where a variable lies: a part of a buffer, in this shape and order. */
export type Place = {
  readonly buffer: string;
  readonly offset: number;
  /** In memory order. */
  readonly shape: readonly number[];
  readonly layout: Layout;
  /** What lies there is the variable times this. */
  readonly scale: number;
};

/** Small variables of one rule, laid end to end and updated together; one buffer per role, all with the same order. */
export type Pack = {
  /** The weights, in the order in which they lie. */
  readonly weights: readonly string[];
  readonly buffers: ReadonlyMap<Role, string>;
};

/**
 * A flat piece of memory. Flat, because ONNX Runtime takes 35 times as long to multiply a [512, 256, 1, 1] by a scalar: it goes
 * number by number where the last axes are 1.
 */
export type StoredBuffer = {
  readonly dtype: DType;
  /** Numbers in it. */
  readonly size: number;
  /** The variables in it, in the order in which they lie; one where it is a variable's own. */
  readonly members: readonly string[];
};

/** How a program's variables lie in memory. */
export type Storage = {
  readonly places: ReadonlyMap<string, Place>;
  readonly buffers: ReadonlyMap<string, StoredBuffer>;
  /** By weight. */
  readonly packs: ReadonlyMap<string, Pack>;
};

/** Larger variables would cost more to copy into a pack than their own few nodes cost to start. */
const largestPacked = 2 ** 16;

/** The variables that an update changes, by role. */
export function rolesOf(update: OptimizerUpdate): readonly (readonly [Role, string])[] {
  const own: readonly [Role, string] = ['variable', update.variable];
  switch (update.kind) {
    case 'sgd':
      return [own];
    case 'momentum':
      return [own, ['accumulator', update.accumulator]];
    case 'adam':
      return [own, ['m', update.m], ['v', update.v]];
  }
}

/** Decides layouts and packs for all functions of a program at once: they share its variables. */
export function planStorage(program: Program): Storage {
  const specs = new Map(program.variables.map((variable) => [variable.name, variable]));
  const layouts = keptLayouts(program, specs);
  const scales = slotScales(program);
  const placed = (name: string, buffer: string, offset: number): Place => {
    const layout = layouts.get(name) ?? 'last';
    const shape = inMemoryOrder(specs.get(name)?.shape ?? [], layout);
    return { buffer, offset, shape, layout, scale: scales.get(name) ?? 1 };
  };
  const places = new Map<string, Place>();
  const buffers = new Map<string, StoredBuffer>();
  const packs = new Map<string, Pack>();
  packableUpdates(program, specs).forEach((updates, index) => {
    const roles = rolesOf(updates[0] ?? neverEmpty()).map(([role]) => role);
    const named = roles.map((role): [Role, string] => [role, `pack ${index}, ${role}`]);
    const pack = { weights: updates.map(({ variable }) => variable), buffers: new Map(named) };
    for (const weight of pack.weights) packs.set(weight, pack);
    named.forEach(([, buffer], place) => {
      const members = updates.map((update) => rolesOf(update)[place]?.[1] ?? neverEmpty());
      let offset = 0;
      for (const member of members) {
        places.set(member, placed(member, buffer, offset));
        offset += elementCount(specs.get(member)?.shape ?? []);
      }
      buffers.set(buffer, { dtype: 'float32', size: offset, members });
    });
  });
  for (const { name, shape, dtype } of program.variables) {
    if (places.has(name)) continue;
    places.set(name, placed(name, name, 0));
    buffers.set(name, { dtype, size: elementCount(shape), members: [name] });
  }
  return { places, buffers, packs };
}

function neverEmpty(): never {
  throw new Error('ONNX: a pack has at least two members.');
}

/**
 * Filters of convolutions, and the optimizer's slots beside them, are kept as ONNX wants them, so that no step turns them; they are
 * turned where they enter and leave the engine.
 */
function keptLayouts(program: Program, specs: ReadonlyMap<string, VariableSpec>): ReadonlyMap<string, Layout> {
  const layouts = new Map<string, Layout>();
  const keep = (name: string): void => {
    const spec = specs.get(name);
    if (spec?.shape.length === 4 && spec.dtype === 'float32') layouts.set(name, 'filter');
  };
  const functions = Object.values(program.functions);
  functions.flatMap(filterVariables).forEach(keep);
  for (const update of functions.flatMap(({ updates }) => updates)) {
    if (update.kind !== 'assign' && layouts.has(update.variable)) rolesOf(update).forEach(([, name]) => keep(name));
  }
  return layouts;
}

/**
 * Adam's m / (1 - b1) and v / (1 - b2) need one product less at each step than m and v: b1 m + (1 - b1) g becomes b1 m + g. An update
 * is nothing but passes over memory, so that every one counts.
 */
export function adamScales({ beta1, beta2 }: { readonly beta1: number; readonly beta2: number }) {
  return { m: 1 / (1 - beta1), v: 1 / (1 - beta2) };
}

function slotScales({ functions }: Program): ReadonlyMap<string, number> {
  const scales = new Map<string, number>();
  const scale = (name: string, by: number): void => {
    if ((scales.get(name) ?? by) !== by) throw new Error(`ONNX: "${name}" belongs to two rules of Adam.`);
    scales.set(name, by);
  };
  for (const update of Object.values(functions).flatMap(({ updates }) => updates)) {
    if (update.kind !== 'adam') continue;
    scale(update.m, adamScales(update).m);
    scale(update.v, adamScales(update).v);
  }
  return scales;
}

function filterVariables({ nodes }: OpFunction): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.op !== 'conv2d' && node.op !== 'conv2dInputGrad') return [];
    const filter = nodes[node.inputs[1] ?? -1];
    return filter?.op === 'variable' ? [filter.name] : [];
  });
}

/** Groups of small float variables that are updated by the same rule with the same numbers, and nowhere else. */
function packableUpdates(
  program: Program,
  specs: ReadonlyMap<string, VariableSpec>,
): readonly (readonly OptimizerUpdate[])[] {
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const functions = Object.values(program.functions);
  for (const update of functions.flatMap(({ updates }) => updates)) {
    if (update.kind === 'assign') count(update.variable);
    else rolesOf(update).forEach(([, name]) => count(name));
  }
  const isPackable = (update: OptimizerUpdate): boolean =>
    rolesOf(update).every(([, name]) => {
      const spec = specs.get(name);
      return spec?.dtype === 'float32' && elementCount(spec.shape) <= largestPacked && counts.get(name) === 1;
    });
  return functions.flatMap(({ updates }) => {
    const groups = new Map<string, OptimizerUpdate[]>();
    for (const update of updates) {
      if (update.kind === 'assign' || !isPackable(update)) continue;
      const rule = JSON.stringify({ ...update, variable: '', accumulator: '', m: '', v: '', gradient: 0 });
      groups.set(rule, [...(groups.get(rule) ?? []), update]);
    }
    return [...groups.values()].filter((group) => group.length > 1);
  });
}
