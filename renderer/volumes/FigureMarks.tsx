import type { ReactNode } from 'react';
import type { Mark, Paint } from '../../shared/figures/figure';

const variables: { readonly [C in Paint['colour']]: string } = {
  io: '--family-io',
  conv: '--family-conv',
  activation: '--family-activation',
  pool: '--family-pool',
  fc: '--family-fc',
  gap: '--family-gap',
  upconv: '--family-upconv',
  merge: '--family-merge',
  shape: '--family-shape',
  norm: '--family-norm',
  block: '--family-shape',
  heat: '--heat',
  ink: '--ink',
  mute: '--mute',
  line: '--wire',
  error: '--error',
  ground: '--panel',
};

/** A paint in the colours of the theme. */
function themeColour({ colour, strength }: Paint): string {
  const full = `var(${variables[colour]})`;
  return strength === 1 ? full : `color-mix(in srgb, ${full} ${strength * 100}%, var(--panel))`;
}

/** Draws marks of a figure in the window's theme; no component each, because a figure has hundreds. */
export function drawMark(mark: Mark, key: number): ReactNode {
  if (mark.type === 'text') {
    const { x, y, size, anchor, isBold, text, paint } = mark;
    return (
      <text
        key={key}
        x={x}
        y={y}
        fontSize={size}
        textAnchor={anchor}
        fontWeight={isBold === true ? 600 : undefined}
        fill={themeColour(paint)}
      >
        {text}
      </text>
    );
  }
  const { d, fill, stroke, width, dashes } = mark;
  return (
    <path
      key={key}
      d={d}
      fill={fill === undefined ? 'none' : themeColour(fill)}
      stroke={stroke === undefined ? undefined : themeColour(stroke)}
      strokeWidth={width}
      strokeDasharray={dashes}
      strokeLinejoin="round"
    />
  );
}
