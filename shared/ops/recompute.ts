import type { OpFunction, OpNode } from './graph';
import { bytesOf, isLeaf, peakBytes } from './liveness';
import { elementsPerSample } from './inference';
import { mapUpdateValues, pruneFunction } from './prune';

/**
 * Recomputation as a rewrite: what the forward pass made is let go, and made again where the backward pass wants it (Chen and others,
 * arXiv 1604.06174). The forward pass is cut into segments at narrow places; what crosses a cut is kept, and so is the last segment,
 * whose gradients come first. A copy of a segment begins at `after` nodes, which hold it back until the gradients of the segment behind
 * it are there: without them an engine would take copies for equal nodes, or compute them at once.
 */
export type Recomputed = {
  readonly definition: OpFunction;
  /** The nodes that are computed a second time, by their ids before. */
  readonly copied: readonly number[];
};

/** What the forward pass costs much for: in the cheaper plans these are kept. */
const products: ReadonlySet<string> = new Set<OpNode['op']>(['conv2d', 'conv2dInputGrad', 'matMul']);

/** Where forward and backward pass part. */
type Passes = {
  readonly nodes: readonly OpNode[];
  /** By id: an output needs it. */
  readonly isForward: readonly boolean[];
  /** The first node that the end of the forward pass leads to: from here on, what is no forward node belongs to the backward pass. */
  readonly turn: number;
  /** By id: it depends on the end of the forward pass, so that it cannot be there early. */
  readonly isLate: readonly boolean[];
  /** By id: bytes of a value that may be made again, 0 of all others. */
  readonly bytes: readonly number[];
  /** By id: the last forward node that reads it. */
  readonly lastForwardUse: readonly number[];
  /** By id: the backward pass reads it. */
  readonly isSaved: readonly boolean[];
};

function passesOf({ nodes, outputs }: OpFunction, batch: number): Passes {
  const isForward = nodes.map(() => false);
  for (const id of Object.values(outputs)) isForward[id] = true;
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (isForward[id] === true) nodes[id]?.inputs.forEach((input) => (isForward[input] = true));
  }
  // How far into the forward pass what a node depends on reaches.
  const reach: number[] = [];
  let furthest = -1;
  nodes.forEach((node, id) => {
    const own = isForward[id] === true && node.shape[0] === 'batch' && !isLeaf(node) ? id : -1;
    reach.push(Math.max(own, ...node.inputs.map((input) => reach[input] ?? -1)));
    if (isForward[id] !== true) furthest = Math.max(furthest, reach[id] ?? -1);
  });
  const isLate = nodes.map((_, id) => isForward[id] !== true && reach[id] === furthest && furthest >= 0);
  const turn = isLate.includes(true) ? isLate.indexOf(true) : nodes.length;
  const lastForwardUse = nodes.map(() => -1);
  const isSaved = nodes.map(() => false);
  nodes.forEach((node, id) => {
    for (const input of node.inputs) {
      if (isForward[id] === true || id < turn) lastForwardUse[input] = id;
      else isSaved[input] = true;
    }
  });
  const bytes = nodes.map((node, id) =>
    isForward[id] === true && id < turn && node.shape[0] === 'batch' && !isLeaf(node) ? bytesOf(node, batch) : 0,
  );
  return { nodes, isForward, turn, isLate, bytes, lastForwardUse, isSaved };
}

/** For each place of the forward pass the bytes that cross a cut behind it; what the backward pass does not need anyway counts more. */
function crossingBytes({ turn, bytes, lastForwardUse, isSaved }: Passes): readonly number[] {
  const crossing: number[] = Array<number>(turn).fill(0);
  for (let id = 0; id < turn; id++) {
    const cost = (bytes[id] ?? 0) * (isSaved[id] === true ? 1 : 1.25);
    if (cost === 0) continue;
    const until = Math.min(lastForwardUse[id] ?? id, turn);
    for (let place = id; place < until; place++) crossing[place] = (crossing[place] ?? 0) + cost;
  }
  return crossing;
}

