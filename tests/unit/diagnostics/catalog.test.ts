import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const room = new URL('../../../shared/diagnostics/catalog/', import.meta.url);
const files = readdirSync(room).filter((name) => name.endsWith('.ts'));
const sources = files.map((name) => [name, readFileSync(new URL(name, room), 'utf8')] as const);

describe('the catalog of diagnostics', () => {
  it('makes every code in one place only', () => {
    const codes = sources.flatMap(([, source]) => [...source.matchAll(/code: '([^']+)'/g)].map(([, code]) => code));
    expect(codes.length).toBeGreaterThan(50);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it.each(sources)('%s names codes area/kebab-case', (_, source) => {
    for (const [, code] of source.matchAll(/code: '([^']+)'/g)) expect(code).toMatch(/^[a-z]+(\/[a-z]+(-[a-z]+)*)$/);
  });

  it.each(sources)('%s speaks calmly', (_, source) => {
    const sentences = [...source.matchAll(/text\(\s*(['"`])([^]*?)\1,/g)].map((found) => found[2] ?? '');
    expect(sentences.filter((sentence) => /!(?![=\]])/.test(sentence))).toEqual([]);
    expect(source).not.toContain('！');
  });
});
