import type { PrintedLayer } from './emit';

/** The calls of every layer that a model lists, in the order in which its readers make them, and what each value is by then. */
export type NumberedCalls = {
  readonly calls: ReadonlyMap<PrintedLayer, readonly PrintedLayer[]>;
  /** Of each value, its layer and the number of the call that gives it. */
  readonly refs: ReadonlyMap<string, readonly [layer: string, call: number]>;
};

/**
 * Numbers the calls of layers as readers do, who go through the list of layers again and again, and make those calls whose inputs are
 * there by then: a call that waits for a layer further down comes behind one that does not.
 */
export function numberCalls(layers: readonly PrintedLayer[]): NumberedCalls {
  const listed = new Map(layers.flatMap((layer) => (layer.calls === undefined ? [[layer.name, layer] as const] : [])));
  const waiting = new Map([...listed.values()].map((layer): [PrintedLayer, PrintedLayer[]] => [layer, []]));
  for (const layer of layers) {
    const owner = listed.get(layer.calls ?? layer.name);
    if (owner !== undefined) waiting.get(owner)?.push(layer);
  }
  const calls = new Map([...listed.values()].map((layer): [PrintedLayer, PrintedLayer[]] => [layer, []]));
  const refs = new Map<string, readonly [string, number]>();
  for (let isOpen = true; isOpen;) {
    isOpen = false;
    for (const [layer, all] of waiting) {
      const made = calls.get(layer) ?? [];
      const left = all.filter((call) => {
        if (!call.inputs.every((input) => refs.has(input))) return true;
        refs.set(call.name, [layer.name, made.length]);
        made.push(call);
        isOpen = true;
        return false;
      });
      waiting.set(layer, left);
    }
  }
  return { calls, refs };
}
