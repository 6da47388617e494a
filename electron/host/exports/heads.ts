import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileExists, invalidPath } from '../../../shared/diagnostics/catalog/file';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { drawHeadBars } from '../../../shared/exports/figures/headBars';
import { printSvg } from '../../../shared/exports/figures/svg';
import { headTable, printHeadCsv, type HeadForm, type HeadReport } from '../../../shared/exports/tables/heads';
import { printLatex } from '../../../shared/exports/tables/latex';
import { printMarkdown } from '../../../shared/exports/tables/markdown';
import type { HostRequests } from '../../../shared/host/api';
import { defaultFigureOptions } from '../../../shared/schema/figures';
import type { Language } from '../../../shared/text';
import { writeFileAtomically } from '../../files/atomicFile';
import { fileDiagnostic } from '../../files/fileErrors';
import { findFigureFonts } from './figureFonts';
import { printPng } from './figurePng';

/** How wide the picture is on paper, in millimetres, and how fine in pixels. */
const picture = { width: 200, dpi: defaultFigureOptions.dpi };

/** A comparison of heads in one of its forms. */
export async function printHeads(
  report: HeadReport,
  form: HeadForm,
  language: Language,
): Promise<Result<string | Uint8Array>> {
  switch (form) {
    case 'markdown':
      return success(printMarkdown(headTable(report, language)));
    case 'latex':
      return success(printLatex(headTable(report, language)));
    case 'csv':
      return success(printHeadCsv(report));
    case 'svg':
      return success(printSvg(drawHeadBars(report, language), picture.width));
    case 'png': {
      const figure = drawHeadBars(report, language);
      const fonts = findFigureFonts(figure);
      return fonts.ok ? await printPng(figure, fonts.value, picture) : fonts;
    }
  }
}

/** Writes a comparison of heads, whole or not at all. */
export async function writeHeads({
  report,
  form,
  language,
  path,
  overwrite,
}: HostRequests['heads.write'][0]): Promise<Result<HostRequests['heads.write'][1]>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const printed = await printHeads(report, form, language);
  if (!printed.ok) return printed;
  try {
    if (!overwrite && existsSync(path)) return failure(fileExists(path));
    await writeFileAtomically(path, printed.value);
    return success({ path });
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}
