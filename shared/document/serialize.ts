import type { Json, NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';

/**
 * A document as the text of a `.convloom` file. The same document always gives the same text, with one node or wire a line, so
 * that a change of one layer is a change of one line under version control.
 */
export function serializeNetwork(document: NetworkDocument): string {
  const lines = [
    '{',
    `  "format": ${JSON.stringify(document.format)},`,
    `  "version": ${document.version},`,
    `  "name": ${JSON.stringify(document.name)},`,
    `  "nodes": ${list(document.nodes.map(nodeLine))},`,
    `  "edges": ${list(document.edges.map(edgeLine))}${document.train === undefined ? '' : ','}`,
  ];
  if (document.train !== undefined) lines.push(`  "train": ${oneLine(document.train)}`);
  return `${[...lines, '}'].join('\n')}\n`;
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]`;
}

function nodeLine(node: NetworkNode): string {
  const { id, kind, params, position, label, note } = node;
  return oneLine({
    id,
    kind,
    params,
    ...(position && { position: { x: position.x, y: position.y } }),
    ...(label !== undefined && { label }),
    ...(note !== undefined && { note }),
  });
}

function edgeLine(edge: NetworkEdge): string {
  const { from, to, toPort } = edge;
  return oneLine({ from, to, ...(toPort !== undefined && { toPort }) });
}

/** JSON on one line, with a space where a person would put one. */
function oneLine(value: Json | { readonly [key: string]: Json | undefined }): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const fields = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${JSON.stringify(key)}: ${oneLine(item)}`],
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** `Array.isArray` does not narrow readonly arrays. */
function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
