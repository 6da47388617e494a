import { expand } from '../../document/expand';
import type { NetworkDocument } from '../../schema/document';
import type { Call, CodeFunction } from './functions';

/** A line of code, and the ids of the nodes that it is written for. */
export type Line = { readonly text: string; readonly nodes: readonly string[] };

/** Lines that are no node's own. */
export function plain(lines: readonly string[]): readonly Line[] {
  return lines.map((text) => ({ text, nodes: [] }));
}

/** Lines that are written for the nodes of calls, in each copy that the function stands for. */
export function linesOf({ bodies }: CodeFunction, calls: readonly Call[], lines: readonly string[]): readonly Line[] {
  const names = [...new Set(calls.map(({ node }) => node.id))];
  const nodes = bodies.flatMap(({ copy }) => names.map((name) => copy.prefix + name));
  return lines.map((text) => ({ text, nodes }));
}

/** Parts of a Python file, two empty lines between them. */
export function partsApart(parts: readonly (readonly Line[])[]): readonly Line[] {
  return parts.flatMap((part, at) => (at === 0 ? part : [...plain(['', '']), ...part]));
}

/** Lines as the text of a file, and which of them (1-based) are each node's; those of a node in a block with the calls of its blocks. */
export function fileOf(
  document: NetworkDocument,
  lines: readonly Line[],
): { readonly text: string; readonly nodeLines: ReadonlyMap<string, readonly number[]> } {
  return { text: lines.map(({ text }) => text).join('\n'), nodeLines: linesByNode(document, lines) };
}

function linesByNode(document: NetworkDocument, lines: readonly Line[]): ReadonlyMap<string, readonly number[]> {
  const own = new Map<string, number[]>();
  for (const [at, { nodes }] of lines.entries()) {
    for (const id of nodes) {
      const list = own.get(id);
      if (list === undefined) own.set(id, [at + 1]);
      else list.push(at + 1);
    }
  }
  const { origins, instances } = expand(document);
  const inside = new Map([...origins].map(([id, origin]) => [id, origin.inside]));
  for (const { id, origin } of instances) inside.set(id, origin.inside);
  const withCalls = (id: string): readonly number[] =>
    [id, ...(inside.get(id) ?? [])].flatMap((one) => own.get(one) ?? []).sort((a, b) => a - b);
  return new Map([...own.keys()].map((id) => [id, withCalls(id)]));
}