/** Cuts the forward pass so that no segment saves more than `budget` bytes, each time at the narrowest place in reach. */
function cutsFor({ turn, bytes, isSaved }: Passes, crossing: readonly number[], budget: number): readonly number[] {
  const cuts: number[] = [];
  let start = 0;
  let held = 0;
  for (let id = 0; id < turn; id++) {
    const own = isSaved[id] === true ? (bytes[id] ?? 0) : 0;
    if (held > 0 && held + own > budget) {
      let best = start;
      for (let place = start; place < id; place++) {
        if ((crossing[place] ?? Infinity) <= (crossing[best] ?? Infinity)) best = place;
      }
      cuts.push(best);
      start = best + 1;
      held = 0;
      for (let place = start; place < id; place++) if (isSaved[place] === true) held += bytes[place] ?? 0;
    }
    held += own;
  }
  return cuts;
}

/** What is kept of the forward pass, and in which segment a node is. */
type Plan = { readonly isKept: (id: number) => boolean; readonly segmentOf: (id: number) => number };

function planOf(passes: Passes, cuts: readonly number[], keepsProducts: boolean): Plan {
  const { nodes, bytes, lastForwardUse, turn } = passes;
  const segments: number[] = [];
  for (let id = 0, segment = 0; id < turn; id++) {
    segments.push(segment);
    if (id === cuts[segment]) segment += 1;
  }
  const segmentOf = (id: number): number => segments[id] ?? cuts.length;
  return {
    segmentOf,
    isKept: (id) =>
      (bytes[id] ?? 0) === 0 ||
      segmentOf(id) === cuts.length ||
      segmentOf(lastForwardUse[id] ?? id) > segmentOf(id) ||
      (keepsProducts && products.has(nodes[id]?.op ?? '')),
  };
}

/** Writes a function anew with the copies that a plan asks for, each as late as it can be. */
class Recomputing {
  readonly #passes: Passes;
  readonly #plan: Plan;
  readonly #made: OpNode[] = [];
  /** Ids in the new function: of nodes, of copies, and of kept values behind their `after`. */
  readonly #places: number[] = [];
  readonly #copies = new Map<number, number>();
  readonly #held = new Map<string, number>();
  /** By segment: what its copies wait for. */
  readonly #waits = new Map<number, readonly number[]>();
  /** By segment: the last node so far that read each of its values on the way back. */
  readonly #readers = new Map<number, Map<number, number>>();
  #lastLate = -1;

  constructor(passes: Passes, plan: Plan) {
    this.#passes = passes;
    this.#plan = plan;
  }

