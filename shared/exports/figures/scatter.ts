import { classMark, markPath, pointMarks, valueColour } from '../../figures/classMarks';
import { round } from '../../figures/figure';
import { fitPlane } from '../../figures/planeFit';
import { formatCount, formatNumber, formatShare } from '../../text';
import { escapeXml } from '../escapeXml';
import { lineText } from '../names';
import { svgFonts } from './svg';

/** Points to be printed: a place, what each is, and what the network says of it; NaN where nobody said. */
export type Scatter = {
  readonly title: string;
  /** What the points are, in a line below the title. */
  readonly note: string;
  readonly places: Float32Array;
  /** Parts of the variance along x and y; null where axes have no meaning. */
  readonly shares: readonly [number, number] | null;
  readonly truth: Float32Array;
  readonly given: Float32Array;
  /** Names of classes; null where samples are values, or nothing at all. */
  readonly classes: readonly string[] | null;
  readonly isScored: boolean;
};

const size = { width: 560, height: 480, top: 64, legend: 190 } as const;
const rowHeight = 18;
/** More rows than these are as high as the plot. */
const mostRows = 24;
const ink = '#1b2130';
const mute = '#5b6577';

/** Prints points as SVG, on white: a mark for each class, and a ring around what the network says wrongly. */
export function printScatter(scatter: Scatter): string {
  const { title, note, places, shares } = scatter;
  const width = size.width + size.legend;
  const height = size.top + size.height + 32;
  const axes =
    shares === null
      ? []
      : [
          words(size.width / 2, height - 10, `x: PC 1, ${formatShare(shares[0])} of the variance`, mute, 'middle'),
          `<g transform="rotate(-90 14 ${size.top + size.height / 2})">${words(14, size.top + size.height / 2, `y: PC 2, ${formatShare(shares[1])} of the variance`, mute, 'middle')}</g>`,
        ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeXml(svgFonts)}" font-size="12">`,
    `<title>${escapeXml(lineText(title))}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    words(24, 26, title, ink, 'start', ' font-size="16" font-weight="600"'),
    words(24, 46, note, mute),
    `<rect x="24" y="${size.top}" width="${size.width - 24}" height="${size.height}" fill="none" stroke="#e0e3e9"/>`,
    ...axes,
    `<g transform="translate(24 ${size.top})">${points(scatter, places)}</g>`,
    ...legend(scatter),
    '</svg>',
    '',
  ].join('\n');
}

function words(x: number, y: number, text: string, colour: string, anchor = 'start', look = ''): string {
  const where = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}" fill="${colour}"${where}${look}>${escapeXml(lineText(text))}</text>`;
}

/** Whether the network is wrong about a sample; never where that is not known. */
export function isWrong(
  { truth, given, isScored }: Pick<Scatter, 'truth' | 'given' | 'isScored'>,
  at: number,
): boolean {
  const [is, said] = [truth[at] ?? NaN, given[at] ?? NaN];
  return isScored && !Number.isNaN(is) && !Number.isNaN(said) && is !== said;
}

function points(scatter: Scatter, places: Float32Array): string {
  const { truth, classes } = scatter;
  const fit = fitPlane(places, { width: size.width - 24, height: size.height, margin: 16 });
  const markOf = pointMarks(truth, classes !== null);
  return Array.from({ length: truth.length }, (_, at) => {
    const { colour, shape } = markOf(at);
    const x = round(fit.left + fit.scale * (places[2 * at] ?? 0));
    const y = round(fit.top - fit.scale * (places[2 * at + 1] ?? 0));
    const ring = isWrong(scatter, at) ? `<circle r="5.5" fill="none" stroke="${ink}"/>` : '';
    return `<g transform="translate(${x} ${y})"><path d="${markPath(shape, 2.6)}" fill="${colour}" fill-opacity="0.85"/>${ring}</g>`;
  }).join('');
}

function legend(scatter: Scatter): readonly string[] {
  const { truth, classes, isScored } = scatter;
  const x = size.width + 20;
  const row = (at: number): number => size.top + 8 + at * rowHeight;
  const line = (at: number, mark: string, text: string): string =>
    `<g transform="translate(${x} ${row(at)})">${mark}</g>${words(x + 14, row(at) + 4, text, ink)}`;
  if (classes === null) {
    const known = truth.filter((value) => !Number.isNaN(value)).sort();
    const [least, most] = [known[0], known.at(-1)];
    if (least === undefined || most === undefined) return [];
    return [
      [0, least],
      [1, most],
    ].map(([share = 0, value = 0], at) =>
      line(at, `<path d="${markPath('circle', 4)}" fill="${valueColour(share)}"/>`, formatNumber(value)),
    );
  }
  const counts = classes.map((_, index) => truth.filter((value) => value === index).length);
  const shown = classes.slice(0, mostRows);
  const rows = shown.map((name, index) => {
    const { colour, shape } = classMark(index);
    return line(
      index,
      `<path d="${markPath(shape, 4)}" fill="${colour}"/>`,
      `${name} (${formatCount(counts[index] ?? 0)})`,
    );
  });
  const more = classes.length - shown.length;
  const wrong = truth.reduce((count, _, at) => count + (isWrong(scatter, at) ? 1 : 0), 0);
  return [
    ...rows,
    ...(more > 0 ? [words(x, row(rows.length) + 4, `and ${formatCount(more)} more`, mute)] : []),
    ...(isScored
      ? [
          line(
            rows.length + 1,
            `<circle r="5.5" fill="none" stroke="${ink}"/>`,
            `taken for another (${formatCount(wrong)})`,
          ),
        ]
      : []),
  ];
}
