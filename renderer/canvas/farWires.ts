import { throughPoints } from '../../shared/layout/throughPoints';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { nodeHeight, nodeWidth, outputY, portY, wireGap } from './geometry';
import type { WireEnds } from './wirePath';
import { runsAlongLine, wirePath } from './wirePath';
import { shownPlaces } from './wirePlaces';

/** True when a node stands where a wire would run level. */
export function isCrossingNodes(nodes: readonly LayerFlowNode[], ends: WireEnds): boolean {
  const { sourceX, sourceY, targetX } = ends;
  if (!runsAlongLine(ends)) return false;
  return nodes.some(({ position, data }) => {
    const isInLine = position.y < sourceY && position.y + nodeHeight(data.inputCount) > sourceY;
    return isInLine && position.x > sourceX && position.x + nodeWidth < targetX;
  });
}

/** A wire and the line that it is drawn as. */
export type DrawnWire = { readonly edge: WireFlowEdge; readonly path: string };

/** Where a wire begins and ends; null where one of its nodes is not drawn. */
export function endsOfWire(edge: WireFlowEdge, nodes: ReadonlyMap<string, LayerFlowNode>): WireEnds | null {
  const source = nodes.get(edge.source);
  const target = nodes.get(edge.target);
  if (!source || !target || !edge.data) return null;
  const port = edge.data.edge.toPort ?? 0;
  return {
    sourceX: source.position.x + nodeWidth + wireGap,
    sourceY: source.position.y + outputY(source.data.inputCount),
    targetX: target.position.x - wireGap,
    targetY: target.position.y + portY(port, target.data.inputCount),
  };
}

type Line = { readonly ends: WireEnds; readonly isCrossing: boolean; readonly path: string };

/** Lines are kept while their wires and ends are the same: a drag asks for all of them at each frame and moves a few. */
const lines = new WeakMap<WireFlowEdge, Line>();

function isSameEnds(a: WireEnds, b: WireEnds): boolean {
  return a.sourceX === b.sourceX && a.sourceY === b.sourceY && a.targetX === b.targetX && a.targetY === b.targetY;
}

/** Every wire's line, by the rules that a wire by itself follows. */
export function drawWires(nodes: readonly LayerFlowNode[], edges: readonly WireFlowEdge[]): readonly DrawnWire[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return edges.flatMap((edge) => {
    const ends = endsOfWire(edge, byId);
    if (ends === null || !edge.data) return [];
    const via = shownPlaces(edge.data.edge, byId.get(edge.source), byId.get(edge.target));
    if (via.length > 0) return [{ edge, path: throughPoints(ends, via).path }];
    const isCrossing = isCrossingNodes(nodes, ends);
    const known = lines.get(edge);
    if (known?.isCrossing === isCrossing && isSameEnds(known.ends, ends)) return [{ edge, path: known.path }];
    const { path } = wirePath(ends, isCrossing);
    lines.set(edge, { ends, isCrossing, path });
    return [{ edge, path }];
  });
}
