import { deepEqual } from '../editing/equal';
import { edgePort } from '../editing/connect';
import type { BlockDefinition, Frame, NetworkDocument } from '../schema/document';
import { formatCount, text, type Text } from '../text';

/** The nodes, wires and frames of a network or of a block. */
type Scope = Omit<BlockDefinition, 'params'>;

/** What of two lists of frames is new, gone or another, by id. */
function frameChanges(a: readonly Frame[], b: readonly Frame[], block: string | null): readonly Text[] {
  const before = new Map(a.map((frame) => [frame.id, frame]));
  const after = new Map(b.map((frame) => [frame.id, frame]));
  const within = block === null ? text('', '') : text(` in block “${block}”`, `（块“${block}”内）`);
  const told = ({ id, title }: Frame, en: string, zh: string): Text => {
    const name = title === '' ? id : title;
    return text(`frame “${name}”${within.en} ${en}`, `框“${name}”${within.zh}${zh}`);
  };
  return [
    ...a.filter(({ id }) => !after.has(id)).map((frame) => told(frame, 'gone', '已去掉')),
    ...b.flatMap((frame) => {
      const old = before.get(frame.id);
      if (old === undefined) return [told(frame, 'new', '新增')];
      if (deepEqual(old, frame)) return [];
      const isWritten = old.title !== frame.title || old.note !== frame.note || old.color !== frame.color;
      return [isWritten ? told(frame, 'changed', '已更改') : told(frame, 'moved', '已移动')];
    }),
  ];
}

/** How many of the nodes of both are drawn, called or noted otherwise, and how many wires of both are led otherwise. */
function countsOf(a: Scope, b: Scope): readonly [number, number, number] {
  const before = new Map(a.nodes.map((node) => [node.id, node]));
  const both = b.nodes.flatMap((node) => {
    const old = before.get(node.id);
    return old === undefined ? [] : [[old, node] as const];
  });
  const key = (edge: Scope['edges'][number]): string => JSON.stringify([edge.from, edge.to, edgePort(edge)]);
  const led = new Map(a.edges.map((edge) => [key(edge), edge.via ?? []]));
  return [
    both.filter(([old, node]) => !deepEqual(old.position, node.position)).length,
    both.filter(([old, node]) => old.label !== node.label || old.note !== node.note).length,
    b.edges.filter((edge) => led.has(key(edge)) && !deepEqual(led.get(key(edge)), edge.via ?? [])).length,
  ];
}

const phrases: readonly ((count: string, isOne: boolean) => Text)[] = [
  (count, isOne) => text(`${count} ${isOne ? 'node' : 'nodes'} moved`, `${count} 个节点已移动`),
  (count, isOne) =>
    text(
      `${isOne ? 'the label or note' : 'labels or notes'} of ${count} ${isOne ? 'node' : 'nodes'}`,
      `${count} 个节点的标签或备注`,
    ),
  (count, isOne) => text(`${count} ${isOne ? 'wire' : 'wires'} led otherwise`, `${count} 条连线的走向`),
];

/**
 * What two documents differ in that changes nothing of the network, in a few phrases: frames, places, labels, notes and how wires are led.
 * Nodes and frames are told by their ids, so what exists in one alone is no decoration of the other.
 */
export function compareDecoration(a: NetworkDocument, b: NetworkDocument): readonly Text[] {
  const blocks = Object.entries(b.blocks ?? {}).flatMap(([name, after]): [string, Scope, Scope][] => {
    const before = a.blocks !== undefined && Object.hasOwn(a.blocks, name) ? a.blocks[name] : undefined;
    return before === undefined ? [] : [[name, before, after]];
  });
  const scopes: readonly (readonly [string | null, Scope, Scope])[] = [[null, a, b], ...blocks];
  const frames = scopes.flatMap(([block, before, after]) =>
    frameChanges(before.frames ?? [], after.frames ?? [], block),
  );
  const totals = scopes.map(([, before, after]) => countsOf(before, after));
  const counts = phrases.flatMap((phrase, at) => {
    const count = totals.reduce((sum, one) => sum + (one[at] ?? 0), 0);
    return count === 0 ? [] : [phrase(formatCount(count), count === 1)];
  });
  return [...frames, ...counts];
}
