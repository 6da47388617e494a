import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis } from '../analysis/types';
import type { LayerRole } from '../layers/define';
import { isInput } from '../layers/traits';
import type { NetworkDocument, NetworkNode, Position } from '../schema/document';
import type { Edit } from '../schema/edits';
import { text, type Text } from '../text';
import type { Head, HeadKind } from './findHead';

/** What switching to each head is called. */
export const headTitles: Readonly<Record<HeadKind, Text>> = {
  fc: text('Switch the head to FC', '将分类头换成全连接'),
  gap: text('Switch the head to GAP', '将分类头换成全局池化'),
  convGap: text('Switch the head to conv + GAP', '将分类头换成卷积加全局池化'),
  conv: text('Switch the head to conv', '将分类头换成卷积'),
};

/** How an FC head is built where the network does not say it. */
export type HeadOptions = {
  /** Units of the hidden layers; absent: see {@link defaultHiddenUnits}. */
  readonly hiddenUnits?: readonly number[];
};

/** A network whose head is to be rebuilt. */
export type HeadContext = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly head: Head;
  readonly options: HeadOptions;
};

/** The node of the document with this id. */
export function nodeById(document: NetworkDocument, id: string): NetworkNode | undefined {
  return document.nodes.find((node) => node.id === id);
}

/** The role of a flat node. */
export function roleOf({ analysis }: HeadContext, id: string): LayerRole | undefined {
  return analysis.nodes.get(id)?.definition?.traits.role;
}

/** Nodes of the head between the trunk and the classifier. */
export function between(head: Head): readonly string[] {
  return head.nodes.slice(0, head.nodes.indexOf(head.classifier));
}

/** Flattens of the head, which only a conv head or a spelled-out FC head has. */
export function flattens(context: HeadContext): readonly string[] {
  return context.head.nodes.filter((id) => roleOf(context, id) === 'flattening');
}

/** From one node to the next in a row, in canvas pixels: a node's width and the room for its wire. */
export const nextInRow = 208;

/**
 * Where a rebuilt chain lies: its nodes take the places of those that go, in order, and the classifier the next one; places that
 * are missing continue the row. `shift` is how far the classifier, and what follows it, moves.
 */
export function placesFor(
  context: HeadContext,
  count: number,
): { readonly places: readonly Position[]; readonly shift: Position } | null {
  const placeOf = (id: string): Position | undefined => nodeById(context.document, id)?.position;
  const classifier = placeOf(context.head.classifier);
  const freed = between(context.head).flatMap((id) => placeOf(id) ?? []);
  if (classifier === undefined) return null;
  const row = [...freed, classifier];
  const places: Position[] = [];
  for (let index = 0; index <= count; index += 1) {
    const last = places.at(-1) ?? classifier;
    places.push(row[index] ?? { x: last.x + nextInRow, y: last.y });
  }
  const end = places.at(-1) ?? classifier;
  return { places, shift: { x: end.x - classifier.x, y: end.y - classifier.y } };
}

/**
 * Moves the classifier and what follows it, where a rebuilt chain is longer or shorter than the old one. `room` is left behind the
 * classifier.
 */
export function moveTail(context: HeadContext, shift: Position, room = 0): readonly Edit[] {
  const { nodes, classifier } = context.head;
  const tail = nodes.slice(nodes.indexOf(classifier));
  const gone = new Set(flattens(context));
  const positions: Record<string, Position> = {};
  for (const id of tail) {
    const place = nodeById(context.document, id)?.position;
    const x = shift.x + (id === classifier ? 0 : room);
    if (place === undefined || gone.has(id) || (x === 0 && shift.y === 0)) continue;
    positions[id] = { x: place.x + x, y: place.y + shift.y };
  }
  return Object.keys(positions).length === 0 ? [] : [{ type: 'moveNodes', positions }];
}

/** The shape that the head reads. */
export function trunkShape(context: HeadContext): readonly (number | null)[] | null {
  return findNode(context.analysis, context.head.trunkEnd)?.outputShape ?? null;
}

/** Whether the head reads maps that a layer has made. */
export function isMap(context: HeadContext): boolean {
  const { analysis, head } = context;
  return !isInput(findNode(analysis, head.trunkEnd)?.definition) && trunkShape(context)?.length !== 1;
}
