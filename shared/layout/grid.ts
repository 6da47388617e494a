import { isBlockNode } from '../document/blocks';
import { expand } from '../document/expand';
import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, Position } from '../schema/document';
import { layoutCell } from './geometry';
import { graphOf, type LayoutGraph } from './layoutGraph';
import { scalesOf } from './levels';

/** Lines of a grid stand apart by so many of a row's pitch: skips arc over their nodes. */
const linePitch = 1.5;

/** The scale of what each node gives, in halvings of the input; of a block, by what is in it. Undefined where nothing enlarges a map. */
export type Scales = ReadonlyMap<string, number>;

/** Reads the scales of a network's nodes, if there is a way up in it. */
export function readScales(document: NetworkDocument, layers?: LayerRegistry): Scales | undefined {
  const expansion = expand(document);
  const flat = graphOf(expansion.document, layers);
  if (!flat.order.some((id) => flat.definition(id)?.traits.enlarges === true)) return undefined;
  const scales = scalesOf(flat, () => true);
  const outputs = new Map(expansion.instances.map(({ id, output }) => [id, output]));
  return new Map(
    document.nodes.map((node) => [
      node.id,
      scales.get(isBlockNode(node) ? (outputs.get(node.id) ?? '') : node.id) ?? 0,
    ]),
  );
}

/**
 * A network that comes up from one scale to the next several times, as U-Net++ does: a line for each scale, and the columns by how much has
 * been computed before, which is the triangle of its paper. Undefined for a network that comes up once, and where two would stand in one cell.
 */
export function layoutGrid(graph: LayoutGraph, scales: Scales): ReadonlyMap<string, Position> | undefined {
  const scaleOf = (id: string): number => Math.round(scales.get(id) ?? 0);
  const comesUp = new Map<number, number>();
  for (const id of graph.order) {
    const isUp = graph.predecessors(id).some((from) => scaleOf(from) > scaleOf(id));
    if (isUp) comesUp.set(scaleOf(id), (comesUp.get(scaleOf(id)) ?? 0) + 1);
  }
  if (Math.max(0, ...comesUp.values()) < 2) return undefined;
  const columns = new Map<string, number>();
  for (const id of graph.order) {
    columns.set(id, 1 + Math.max(-1, ...graph.predecessors(id).map((from) => columns.get(from) ?? 0)));
  }
  const cells = new Set(graph.order.map((id) => `${columns.get(id) ?? 0} ${scaleOf(id)}`));
  if (cells.size < graph.order.length) return undefined;
  const axes = axesOf(graph, scaleOf);
  return new Map(
    graph.order.map((id) => [id, { x: (columns.get(id) ?? 0) * layoutCell.pitchX, y: axes.get(scaleOf(id)) ?? 0 }]),
  );
}

/** The axis of each scale's line, with room for nodes of many ports. */
function axesOf(graph: LayoutGraph, scaleOf: (id: string) => number): ReadonlyMap<number, number> {
  const overhangs = new Map<number, number>();
  for (const id of graph.order) {
    overhangs.set(scaleOf(id), Math.max(overhangs.get(scaleOf(id)) ?? 0, graph.overhang(id)));
  }
  const axes = new Map<number, number>();
  let [axis, before] = [0, 0];
  for (const [scale, overhang] of [...overhangs].sort(([a], [b]) => a - b)) {
    if (axes.size > 0) axis += before + overhang + linePitch * layoutCell.pitchY;
    before = overhang;
    axes.set(scale, axis);
  }
  return axes;
}
