import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../../renderer/theme/tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split(":root[data-theme='dark']");

function tokensOf(source: string): ReadonlyMap<string, string> {
  return new Map(
    [...source.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const texts = ['ink', 'mute', 'accent', 'ok', 'error', 'warning'];
const families = ['io', 'conv', 'activation', 'pool', 'fc', 'gap', 'upconv', 'merge', 'shape', 'norm'].map(
  (family) => `family-${family}`,
);

describe.each([
  ['light', tokensOf(light)],
  ['dark', tokensOf(dark)],
] as const)('%s tokens', (_theme, tokens) => {
  const colour = (name: string): string => tokens.get(name) ?? '';

  it.each([...texts, ...families])('%s is at least 4.5:1 on panel, ground, raised and chip', (name) => {
    for (const ground of ['panel', 'ground', 'raised', 'chip']) {
      expect(contrast(colour(name), colour(ground)), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each([
    ['accent-ink', 'accent'],
    ['error', 'error-soft'],
    ['warning', 'warning-soft'],
    ['ok', 'ok-soft'],
    ['ink', 'accent-soft'],
    ['mute', 'error-soft'],
  ])('%s is at least 4.5:1 on %s', (front, ground) => {
    expect(contrast(colour(front), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it('wires and faint marks are at least 3:1 or 2:1 where they only decorate', () => {
    expect(contrast(colour('wire'), colour('ground'))).toBeGreaterThanOrEqual(2.5);
    expect(contrast(colour('faint'), colour('panel'))).toBeGreaterThanOrEqual(3);
  });
});
