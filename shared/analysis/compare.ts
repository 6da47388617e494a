import type { Shape } from '../layers/define';
import { wiringOf } from './analyze';
import type { NetworkAnalysis, NetworkTotals, NodeAnalysis } from './types';

/** One thing about an aligned pair of nodes that differs. Values are as they are printed; null where a side has none. */
export type NodeChange = {
  readonly what: 'kind' | 'param' | 'inputs' | 'shape' | 'params' | 'macs' | 'memory';
  /** Name of the param, for `what: 'param'`. */
  readonly name?: string;
  readonly a: string | null;
  readonly b: string | null;
};

/** One line of a comparison: a node of A beside its counterpart in B, or alone. */
export type ComparedNode = {
  readonly status: 'same' | 'changed' | 'onlyA' | 'onlyB';
  readonly a: NodeAnalysis | null;
  readonly b: NodeAnalysis | null;
  readonly changes: readonly NodeChange[];
};

/** Two networks side by side. `difference` is B minus A. */
export type NetworkComparison = {
  readonly nodes: readonly ComparedNode[];
  readonly totals: { readonly a: NetworkTotals; readonly b: NetworkTotals; readonly difference: NetworkTotals };
  /** Count of aligned pairs in which nothing differs. */
  readonly sameCount: number;
};

/** A node with what of its place in the network tells it from others of its kind. */
type Candidate = { readonly node: NodeAnalysis; readonly isOutput: boolean };

/**
 * How well two nodes match; 0 forbids the pair. The kind decides; then what they are (params, shape, being the output) counts for more
 * than what they are called: LeNet's `f1` of 500 units is no counterpart of a GAP network's `f1` that gives the ten scores.
 */
function likeness({ node: a, isOutput: isOutputA }: Candidate, { node: b, isOutput: isOutputB }: Candidate): number {
  const sameId = a.id === b.id ? 2 : 0;
  if (a.kind !== b.kind) return sameId > 0 && a.definition?.family === b.definition?.family ? 1 : 0;
  const sameParams = JSON.stringify(a.params) === JSON.stringify(b.params) ? 3 : 0;
  const sameShape = JSON.stringify(a.outputShape) === JSON.stringify(b.outputShape) ? 1 : 0;
  const samePlace = isOutputA && isOutputB ? 2 : 0;
  return 3 + sameId + sameParams + sameShape + samePlace;
}

/**
 * Aligns two sequences of nodes in topological order so that the sum of likeness is largest (Needleman and Wunsch, 1970, with no
 * cost for a gap). O(n·m) time and memory: 1,000 nodes against 1,000 are a million steps.
 */
function align(
  a: readonly Candidate[],
  b: readonly Candidate[],
): readonly (readonly [NodeAnalysis | null, NodeAnalysis | null])[] {
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  const score = (i: number, j: number): number => {
    const left = a[i];
    const right = b[j];
    return left === undefined || right === undefined ? 0 : likeness(left, right);
  };
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const pair = score(i, j);
      const matched = pair > 0 ? pair + at(i + 1, j + 1) : 0;
      best[i * width + j] = Math.max(matched, at(i + 1, j), at(i, j + 1));
    }
  }
  const rows: [NodeAnalysis | null, NodeAnalysis | null][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const pair = score(i, j);
    if (pair > 0 && at(i, j) === pair + at(i + 1, j + 1)) {
      rows.push([a[i]?.node ?? null, b[j]?.node ?? null]);
      i += 1;
      j += 1;
    } else if (i < a.length && at(i, j) === at(i + 1, j)) {
      rows.push([a[i]?.node ?? null, null]);
      i += 1;
    } else {
      rows.push([null, b[j]?.node ?? null]);
      j += 1;
    }
  }
  return rows;
}

