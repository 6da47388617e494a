import { inOldestVersion, usesBlocks } from './version';
import type { Frame, Json, NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';

/**
 * A document as the text of a `.convloom` file. The same document always gives the same text, with one node or wire a line, so
 * that a change of one layer is a change of one line under version control.
 */
export function serializeNetwork(given: NetworkDocument): string {
  const document = inOldestVersion(given);
  const { format, version, name, blocks, nodes, edges, frames = [], train } = document;
  const fields = [
    `  "format": ${JSON.stringify(format)}`,
    `  "version": ${version}`,
    `  "name": ${JSON.stringify(name)}`,
    ...(version === 1 || !usesBlocks(document) ? [] : [`  "blocks": ${blockList(blocks)}`]),
    `  "nodes": ${list(nodes.map(nodeLine), '    ')}`,
    `  "edges": ${list(edges.map(edgeLine), '    ')}`,
    ...(frames.length === 0 ? [] : [`  "frames": ${list(frames.map(frameLine), '    ')}`]),
    ...(train === undefined ? [] : [`  "train": ${oneLine(train)}`]),
  ];
  return `{\n${fields.join(',\n')}\n}\n`;
}

function blockList(blocks: NetworkDocument['blocks'] = {}): string {
  const entries = Object.entries(blocks).map(([name, { params, nodes, edges, frames = [] }]) => {
    const fields = [
      `"params": ${oneLine(params)}`,
      `"nodes": ${list(nodes.map(nodeLine), '        ')}`,
      `"edges": ${list(edges.map(edgeLine), '        ')}`,
      ...(frames.length === 0 ? [] : [`"frames": ${list(frames.map(frameLine), '        ')}`]),
    ];
    return `    ${JSON.stringify(name)}: {\n      ${fields.join(',\n      ')}\n    }`;
  });
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n  }`;
}

/** A list with an item a line, closed two spaces further left. */
function list(lines: readonly string[], indent: string): string {
  return lines.length === 0 ? '[]' : `[\n${lines.map((line) => indent + line).join(',\n')}\n${indent.slice(2)}]`;
}

function nodeLine(node: NetworkNode): string {
  const { id, kind, params, position, label, note, bypass, pinned, weightsOf } = node;
  return oneLine({
    id,
    kind,
    params,
    ...(weightsOf !== undefined && { weightsOf }),
    ...(position && { position: { x: position.x, y: position.y } }),
    ...(label !== undefined && { label }),
    ...(note !== undefined && { note }),
    ...(bypass === true && { bypass }),
    ...(pinned === true && { pinned }),
  });
}

function edgeLine(edge: NetworkEdge): string {
  const { from, to, toPort, via = [] } = edge;
  return oneLine({
    from,
    to,
    ...(toPort !== undefined && { toPort }),
    ...(via.length > 0 && { via: via.map(({ x, y }) => ({ x, y })) }),
  });
}

function frameLine({ id, title, note, color, position, size }: Frame): string {
  return oneLine({
    id,
    title,
    ...(note !== undefined && { note }),
    ...(color !== undefined && { color }),
    position: { x: position.x, y: position.y },
    size: { width: size.width, height: size.height },
  });
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
