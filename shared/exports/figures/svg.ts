import { round, type Figure, type Mark } from '../../figures/figure';
import { escapeXml } from '../escapeXml';
import { lineText } from '../names';
import { paperColour, paperSize } from './paper';

/** Fonts of a printed figure: the family first that the app and the other exports use, then what a reader's machine has. */
export const svgFonts =
  "Inter, Helvetica, Arial, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/** Prints a figure as SVG, on white and as wide on paper as asked. Texts stay texts. */
export function printSvg(figure: Figure, widthMm: number): string {
  const { x, y, width, height } = figure.frame;
  const frame = [x, y, width, height].map(round);
  const size = paperSize(figure, widthMm);
  const [left = 0, top = 0, wide = 0, high = 0] = frame;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame.join(' ')}" width="${round(size.width)}mm" height="${round(size.height)}mm" font-family="${escapeXml(svgFonts)}">`,
    `<title>${escapeXml(lineText(figure.title))}</title>`,
    `<rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="#ffffff"/>`,
    ...figure.parts.map(({ marks }) => `<g>${marks.map(printMark).join('')}</g>`),
    '</svg>',
    '',
  ].join('\n');
}

function printMark(mark: Mark): string {
  if (mark.type === 'path') {
    const fill = mark.fill === undefined ? 'none' : paperColour(mark.fill);
    const stroke =
      mark.stroke === undefined
        ? ''
        : ` stroke="${paperColour(mark.stroke)}" stroke-width="${mark.width ?? 1}" stroke-linejoin="round"`;
    const dashes = mark.dashes === undefined ? '' : ` stroke-dasharray="${mark.dashes}"`;
    return `<path d="${mark.d}" fill="${fill}"${stroke}${dashes}/>`;
  }
  const { anchor, isBold, size, paint } = mark;
  const [x, y] = [round(mark.x), round(mark.y)];
  const look = `font-size="${size}" fill="${paperColour(paint)}"${isBold === true ? ' font-weight="600"' : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${x}" y="${y}" ${look}>${escapeXml(lineText(mark.text))}</text>`;
}
