import type { OpFunction, OpNode, Update } from './graph';

/** Ids of the values that an update reads. */
export function updateValues(update: Update): readonly number[] {
  switch (update.kind) {
    case 'assign':
      return [update.value];
    case 'sgd':
    case 'momentum':
      return [update.gradient, update.learningRate];
    case 'adam':
      return [update.gradient, update.learningRate, update.beta1Power, update.beta2Power];
  }
}

/** The same update on other ids. */
export function mapUpdateValues(update: Update, map: (id: number) => number): Update {
  switch (update.kind) {
    case 'assign':
      return { ...update, value: map(update.value) };
    case 'sgd':
    case 'momentum':
      return { ...update, gradient: map(update.gradient), learningRate: map(update.learningRate) };
    case 'adam':
      return {
        ...update,
        gradient: map(update.gradient),
        learningRate: map(update.learningRate),
        beta1Power: map(update.beta1Power),
        beta2Power: map(update.beta2Power),
      };
  }
}

/** Removes the nodes that no output and no update needs, and numbers the rest anew in the same order. Inputs stay. */
export function pruneFunction(full: OpFunction): OpFunction {
  const live = new Set<number>([...Object.values(full.outputs), ...full.updates.flatMap(updateValues)]);
  for (let id = full.nodes.length - 1; id >= 0; id--) {
    const node = full.nodes[id];
    if (node?.op === 'input') live.add(id);
    if (live.has(id)) node?.inputs.forEach((input) => live.add(input));
  }
  const places = new Map<number, number>();
  const nodes: OpNode[] = [];
  const placeOf = (id: number): number => {
    const place = places.get(id);
    if (place === undefined) throw new Error(`Op graph: node ${id} is used before it is there.`);
    return place;
  };
  full.nodes.forEach((node, id) => {
    if (live.has(id)) places.set(id, nodes.push({ ...node, inputs: node.inputs.map(placeOf) }) - 1);
  });
  return {
    inputs: full.inputs,
    nodes,
    outputs: Object.fromEntries(
      Object.entries(full.outputs).map(([name, id]): [string, number] => [name, placeOf(id)]),
    ),
    updates: full.updates.map((update) => mapUpdateValues(update, placeOf)),
    ...(full.recompute === undefined ? {} : { recompute: full.recompute }),
  };
}
