import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const room = new URL('../../../shared/diagnostics/catalog/', import.meta.url);
const files = readdirSync(room).filter((name) => name.endsWith('.ts'));
const sources = files.map((name) => [name, readFileSync(new URL(name, room), 'utf8')] as const);

/** Codes as they are written, whether as a field or handed to a function that fills it in; imports begin with a dot. */
function codesIn(source: string): readonly string[] {
  return [...source.matchAll(/'([^'.\s/]+\/[^'\s/]+)'/g)].map(([, code]) => code!);
}

describe('the catalog of diagnostics', () => {
  it('makes every code in one place only', () => {
    const codes = sources.flatMap(([, source]) => codesIn(source));
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it.each(sources)('%s names codes area/kebab-case', (_, source) => {
    for (const code of codesIn(source)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/);
  });

  it.each(sources)('%s speaks calmly', (_, source) => {
    const sentences = [...source.matchAll(/text\(\s*(['"`])([^]*?)\1,/g)].map((found) => found[2] ?? '');
    expect(sentences.filter((sentence) => /!(?![=\]])/.test(sentence))).toEqual([]);
    expect(source).not.toContain('！');
  });
});
