import type { Shape } from '../layers/define';
import { formatCount, text, type Language } from '../text';
import { paint, textWidth, type Mark } from './figure';

/** The strengths of wires, in canvas pixels, and the channels that the strongest carries. */
const [thinnest, strongest, manyChannels] = [1, 4, 2048];

/** Channels that a legend of strengths shows. */
export const wireSamples = [1, 16, 256, 2048] as const;

/**
 * How strong a wire is drawn: by the logarithm of its channels, or units, so that each doubling looks alike; 1 pixel for one, 4 for 2048
 * and more. What is not known is as thin as can be.
 */
export function wireWidth(shape: Shape | null): number {
  const channels = Math.max(1, shape?.at(-1) ?? 1);
  const part = Math.min(1, Math.log2(channels) / Math.log2(manyChannels));
  return Math.round((thinnest + (strongest - thinnest) * part) * 100) / 100;
}

/** What the strength of a wire says. */
export const wireWords = text('Channels on a wire', '连线上的通道数');

/** Wires of some strengths, each with its channels. */
export function drawWireLegend(
  language: Language,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): { readonly marks: readonly Mark[]; readonly width: number } {
  const words = { type: 'text', size, anchor: 'start', y } as const;
  const marks: Mark[] = [{ ...words, x, text: wireWords[language], paint: paint('ink') }];
  let at = x + textWidth(wireWords[language], size) + size;
  for (const channels of wireSamples) {
    const middle = y - size * 0.35;
    const line = `M${at} ${middle}L${at + size * 2} ${middle}`;
    const number = formatCount(channels);
    marks.push({ type: 'path', d: line, stroke: paint('line'), width: wireWidth([channels]) });
    marks.push({ ...words, x: at + size * 2.4, text: number, paint: paint('mute') });
    at += size * 3.6 + textWidth(number, size);
  }
  return { marks, width: at - x };
}
