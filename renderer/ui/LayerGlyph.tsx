import type { ReactNode } from 'react';
import { memo } from 'react';
import type { LayerFamily } from '../../shared/layers/define';

/** The CSS colour of a family. */
export function familyColour(family: LayerFamily): string {
  return `var(--family-${family})`;
}

type Cell = readonly [column: number, row: number];

function grid(size: number, cell: number, gap: number, isLit: (column: number, row: number) => number): ReactNode {
  const start = (24 - size * cell - (size - 1) * gap) / 2;
  return Array.from({ length: size * size }, (_, index) => {
    const column = index % size;
    const row = Math.floor(index / size);
    return (
      <rect
        key={index}
        x={start + column * (cell + gap)}
        y={start + row * (cell + gap)}
        width={cell}
        height={cell}
        rx={1}
        fill="currentColor"
        opacity={isLit(column, row)}
      />
    );
  });
}

const has = (cells: readonly Cell[], column: number, row: number): boolean =>
  cells.some(([x, y]) => x === column && y === row);

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.8,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

/** The maximum of each quarter of a 4×4 map. */
const maxima: readonly Cell[] = [
  [0, 1],
  [3, 0],
  [1, 3],
  [2, 2],
];

function denseLines(): ReactNode {
  const from = [4, 12, 20];
  const to = [7, 17];
  return (
    <>
      {from.flatMap((y1) =>
        to.map((y2) => <path key={`${y1}-${y2}`} d={`M5 ${y1}L19 ${y2}`} stroke="currentColor" opacity={0.45} />),
      )}
      {from.map((y) => (
        <circle key={y} cx={5} cy={y} r={2.4} fill="currentColor" />
      ))}
      {to.map((y) => (
        <circle key={y} cx={19} cy={y} r={2.4} fill="currentColor" />
      ))}
    </>
  );
}

/** Each glyph draws what its layer does to a feature map. */
const glyphs: Readonly<Record<string, ReactNode>> = {
  input: (
    <>
      <rect x={3} y={3.5} width={18} height={17} rx={2.5} {...line} strokeWidth={1.6} />
      <circle cx={8.6} cy={9} r={1.9} fill="currentColor" />
      <path d="M4 17.5l4.6-4.4 3.6 2.9 4-5 4.4 4.6" {...line} strokeWidth={1.6} />
    </>
  ),
  conv: grid(3, 5.2, 1, (column, row) => (column < 2 && row < 2 ? 1 : 0.28)),
  activation: <path d="M3 17.5h8l9.5-11.5" {...line} strokeWidth={2.2} />,
  pool: grid(4, 4.1, 1, (column, row) => (has(maxima, column, row) ? 1 : 0.26)),
  fc: denseLines(),
  gap: (
    <>
      {grid(3, 4.2, 0.8, () => 0.34)}
      <circle cx={12} cy={12} r={4.6} fill="var(--panel)" />
      <circle cx={12} cy={12} r={3.4} fill="currentColor" />
    </>
  ),
  upconv: (
    <>
      <rect x={3} y={14} width={7} height={7} rx={1.4} fill="currentColor" />
      <rect x={10.5} y={3} width={10.5} height={10.5} rx={1.6} {...line} strokeWidth={1.7} />
      <path d="M10 14L10.6 13.4M3 14L10.5 3.8M10 21L20.4 13.5" stroke="currentColor" strokeWidth={1} opacity={0.45} />
    </>
  ),
  flatten: (
    <>
      {grid(2, 4.4, 0.8, () => 0.3)}
      <path d="M4 20h16" {...line} strokeDasharray="2.6 2.6" />
      <path d="M4 4h16" {...line} strokeDasharray="2.6 2.6" opacity={0.45} />
    </>
  ),
  add: (
    <>
      <path d="M3 5h4.5l4 5M3 19h4.5l4-5M17 12h4" {...line} />
      <circle cx={14} cy={12} r={3.4} {...line} strokeWidth={1.6} />
      <path d="M14 10.4v3.2M12.4 12h3.2" stroke="currentColor" strokeWidth={1.4} />
    </>
  ),
  concat: (
    <>
      <path d="M3 6.5h5l2.5 2.5M3 17.5h5l2.5-2.5" {...line} />
      <rect x={11.5} y={5} width={4.5} height={14} rx={1} fill="currentColor" opacity={0.34} />
      <rect x={16.5} y={5} width={4.5} height={14} rx={1} fill="currentColor" />
    </>
  ),
  crop: (
    <>
      <rect
        x={3}
        y={3}
        width={18}
        height={18}
        rx={2}
        {...line}
        strokeWidth={1.3}
        strokeDasharray="2.4 2.6"
        opacity={0.6}
      />
      <rect x={7.5} y={7.5} width={9} height={9} rx={1.4} fill="currentColor" />
    </>
  ),
  pad: (
    <>
      <rect x={3} y={3} width={18} height={18} rx={2.4} fill="currentColor" opacity={0.3} />
      <rect x={7.5} y={7.5} width={9} height={9} rx={1.4} fill="currentColor" />
    </>
  ),
  upsample: (
    <>
      <rect x={3} y={15} width={6} height={6} rx={1.2} fill="currentColor" />
      {[
        [11, 3],
        [16.4, 3],
        [11, 8.4],
        [16.4, 8.4],
      ].map(([x, y]) => (
        <rect
          key={`${x ?? 0}-${y ?? 0}`}
          x={x}
          y={y}
          width={4.6}
          height={4.6}
          rx={1}
          fill="currentColor"
          opacity={0.5}
        />
      ))}
    </>
  ),
  batchnorm: (
    <>
      <path d="M2.5 19c5 0 5.2-13.5 9.5-13.5S16.5 19 21.5 19" {...line} />
      <path d="M12 5.500V20" {...line} strokeWidth={1.2} strokeDasharray="2 2.4" opacity={0.7} />
    </>
  ),
  lrn: (
    <>
      {[5, 8, 14, 8, 5].map((height, index) => (
        <rect
          key={index}
          x={2.6 + index * 4}
          y={20 - height}
          width={2.8}
          height={height}
          rx={1}
          fill="currentColor"
          opacity={index === 2 ? 1 : 0.36}
        />
      ))}
    </>
  ),
  dropout: (
    <>
      {[
        [6, 6],
        [18, 6],
        [12, 12],
        [6, 18],
        [18, 18],
      ].map(([cx, cy], index) =>
        index === 1 || index === 3 ? (
          <circle key={index} cx={cx} cy={cy} r={2.6} {...line} strokeWidth={1.2} strokeDasharray="1.8 1.8" />
        ) : (
          <circle key={index} cx={cx} cy={cy} r={2.9} fill="currentColor" />
        ),
      )}
    </>
  ),
};