  #push(node: OpNode): number {
    return this.#made.push(node) - 1;
  }

  #place(id: number): number {
    const place = this.#places[id];
    if (place === undefined) throw new Error(`Op graph: node ${id} is used before it is there.`);
    return place;
  }

  /** The gradients that must be there before a segment is computed again. */
  #waitsOf(segment: number): readonly number[] {
    const known = this.#waits.get(segment);
    if (known !== undefined) return known;
    const readers = [...(this.#readers.get(segment + 1)?.values() ?? [])];
    const waits = [...new Set(this.#lastLate < 0 ? readers : [...readers, this.#lastLate])];
    this.#waits.set(segment, waits);
    return waits;
  }

  #hold(id: number, segment: number): number {
    const { nodes } = this.#passes;
    const node = nodes[id];
    if (node === undefined || node.shape[0] !== 'batch') return this.#place(id);
    const key = `${id} ${segment}`;
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const inputs = [this.#place(id), ...this.#waitsOf(segment)];
    const { shape, dtype } = node;
    const held = inputs.length === 1 ? this.#place(id) : this.#push({ op: 'after', inputs, shape, dtype });
    this.#held.set(key, held);
    return held;
  }

  /** A value made again, once. */
  #copy(id: number): number {
    const known = this.#copies.get(id);
    if (known !== undefined) return known;
    const node = this.#passes.nodes[id];
    if (node === undefined) throw new Error(`Op graph: there is no node ${id}.`);
    const { isKept, segmentOf } = this.#plan;
    const inputs = node.inputs.map((input) => (isKept(input) ? this.#hold(input, segmentOf(id)) : this.#copy(input)));
    const copy = this.#push({ ...node, inputs });
    this.#copies.set(id, copy);
    return copy;
  }

  /** The inputs of a node of the backward pass. */
  #wanted(node: OpNode): readonly number[] {
    const { isKept } = this.#plan;
    const given = (id: number): number => (isKept(id) ? this.#place(id) : this.#copy(id));
    const [x = -1, y = -1, dy = -1] = node.inputs;
    // A pool that is computed again with its input has its places by it.
    if (node.op === 'maxPoolGrad' && !isKept(x) && this.#passes.nodes[y]?.op === 'maxPool') {
      return [this.#copy(x), this.#copy(y), given(dy)];
    }
    return node.inputs.map(given);
  }

  run(full: OpFunction): Recomputed {
    const { nodes, isForward, isLate, turn, bytes } = this.#passes;
    nodes.forEach((node, id) => {
      const isBackward = id >= turn && isForward[id] !== true;
      const inputs = isBackward ? this.#wanted(node) : node.inputs.map((input) => this.#place(input));
      const place = this.#push({ ...node, inputs });
      this.#places.push(place);
      if (!isBackward || isLate[id] !== true) return;
      this.#lastLate = place;
      for (const input of node.inputs) {
        if ((bytes[input] ?? 0) === 0) continue;
        const segment = this.#plan.segmentOf(input);
        const readers = this.#readers.get(segment) ?? new Map<number, number>();
        this.#readers.set(segment, readers.set(input, place));
      }
    });
    const { recompute: _done, ...rest } = full;
    const definition = pruneFunction({
      ...rest,
      nodes: this.#made,
      outputs: Object.fromEntries(Object.entries(full.outputs).map(([name, id]) => [name, this.#place(id)])),
      updates: full.updates.map((update) => mapUpdateValues(update, (id) => this.#place(id))),
    });
    return { definition, copied: [...this.#copies.keys()] };
  }
}

/** Numbers of segments that are tried. */
const segmentCounts = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48];

/** A plan that lets go of less than this share is not worth its time. */
const leastSaved = 0.05;

/** Bytes that an engine moves, and multiplications that it makes, in about the same time. */
const productsPerByte = 10;

/** About how long it takes to compute nodes again, in bytes moved. */
function costOf(nodes: readonly OpNode[], copied: readonly number[], batch: number): number {
  return copied.reduce((sum, id) => {
    const node = nodes[id];
    if (node === undefined) return sum;
    const [x, filter] = node.inputs.map((input) => nodes[input]);
    const bytes = bytesOf(node, batch);
    if (!products.has(node.op) || x === undefined || filter === undefined) return sum + bytes;
    const wide = node.op === 'conv2dInputGrad' ? x : node;
    const depth = elementsPerSample(filter.shape) / elementsPerSample(filter.shape.slice(-1));
    return sum + bytes + ((bytesOf(wide, batch) / 4) * depth) / productsPerByte;
  }, 0);
}

/**
 * The function with as little of its forward pass kept as it asks for: within the bytes that it names by the plan that takes the least time,
 * or, where it names none or no plan is within them, by the one that takes the fewest bytes. A function that asks for nothing is given back
 * itself.
 */
export function recomputing(full: OpFunction): Recomputed {
  const { recompute } = full;
  if (recompute === undefined) return { definition: full, copied: [] };
  const { recompute: _settled, ...definition } = full;
  const { batch, within } = recompute;
  const passes = passesOf(full, batch);
  const crossing = crossingBytes(passes);
  const saved = passes.bytes.reduce((sum, bytes, id) => sum + (passes.isSaved[id] === true ? bytes : 0), 0);
  const plain = { definition, copied: [], peak: peakBytes(full, batch), cost: 0 };
  const tried = segmentCounts.flatMap((count) => {
    const cuts = cutsFor(passes, crossing, saved / count);
    if (cuts.length === 0) return [];
    return [true, false].map((keepsProducts) => {
      const made = new Recomputing(passes, planOf(passes, cuts, keepsProducts)).run(full);
      return { ...made, peak: peakBytes(made.definition, batch), cost: costOf(full.nodes, made.copied, batch) };
    });
  });
  const useful = [plain, ...tried.filter(({ peak }) => peak < (1 - leastSaved) * plain.peak)];
  const least = Math.min(...useful.map(({ peak }) => peak));
  const limit = within === null || within < least ? least * (1 + leastSaved) : within;
  const fitting = useful.filter(({ peak }) => peak <= limit).sort((a, b) => a.cost - b.cost);
  const chosen = fitting[0] ?? plain;
  return { definition: chosen.definition, copied: chosen.copied };
}
