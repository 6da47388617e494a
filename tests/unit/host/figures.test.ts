import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { drawFigure } from '../../../shared/figures';
import { defaultFigureOptions } from '../../../shared/schema/figures';
import { findFigureFonts } from '../../../electron/host/exports/figureFonts';
import { printPdf } from '../../../electron/host/exports/figurePdf';
import { printPng } from '../../../electron/host/exports/figurePng';
import { templates } from '../../../templates/build';

const options = { ...defaultFigureOptions, view: 'volumes', width: 85, dpi: 200 } as const;
const { document } = templates.find(({ id }) => id === 'unet')!;
const figure = drawFigure(document, analyzeNetwork(document), options);

function fonts() {
  const found = findFigureFonts(figure);
  if (!found.ok) throw new Error('No fonts.');
  return found.value;
}

describe('figures as files', () => {
  it('a PDF is one page of the width that is asked, in true proportion, with its font in it', async () => {
    const pdf = Buffer.from(await printPdf(figure, fonts(), options.width)).toString('latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!.map(Number);
    expect(width).toBeCloseTo((85 * 72) / 25.4, 1);
    expect(height! / width!).toBeCloseTo(figure.frame.height / figure.frame.width, 3);
    expect(pdf).toMatch(/\/FontName \/[A-Z]{6}\+Inter-Regular/);
    expect(pdf).toContain('/FontFile2');
  });

  it('a PNG has the pixels of its width, and says how many an inch has', async () => {
    const printed = await printPng(figure, fonts(), options);
    if (!printed.ok) throw new Error(printed.diagnostics[0]?.code);
    const png = Buffer.from(printed.value);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(Math.round((85 / 25.4) * 200));
    expect(png.subarray(37, 41).toString('latin1')).toBe('pHYs');
    expect(png.readUInt32BE(41)).toBe(Math.round(200 / 0.0254));
  });

  it('a picture of too many pixels is refused', async () => {
    const printed = await printPng(figure, fonts(), { width: 2000, dpi: 1200 });
    expect(printed.ok || printed.diagnostics[0]?.code).toBe('export/picture-too-large');
  });

  it('characters that no font here has are told', () => {
    const named = {
      ...figure,
      parts: drawFigure(document, analyzeNetwork(document), { ...options, language: 'zh' }).parts,
    };
    const found = findFigureFonts(named, []);
    expect(found.ok || found.diagnostics[0]?.code).toBe('export/no-font');
  });
});