function paramText(value: unknown): string {
  if (Array.isArray(value)) return value.map(paramText).join('×');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function changesOf(a: NodeAnalysis, b: NodeAnalysis): readonly NodeChange[] {
  const changes: NodeChange[] = [];
  if (a.kind !== b.kind) changes.push({ what: 'kind', a: a.kind, b: b.kind });
  const names = new Set([...Object.keys(a.params ?? {}), ...Object.keys(b.params ?? {})]);
  for (const name of names) {
    const left = a.params?.[name];
    const right = b.params?.[name];
    if (JSON.stringify(left) === JSON.stringify(right)) continue;
    changes.push({
      what: 'param',
      name,
      a: left === undefined ? null : paramText(left),
      b: right === undefined ? null : paramText(right),
    });
  }
  const compare = (what: NodeChange['what'], left: string | null, right: string | null): void => {
    if (left !== right) changes.push({ what, a: left, b: right });
  };
  // Without thousands set apart: programs read these, too.
  const count = (value: number | null): string | null => (value === null ? null : String(value));
  const sizes = (shape: Shape | null): string | null => shape && shape.map((size) => size ?? '?').join('×');
  compare('shape', sizes(a.outputShape), sizes(b.outputShape));
  compare('params', count(a.paramCount), count(b.paramCount));
  compare('macs', count(a.macs), count(b.macs));
  compare('memory', count(a.activationBytes), count(b.activationBytes));
  return changes;
}

function listed(analysis: NetworkAnalysis): readonly Candidate[] {
  const outputs = new Set(analysis.outputs);
  return analysis.order.flatMap((id) => {
    const node = analysis.nodes.get(id);
    return node === undefined ? [] : [{ node, isOutput: outputs.has(id) }];
  });
}

/** The sources of a node's inputs in port order; null for a port without a wire. */
function sourcesOf(analysis: NetworkAnalysis, id: string): readonly (string | null)[] {
  return wiringOf(analysis)?.nodes.get(id)?.sources ?? [];
}

/**
 * What differs in where two counterparts take their inputs from: nothing when every port's source in A is the counterpart of that
 * port's in B. A node put in between is listed by itself, so a source that has no counterpart is looked through to the nearest
 * ancestor along first inputs that has one.
 */
function inputChange(pair: readonly [NodeAnalysis, NodeAnalysis], sides: readonly [Side, Side]): readonly NodeChange[] {
  const [a, b] = [sourcesOf(sides[0].analysis, pair[0].id), sourcesOf(sides[1].analysis, pair[1].id)];
  const [rowsA, rowsB] = [a.map((id) => rowBehind(sides[0], id)), b.map((id) => rowBehind(sides[1], id))];
  if (rowsA.length === rowsB.length && rowsA.every((row, port) => row === rowsB[port])) return [];
  const shown = (ids: readonly (string | null)[]): string => ids.map((id) => id ?? '–').join(', ');
  return [{ what: 'inputs', a: shown(a), b: shown(b) }];
}

/** One network of a comparison, with the line of each of its nodes that has a counterpart. */
type Side = { readonly analysis: NetworkAnalysis; readonly rows: ReadonlyMap<string, number> };

function rowBehind({ analysis, rows }: Side, source: string | null): number | null {
  const seen = new Set<string>();
  for (let id = source; id !== null && !seen.has(id); id = sourcesOf(analysis, id)[0] ?? null) {
    const row = rows.get(id);
    if (row !== undefined) return row;
    seen.add(id);
  }
  // A wire from something without a counterpart is not the same as no wire.
  return source === null ? null : -1;
}

/**
 * Compares two networks node by node: nodes are aligned along the topological order by kind, then by what they are and are called, and
 * each pair lists what differs in params, in where its inputs come from, in output shape, parameters, MACs and memory. Labels,
 * notes and positions do not count.
 */
export function compareNetworks(a: NetworkAnalysis, b: NetworkAnalysis): NetworkComparison {
  const aligned = align(listed(a), listed(b));
  const rowsOf = (at: 0 | 1): ReadonlyMap<string, number> =>
    new Map(aligned.flatMap((pair, row) => (pair[0] && pair[1] ? [[pair[at]?.id ?? '', row] as const] : [])));
  const sides: readonly [Side, Side] = [
    { analysis: a, rows: rowsOf(0) },
    { analysis: b, rows: rowsOf(1) },
  ];
  const nodes = aligned.map(([left, right]): ComparedNode => {
    if (left === null || right === null) {
      return { status: left === null ? 'onlyB' : 'onlyA', a: left, b: right, changes: [] };
    }
    const changes = [...changesOf(left, right), ...inputChange([left, right], sides)];
    return { status: changes.length === 0 ? 'same' : 'changed', a: left, b: right, changes };
  });
  return {
    nodes,
    totals: { a: a.totals, b: b.totals, difference: subtractTotals(b.totals, a.totals) },
    sameCount: nodes.filter((node) => node.status === 'same').length,
  };
}

/** `a − b`, figure by figure. */
export function subtractTotals(a: NetworkTotals, b: NetworkTotals): NetworkTotals {
  return {
    params: a.params - b.params,
    trainableParams: a.trainableParams - b.trainableParams,
    nonTrainableParams: a.nonTrainableParams - b.nonTrainableParams,
    macs: a.macs - b.macs,
    activationBytes: a.activationBytes - b.activationBytes,
    unknown: a.unknown - b.unknown,
  };
}
