import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSketch } from '../../../shared/editing/sketch/parse';
import { layers } from '../../../shared/layers';

const text = readFileSync(resolve(import.meta.dirname, '../../../docs/sketch.md'), 'utf8');
const rows = text
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , , example]) => example?.includes('`'));
const examplesOf = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('docs/sketch.md', () => {
  it('gives examples that are sketches', () => {
    const examples = rows.flatMap(([, , , example]) => examplesOf(example));
    expect(examples.length).toBeGreaterThan(12);
    expect(examples.filter((example) => !parseSketch(example).ok)).toEqual([]);
  });

  it('has a row for every kind with numbers by their place, which names them', () => {
    for (const { kind, sketch = [], params } of layers as readonly {
      kind: string;
      sketch?: readonly (string | readonly string[])[];
      params: object;
    }[]) {
      const numbers = sketch.filter((place) => typeof place !== 'string' || !isChoice(params, place));
      if (numbers.length === 0) continue;
      const row = rows.find(([, name]) => name === `\`${kind}\``);
      const names = numbers.map((place) => (typeof place === 'string' ? place : 'all four sides'));
      for (const name of names) expect(row?.[2], kind).toContain(name);
    }
  });
});

function isChoice(params: object, name: string): boolean {
  return (Object.entries(params).find(([key]) => key === name)?.[1] as { type: string }).type === 'choice';
}