const curves: Readonly<Record<string, string>> = {
  relu: 'M3 17.5h8l9.5-11.5',
  leakyRelu: 'M3 19.5l8.5-3.5 9-10.5',
  elu: 'M3 19.500c4.5 0 6.5-1.5 8.5-4l9-10',
  gelu: 'M3 16.500c3 0 4 2 6.5 2s4-4 11-12.5',
  swish: 'M3 16.500c3 0 4.5 2.5 7 2.500s4-4.5 10.5-13',
  sigmoid: 'M3 19c7.5 0 8-14 18-14',
  tanh: 'M3 19.500c8.5 0 8-15 18-15',
  softmax: 'M5 20v-4M9.7 20v-8M14.4 20V4.500M19 20v-6',
  linear: 'M4 19.500L20.5 5',
};

export type LayerGlyphProps = {
  readonly kind: string;
  /** The activation's function or the pool's mode, where the drawing can tell them apart. */
  readonly variant?: string | undefined;
  readonly size?: number;
};

/** Draws what a layer does, in the colour of the text around it. Decoration: the name is always beside it. */
export const LayerGlyph = memo(function LayerGlyph({ kind, variant, size = 20 }: LayerGlyphProps) {
  const curve = kind === 'activation' && variant !== undefined ? curves[variant] : undefined;
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      {curve === undefined ? (glyphs[kind] ?? <UnknownGlyph />) : <path d={curve} {...line} strokeWidth={2.2} />}
    </svg>
  );
});

function UnknownGlyph() {
  return (
    <>
      <rect x={3.5} y={3.5} width={17} height={17} rx={3} {...line} strokeDasharray="3 3" />
      <path d="M9.5 9.500a2.5 2.5 0 1 1 3.3 2.400c-.6.2-.8.6-.8 1.3" {...line} />
      <circle cx={12} cy={16.4} r={1.1} fill="currentColor" />
    </>
  );
}
