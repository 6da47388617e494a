import type { Expansion, Origin } from '../document/expansion';
import type { Shape } from '../layers/define';
import type { Json, NetworkEdge, NetworkNode } from '../schema/document';
import type { AnalyzedNode } from './node';
import type { ReceptiveField } from './types';
import type { NodeWiring, Wiring } from './wiring';

/**
 * The nodes that are others than before, in a network whose ids, kinds, wires and places in the file are the same, so that the
 * order and all that hangs on it are too; null for one that is wired otherwise.
 */
export function changedNodes(before: Expansion, wiring: Wiring, after: Expansion): readonly NodeWiring[] | null {
  const [old, now] = [before.document, after.document];
  if (old.nodes.length !== now.nodes.length || !isSameEdges(old.edges, now.edges)) return null;
  if (isTroubled(before) || isTroubled(after)) return null;
  const changed: NodeWiring[] = [];
  for (const [index, node] of now.nodes.entries()) {
    const then = old.nodes[index];
    if (then?.id !== node.id || then.kind !== node.kind) return null;
    if (!isSamePlace(before.origins.get(node.id), after.origins.get(node.id))) return null;
    if (isSameNode(then, node)) continue;
    const wired = wiring.nodes.get(node.id);
    // Of nodes with one id, the first is in the network.
    if (wired?.index === index) changed.push({ ...wired, node });
  }
  return changed;
}

function isSamePlace(before: Origin | undefined, after: Origin | undefined): boolean {
  return before === after || (before?.block === after?.block && before?.index === after?.index);
}

/** A document with blocks is expanded anew with each edit, and its wires are then other objects. */
function isSameEdges(before: readonly NetworkEdge[], after: readonly NetworkEdge[]): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  return after.every((edge, index) => {
    const then = before[index];
    return then === edge || (then?.from === edge.from && then.to === edge.to && then.toPort === edge.toPort);
  });
}

/** What blocks could not be expanded to is part of the wiring, and is read anew. */
function isTroubled({ findings, opaque, starved }: Expansion): boolean {
  return findings.length > 0 || opaque.size > 0 || starved.size > 0;
}

/** The nodes of blocks are written anew with each edit of any block. */
function isSameNode(a: NetworkNode, b: NetworkNode): boolean {
  if (a === b) return true;
  const { params: ofA, ...restOfA } = a;
  const { params: ofB, ...restOfB } = b;
  return isSameParams(ofA, ofB) && isSameParams(restOfA, restOfB);
}

/** What a block binds is another object each time, and the same value mostly. */
export function isSameParams(a: NetworkNode['params'], b: NetworkNode['params']): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && isSameValue(a[name], b[name]));
}

/** Of numbers, words and lists of these; what nests deeper counts as another. */
function isSameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => one === b[at]);
}

/** Keeps the former shape and field objects where they came out equal, so that nodes behind this one count as untouched. */
export function keepEqual(result: AnalyzedNode, before: AnalyzedNode | undefined): AnalyzedNode {
  if (before === undefined) return result;
  const { analysis } = result;
  const outputShape = isSameShape(analysis.outputShape, before.analysis.outputShape)
    ? before.analysis.outputShape
    : analysis.outputShape;
  const receptiveField = isSameField(analysis.receptiveField, before.analysis.receptiveField)
    ? before.analysis.receptiveField
    : analysis.receptiveField;
  const knownShape =
    analysis.knownShape === analysis.outputShape
      ? outputShape
      : isSameShape(analysis.knownShape, before.analysis.knownShape)
        ? before.analysis.knownShape
        : analysis.knownShape;
  return { ...result, analysis: { ...analysis, outputShape, knownShape, receptiveField } };
}

function isSameShape(a: Shape | null, b: Shape | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function isSameField(a: ReceptiveField | null, b: ReceptiveField | null): boolean {
  if (a === null || b === null || a.global !== b.global || a.union !== b.union) return false;
  return ([0, 1] as const).every(
    (axis) =>
      a.size[axis] === b.size[axis] &&
      a.jump[axis] === b.jump[axis] &&
      a.start[axis] === b.start[axis] &&
      a.positions[axis] === b.positions[axis],
  );
}
