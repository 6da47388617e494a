import { useMemo } from 'react';
import type { NetworkDocument, Position } from '../../shared/schema/document';
import { layoutNetwork } from '../../shared/layout/layoutNetwork';
import { findLayer } from '../../shared/layers';
import { wirePath } from '../canvas/wirePath';
import { familyColour } from '../ui';

/** Size of a node on the canvas, in its units; the thumbnail is the canvas made small. */
const nodeWidth = 152;
const nodeHeight = 78;

function placesOf(document: NetworkDocument): ReadonlyMap<string, Position> {
  const missing = document.nodes.some((node) => node.position === undefined);
  const laidOut = missing ? layoutNetwork(document) : {};
  return new Map(document.nodes.map((node) => [node.id, node.position ?? laidOut[node.id] ?? { x: 0, y: 0 }]));
}

/** A network as it lies on the canvas: nodes as blocks in their family's colour, wires as lines. */
export function NetworkThumbnail({ document }: { readonly document: NetworkDocument }) {
  const places = useMemo(() => placesOf(document), [document]);
  const xs = [...places.values()].map((place) => place.x);
  const ys = [...places.values()].map((place) => place.y);
  const margin = 24;
  const left = Math.min(...xs) - margin;
  const top = Math.min(...ys) - margin;
  const width = Math.max(...xs) + nodeWidth + margin - left;
  const height = Math.max(...ys) + nodeHeight + margin - top;
  if (places.size === 0) return null;
  return (
    <svg
      viewBox={`${left} ${top} ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      width="100%"
      height="100%"
      aria-hidden="true"
    >
      {document.edges.map((edge) => {
        const from = places.get(edge.from);
        const to = places.get(edge.to);
        if (from === undefined || to === undefined) return null;
        return (
          <path
            key={`${edge.from} ${edge.to} ${edge.toPort ?? 0}`}
            d={wire(from, to)}
            fill="none"
            stroke="var(--wire)"
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
      {document.nodes.map((node) => {
        const place = places.get(node.id) ?? { x: 0, y: 0 };
        return (
          <rect
            key={node.id}
            x={place.x}
            y={place.y}
            width={nodeWidth}
            height={nodeHeight}
            rx={12}
            fill={familyColour(findLayer(node.kind)?.family ?? 'io')}
          />
        );
      })}
    </svg>
  );
}

/** The canvas's own wire, from the right side of one node to the left side of the other. */
function wire(from: Position, to: Position): string {
  const ends = {
    sourceX: from.x + nodeWidth,
    sourceY: from.y + nodeHeight / 2,
    targetX: to.x,
    targetY: to.y + nodeHeight / 2,
  };
  return wirePath(ends).path;
}
