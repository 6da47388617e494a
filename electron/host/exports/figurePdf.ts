import { paperColour, paperSize, pointsPerMm } from '../../../shared/exports/figures/paper';
import { lineText } from '../../../shared/exports/names';
import type { Figure, Mark } from '../../../shared/figures/figure';
import { isOwnCharacter, type FigureFonts } from './figureFonts';

type TextMark = Extract<Mark, { readonly type: 'text' }>;

/** Prints a figure as a PDF of one page, as wide on paper as asked, with what is used of its fonts in it. */
export async function printPdf(figure: Figure, fonts: FigureFonts, widthMm: number): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit');
  const size = paperSize(figure, widthMm);
  const page = new PDFDocument({
    size: [size.width * pointsPerMm, size.height * pointsPerMm],
    margin: 0,
    // Without one, the standard Helvetica would be read, which is not embedded.
    font: fonts.regular,
    info: { Title: lineText(figure.title), Creator: 'Convloom' },
  });
  const chunks: Uint8Array[] = [];
  page.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    page.on('end', () => resolve());
    page.on('error', reject);
  });
  page.registerFont('regular', fonts.regular);
  page.registerFont('bold', fonts.bold);
  if (fonts.han !== null) page.registerFont('han', fonts.han.path, fonts.han.face);
  page.scale((size.width * pointsPerMm) / figure.frame.width);
  page.translate(-figure.frame.x, -figure.frame.y);
  for (const mark of figure.parts.flatMap(({ marks }) => marks)) {
    if (mark.type === 'path') drawPath(page, mark);
    else drawText(page, mark, fonts.han !== null);
  }
  page.end();
  await ended;
  return Buffer.concat(chunks);
}

function drawPath(page: PDFKit.PDFDocument, mark: Extract<Mark, { readonly type: 'path' }>): void {
  const { fill, stroke, width = 1, dashes } = mark;
  page.save().path(mark.d).lineWidth(width).lineJoin('round');
  const [dash, space = dash] = (dashes ?? '').split(' ').map(Number);
  if (dashes !== undefined && dash !== undefined) page.dash(dash, { space: space ?? dash });
  if (fill !== undefined && stroke !== undefined) page.fillAndStroke(paperColour(fill), paperColour(stroke));
  else if (fill !== undefined) page.fill(paperColour(fill));
  else if (stroke !== undefined) page.stroke(paperColour(stroke));
  page.restore();
}

/** A text as runs of one font each. */
function drawText(page: PDFKit.PDFDocument, mark: TextMark, hasHan: boolean): void {
  const own = mark.isBold === true ? 'bold' : 'regular';
  const runs: { readonly font: string; text: string }[] = [];
  for (const character of lineText(mark.text)) {
    const font = hasHan && !isOwnCharacter(character) ? 'han' : own;
    const last = runs.at(-1);
    if (last?.font === font) last.text += character;
    else runs.push({ font, text: character });
  }
  const widths = runs.map(({ font, text }) => page.font(font).fontSize(mark.size).widthOfString(text));
  const width = widths.reduce((sum, one) => sum + one, 0);
  let x = mark.x - (mark.anchor === 'end' ? width : mark.anchor === 'middle' ? width / 2 : 0);
  page.fillColor(paperColour(mark.paint));
  for (const [index, { font, text }] of runs.entries()) {
    page.font(font).fontSize(mark.size).text(text, x, mark.y, { lineBreak: false, baseline: 'alphabetic' });
    x += widths[index] ?? 0;
  }
}
