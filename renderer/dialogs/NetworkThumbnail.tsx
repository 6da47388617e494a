import { useMemo } from 'react';
import type { NetworkDocument, Position } from '../../shared/schema/document';
import type { Drawing } from '../../shared/layout/drawing';
import { drawDocument, drawingExtent } from '../../shared/layout/drawing';
import { layoutNetwork } from '../../shared/layout/layoutNetwork';
import { findLayer } from '../../shared/layers';
import { familyColour } from '../ui';

function draw(document: NetworkDocument): Drawing {
  const missing = document.nodes.some((node) => node.position === undefined);
  const laidOut = missing ? layoutNetwork(document) : {};
  const places = document.nodes.flatMap(({ id, position }): [string, Position][] => {
    const place = position ?? laidOut[id];
    return place ? [[id, place]] : [];
  });
  return drawDocument(document, Object.fromEntries(places));
}

/** A network as it lies on the canvas: nodes as blocks in their family's colour, wires as lines. */
export function NetworkThumbnail({ document }: { readonly document: NetworkDocument }) {
  const drawing = useMemo(() => draw(document), [document]);
  const { nodes, wires } = drawing;
  if (nodes.size === 0) return null;
  const margin = 24;
  const { left, top, right, bottom } = drawingExtent(drawing, margin);
  return (
    <svg
      viewBox={`${left} ${top} ${right - left} ${bottom - top}`}
      preserveAspectRatio="xMidYMid meet"
      width="100%"
      height="100%"
      aria-hidden="true"
    >
      {[...wires].map(([edge, { route }]) => (
        <path
          key={`${edge.from} ${edge.to} ${edge.toPort ?? 0}`}
          d={route.path}
          fill="none"
          stroke="var(--wire)"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {document.nodes.map((node) => {
        const box = nodes.get(node.id);
        if (box === undefined) return null;
        return (
          <rect
            key={node.id}
            x={box.x}
            y={box.y}
            width={box.width}
            height={box.height}
            rx={12}
            fill={familyColour(findLayer(node.kind)?.family ?? 'io')}
          />
        );
      })}
    </svg>
  );
}
