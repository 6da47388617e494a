import { writeFileSync, mkdirSync } from 'node:fs';
import { it } from 'vitest';
import { Resvg } from '@resvg/resvg-js';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { drawFigure } from '../../../shared/figures';
import { printSvg } from '../../../shared/exports/figures/svg';
import { templates } from '../../../templates/build';
import { defaultFigureOptions } from '../../../shared/schema/figures';
it('x', () => {
  mkdirSync('/tmp/figs', { recursive: true });
  for (const { id, document } of templates) for (const style of ['bars','boxes','auto'] as const) {
    const f = drawFigure(document, analyzeNetwork(document), { ...defaultFigureOptions, view: 'volumes', style });
    const svg = printSvg(f, 180);
    writeFileSync(`/tmp/figs/${id}-${style}.svg`, svg);
    if (style==='auto') {
    writeFileSync(`/tmp/figs/${id}-${style}.png`, new Resvg(svg, { fitTo: { mode: 'width', value: 1500 }, font: { loadSystemFonts: false, fontFiles: ['node_modules/@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf','node_modules/@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'], defaultFontFamily: 'Inter' } }).render().asPng());
    }
  }
});
