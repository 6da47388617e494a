import { existsSync } from 'node:fs';
import { noFontFor } from '../../../shared/diagnostics/catalog/exports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import type { Figure } from '../../../shared/figures/figure';
import { findBuilt } from '../../files/built';
import type { FontFile } from './packFonts';

/** A font file; `face` names one of a collection by its PostScript name. */
export type FontSource = { readonly path: string; readonly face?: string };

/** What the texts of a figure are set in. `han`: for characters that the others lack; null where none is needed. */
export type FigureFonts = { readonly regular: string; readonly bold: string; readonly han: FontSource | null };

/** Fonts with Chinese characters where the systems keep them: they are too large to come with the app. */
const hanFonts: readonly FontSource[] = [
  { path: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', face: 'NotoSansCJKsc-Regular' },
  { path: '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc', face: 'NotoSansCJKsc-Regular' },
  { path: '/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc', face: 'NotoSansCJKsc-Regular' },
  { path: '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc', face: 'WenQuanYiMicroHei' },
  { path: '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf' },
  { path: '/System/Library/Fonts/Hiragino Sans GB.ttc', face: 'HiraginoSansGB-W3' },
  { path: '/System/Library/Fonts/Supplemental/Arial Unicode.ttf' },
  { path: 'C:\\Windows\\Fonts\\msyh.ttc', face: 'MicrosoftYaHei' },
  { path: 'C:\\Windows\\Fonts\\simhei.ttf' },
];

/** Characters that the app's own font has: Latin with its marks, Greek, Cyrillic, and the signs of figures. */
const ownCharacter = /^[\u0020-\u024f\u0370-\u04ff\u2000-\u206f\u2190-\u2193\u2212\u2215]$/u;

/** Whether a character is set in the app's own font. */
export function isOwnCharacter(character: string): boolean {
  return ownCharacter.test(character);
}

/** Finds the fonts of a figure; a machine without one for its characters is told so. */
export function findFigureFonts({ parts }: Figure, candidates: readonly FontSource[] = hanFonts): Result<FigureFonts> {
  const own = (name: FontFile): string => findBuilt(import.meta.dirname, name);
  const fonts = { regular: own('Inter-Regular.ttf'), bold: own('Inter-SemiBold.ttf') };
  const texts = parts.flatMap(({ marks }) => marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : [])));
  const foreign = [...new Set(texts.join(''))].filter((character) => !isOwnCharacter(character));
  if (foreign.length === 0) return success({ ...fonts, han: null });
  const han = candidates.find(({ path }) => existsSync(path));
  return han === undefined ? failure(noFontFor(foreign.slice(0, 12).join(''))) : success({ ...fonts, han });
}
