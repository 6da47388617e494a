import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { findNode } from '../../analysis/blocks';
import { layoutCell, layoutNetwork } from '../../layout/layoutNetwork';
import type { LayerFamily } from '../../layers/define';
import { formatCount, formatShape } from '../../text';
import { lineText } from '../names';

/** The app's light colours of the layer families, which keep 4.5:1 on white. */
const familyColours: { readonly [family in LayerFamily]: string } = {
  io: '#4b5565',
  conv: '#2563c9',
  activation: '#9a5b00',
  pool: '#0b7a5b',
  fc: '#c2264f',
  gap: '#7a3fd1',
  upconv: '#0874a8',
  merge: '#5b6b2f',
  shape: '#5b6b2f',
  norm: '#5b6b2f',
};

const margin = 24;

/**
 * Draws a network as a picture for a paper or a slide: each node with its name, main numbers, output shape and parameters, each wire
 * as a curve. A block is one node, as it was drawn. Positions are the document's own where every node has one, else the layout's.
 */
export function printSvg(document: NetworkDocument, analysis: NetworkAnalysis): string {
  const layout = layoutNetwork(document, analysis.layers);
  const isPlaced = document.nodes.every(({ position }) => position !== undefined);
  const places = new Map(
    document.nodes.map(({ id, position }) => [id, (isPlaced ? position : layout[id]) ?? { x: 0, y: 0 }]),
  );
  const box = { left: 0, top: 0, right: 0, bottom: 0 };
  for (const { x, y } of places.values()) {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  const left = box.left - margin;
  const top = box.top - margin;
  const width = box.right + layoutCell.nodeWidth + margin - left;
  const height = box.bottom + layoutCell.nodeHeight + margin - top;
  const labels = new Map(document.nodes.map(({ id, label }) => [id, label]));
  const wires = document.edges.flatMap(({ from, to }) => {
    const [a, b] = [places.get(from), places.get(to)];
    return a === undefined || b === undefined ? [] : [wirePath(a, b)];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" font-family="Inter, Helvetica, Arial, sans-serif">`,
    `<title>${escapeXml(lineText(document.name))}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#ffffff"/>`,
    `<g fill="none" stroke="#8a93a3" stroke-width="1.6">${wires.join('')}</g>`,
    ...document.nodes.map(({ id }) => nodeGroup(id, labels.get(id), analysis, places.get(id) ?? { x: 0, y: 0 })),
    '</svg>',
    '',
  ].join('\n');
}

type Point = { readonly x: number; readonly y: number };

/** A curve from a node's right side to another's left; back to the next line it runs between the lines. */
function wirePath(from: Point, to: Point): string {
  const { nodeWidth, nodeHeight } = layoutCell;
  const [x1, y1] = [from.x + nodeWidth, from.y + nodeHeight / 2];
  const [x2, y2] = [to.x, to.y + nodeHeight / 2];
  if (x2 >= x1) {
    const bend = (x2 - x1) / 2;
    return `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
  }
  const middle = y2 >= y1 ? y2 - nodeHeight / 2 - 18 : y1 - nodeHeight / 2 - 18;
  return `<path d="M${x1} ${y1}h14V${middle}H${x2 - 14}V${y2}H${x2}" stroke-linejoin="round"/>`;
}

function nodeGroup(id: string, ownName: string | undefined, analysis: NetworkAnalysis, { x, y }: Point): string {
  const known = findNode(analysis, id);
  const definition = known?.definition ?? null;
  const params = known?.params ?? null;
  const title = params === null ? definition?.label.en : (definition?.title?.(params).en ?? definition?.label.en);
  const caption = params === null ? '' : (definition?.caption(params).en ?? '');
  const isBlock = analysis.blocks.has(id);
  const dashes = analysis.bypassed.has(id) ? ' stroke-dasharray="5 4"' : '';
  const colour = definition === null ? (isBlock ? familyColours.io : '#b42318') : familyColours[definition.family];
  const shape = known?.outputShape == null ? '' : formatShape(known.outputShape);
  const count = known?.paramCount == null || known.paramCount === 0 ? '' : formatCount(known.paramCount);
  const { nodeWidth, nodeHeight } = layoutCell;
  const text = (dx: number, dy: number, attributes: string, content: string): string =>
    content === '' ? '' : `<text x="${x + dx}" y="${y + dy}" ${attributes}>${escapeXml(lineText(content))}</text>`;
  return [
    '<g>',
    `<rect x="${x}" y="${y}" width="${nodeWidth}" height="${nodeHeight}" rx="10" fill="#ffffff" stroke="#d5dae3"${dashes}/>`,
    `<rect x="${x}" y="${y + 12}" width="3" height="${nodeHeight - 24}" rx="1.5" fill="${colour}"/>`,
    text(
      14,
      24,
      `font-size="13" font-weight="600" fill="${colour}"`,
      ownName ?? title ?? analysis.blocks.get(id)?.block ?? known?.kind ?? '',
    ),
    text(14, 42, 'font-size="11.5" fill="#5a6473"', caption),
    text(14, nodeHeight - 14, 'font-size="11.5" fill="#1c2430"', shape),
    text(nodeWidth - 12, nodeHeight - 14, 'font-size="11.5" fill="#5a6473" text-anchor="end"', count),
    '</g>',
  ].join('');
}

function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
