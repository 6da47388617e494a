import type { Figure, Paint } from '../../figures/figure';

/** The colours of paper; those of layer families keep 4.5:1 on white. */
const colours: { readonly [C in Paint['colour']]: string } = {
  io: '#4b5565',
  conv: '#2563c9',
  activation: '#9a5b00',
  pool: '#0b7a5b',
  fc: '#c2264f',
  gap: '#7a3fd1',
  upconv: '#0874a8',
  merge: '#5b6b2f',
  shape: '#4d6670',
  norm: '#8a4fa3',
  block: '#3d5a99',
  heat: '#d9480f',
  ink: '#1c2430',
  mute: '#5a6473',
  line: '#8a93a3',
  error: '#b42318',
  ground: '#ffffff',
};

/** A paint on white, as `#rrggbb`. */
export function paperColour({ colour, strength }: Paint): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colours[colour].slice(at, at + 2), 16));
  return `#${channels.map((value) => toHex(255 - (255 - value) * strength)).join('')}`;
}

function toHex(value: number): string {
  return Math.round(value).toString(16).padStart(2, '0');
}

/** Points in a millimetre. */
export const pointsPerMm = 72 / 25.4;

/** How large a figure is on paper, in millimetres, when it is as wide as asked. */
export function paperSize({ frame }: Figure, widthMm: number): { readonly width: number; readonly height: number } {
  return { width: widthMm, height: (widthMm * frame.height) / frame.width };
}
