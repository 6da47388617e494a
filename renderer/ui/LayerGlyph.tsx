import { memo } from 'react';
import type { ReactNode } from 'react';
import type { NodeAnalysis } from '../../shared/analysis/types';
import type { AnyLayerDefinition, LayerFamily } from '../../shared/layers/define';
import type { Glyph, GlyphPart } from '../../shared/layers/glyph';

/** The CSS colour of a family. */
export function familyColour(family: LayerFamily): string {
  return `var(--family-${family})`;
}

const line = { fill: 'none', strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

/** A part as an element; no component, because a large network has thousands of parts. */
function draw(part: GlyphPart, key: number): ReactNode {
  const colour = part.paint === 'ground' ? 'var(--panel)' : 'currentColor';
  const ink = {
    opacity: part.opacity,
    ...(part.stroke === undefined
      ? { fill: colour }
      : { ...line, stroke: colour, strokeWidth: part.stroke, strokeDasharray: part.dashes }),
  };
  switch (part.shape) {
    case 'rect':
      return <rect key={key} x={part.x} y={part.y} width={part.width} height={part.height} rx={part.radius} {...ink} />;
    case 'circle':
      return <circle key={key} cx={part.x} cy={part.y} r={part.radius} {...ink} />;
    case 'path':
      return <path key={key} d={part.d} {...ink} />;
  }
}

/** A kind that is not known: a question mark in a dashed frame. */
const unknownGlyph: Glyph = [
  { shape: 'rect', x: 3.5, y: 3.5, width: 17, height: 17, radius: 3, stroke: 1.8, dashes: '3 3' },
  { shape: 'path', d: 'M9.5 9.5a2.5 2.5 0 1 1 3.3 2.4c-.6.2-.8.6-.8 1.3', stroke: 1.8 },
  { shape: 'circle', x: 12, y: 16.4, radius: 1.1 },
];

/** A block: a card with more behind it. */
const blockGlyph: Glyph = [
  { shape: 'path', d: 'M8 6.5V5.5a2 2 0 0 1 2-2h8.5a2 2 0 0 1 2 2V14a2 2 0 0 1-2 2h-1', stroke: 1.8 },
  { shape: 'rect', x: 3.5, y: 8, width: 12.5, height: 12.5, radius: 2, stroke: 1.8 },
  { shape: 'path', d: 'M7 12h5.5M7 16h3.5', stroke: 1.8 },
];

/** An input of a block: an arrow through its edge. */
const portGlyph: Glyph = [
  { shape: 'path', d: 'M10 4.5h7.5a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H10', stroke: 1.8 },
  { shape: 'path', d: 'M3.5 12h10M10 8l4 4-4 4', stroke: 1.8 },
];

export type LayerGlyphProps = {
  /** Null or undefined for a kind that is not known. */
  readonly definition: AnyLayerDefinition | null | undefined;
  /** The node's params where they are known: some layers draw their function. */
  readonly params?: NodeAnalysis['params'] | undefined;
  /** A block of layers, which is no kind. */
  readonly isBlock?: boolean;
  /** An input of a block, which is no kind either. */
  readonly isPort?: boolean;
  readonly size?: number;
};

/** Draws what a layer does, in the colour of the text around it. Decoration: the name is always beside it. */
export const LayerGlyph = memo(function LayerGlyph({
  definition,
  params,
  isBlock = false,
  isPort = false,
  size = 20,
}: LayerGlyphProps) {
  const parts = isBlock ? blockGlyph : isPort ? portGlyph : (definition?.traits.glyph(params ?? {}) ?? unknownGlyph);
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      {parts.map(draw)}
    </svg>
  );
});
