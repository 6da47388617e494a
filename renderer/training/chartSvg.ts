import type uPlot from 'uplot';
import { escapeXml } from '../../shared/exports/escapeXml';

/** A line of a picture of curves. */
export type DrawnLine = {
  readonly label: string;
  readonly color: string;
  readonly width: number;
  readonly alpha: number;
  readonly dash: boolean;
  /** Named beside the others; a faint line behind its own average is not. */
  readonly isNamed: boolean;
};

/** What a picture of curves shows. */
export type ChartPicture = {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly DrawnLine[];
  /** Places, then a column for each line. */
  readonly data: uPlot.AlignedData;
  readonly x: readonly [min: number, max: number];
  readonly y: readonly [min: number, max: number];
  readonly isLog: boolean;
  readonly formatTick: (value: number) => string;
  readonly colors: { readonly ground: string; readonly ink: string; readonly mute: string; readonly line: string };
};

export const pictureSize = { width: 960, height: 540 } as const;
const frame = { left: 72, right: 24, top: 56, bottom: 52 } as const;
const font = 'font-family="Inter, Noto Sans, Noto Sans SC, system-ui, sans-serif"';

/** Round numbers over a range, some five of them. */
export function roundTicks(min: number, max: number, wanted = 5): readonly number[] {
  const span = max - min;
  if (!(span > 0) || !Number.isFinite(span)) return [min];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

function logTicks(min: number, max: number): readonly number[] {
  const first = Math.ceil(Math.log10(min) - 1e-9);
  const count = Math.floor(Math.log10(max) + 1e-9) - first + 1;
  const ticks = Array.from({ length: Math.max(0, count) }, (_, at) => 10 ** (first + at));
  return ticks.length > 1 ? ticks : roundTicks(min, max);
}

/** Curves as a picture of their own: what the canvas shows, in the same colours, with title, axes and names. */
export function chartSvg({ title, xLabel, lines, data, x, y, isLog, formatTick, colors }: ChartPicture): string {
  const { width, height } = pictureSize;
  const right = width - frame.right;
  const bottom = height - frame.bottom;
  const scale = (value: number): number => (isLog ? Math.log10(value) : value);
  const placeX = (value: number): number => frame.left + ((value - x[0]) / (x[1] - x[0] || 1)) * (right - frame.left);
  const [low, high] = [scale(y[0]), scale(y[1])];
  const placeY = (value: number): number => bottom - ((scale(value) - low) / (high - low || 1)) * (bottom - frame.top);
  const fixed = (value: number): string => value.toFixed(1);
  const [places = []] = data;
  const paths = lines.map((line, at) => {
    const column = data[at + 1] ?? [];
    const points: string[] = [];
    for (let index = 0; index < places.length; index++) {
      const [place, value] = [places[index], column[index]];
      if (place === undefined || value == null || (isLog && value <= 0) || place < x[0] || place > x[1]) continue;
      points.push(`${fixed(placeX(place))},${fixed(placeY(value))}`);
    }
    const dash = line.dash ? ' stroke-dasharray="6 4"' : '';
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${line.color}" stroke-width="${line.width}" stroke-opacity="${line.alpha}" stroke-linejoin="round"${dash}/>`;
  });
  const yTicks = (isLog ? logTicks(y[0], y[1]) : roundTicks(y[0], y[1])).map((tick) => {
    const at = fixed(placeY(tick));
    const words = escapeXml(isLog ? String(Number(tick.toPrecision(3))) : formatTick(tick));
    return `<line x1="${frame.left}" x2="${right}" y1="${at}" y2="${at}" stroke="${colors.line}"/><text x="${frame.left - 8}" y="${at}" dy="4" text-anchor="end" fill="${colors.mute}">${words}</text>`;
  });
  const xTicks = roundTicks(x[0], x[1], 8).map(
    (tick) =>
      `<text x="${fixed(placeX(tick))}" y="${bottom + 20}" text-anchor="middle" fill="${colors.mute}">${tick.toLocaleString('en-US')}</text>`,
  );
  let next = frame.left;
  const names = lines
    .filter(({ isNamed }) => isNamed)
    .map(({ label, color }) => {
      const at = next;
      // About the width of the words: wide characters take two.
      next +=
        34 + Array.from(label).reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e80 ? 12 : 6.6), 0);
      return `<line x1="${fixed(at)}" x2="${fixed(at + 14)}" y1="40" y2="40" stroke="${color}" stroke-width="3"/><text x="${fixed(at + 20)}" y="44" fill="${colors.mute}">${escapeXml(label)}</text>`;
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font} font-size="12">`,
    `<rect width="${width}" height="${height}" fill="${colors.ground}"/>`,
    `<text x="${frame.left}" y="24" font-size="15" font-weight="600" fill="${colors.ink}">${escapeXml(title)}</text>`,
    ...names,
    ...yTicks,
    ...xTicks,
    `<text x="${right}" y="${height - 10}" text-anchor="end" fill="${colors.mute}">${escapeXml(xLabel)}</text>`,
    `<clipPath id="plot"><rect x="${frame.left}" y="${frame.top}" width="${right - frame.left}" height="${bottom - frame.top}"/></clipPath>`,
    `<g clip-path="url(#plot)">`,
    ...paths,
    '</g></svg>',
    '',
  ].join('\n');
}
