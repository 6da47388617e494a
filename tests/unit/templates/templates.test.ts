import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { parseNetwork } from '../../../shared/document/parse';
import { layoutCell } from '../../../shared/layout/layoutNetwork';
import { templateFiles, templates } from '../../../templates/build';

const folder = join(import.meta.dirname, '../../../templates');

describe.each(templates)('template $id', ({ id, document, reference }) => {
  const analysis = analyzeNetwork(document);
  const node = (nodeId: string) => analysis.nodes.get(nodeId);

  it('has no errors and no warnings', () => {
    expect(
      analysis.diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, at }) => [code, at]),
    ).toEqual([]);
  });

  it(`has ${reference.trainableParams} trainable parameters`, () => {
    expect(analysis.totals.trainableParams).toBe(reference.trainableParams);
  });

  it.each(reference.macs === undefined ? [] : [reference.macs])('takes %i multiply-adds', (macs) => {
    expect(analysis.totals.macs).toBe(macs);
  });

  it.each(Object.entries(reference.shapes))('has the shape %s: %j', (nodeId, shape) => {
    expect(node(nodeId)?.outputShape).toEqual(shape);
  });

  it.each(Object.entries(reference.nodeParams ?? {}))('has the parameters %s: %i', (nodeId, count) => {
    expect(node(nodeId)?.trainableParams).toBe(count);
  });

  it.each(Object.entries(reference.receptiveFields ?? {}))('has the receptive field %s: %j', (nodeId, field) => {
    const found = node(nodeId)?.receptiveField;
    expect(found?.size).toEqual([field.size, field.size]);
    expect(found?.jump).toEqual([field.jump, field.jump]);
  });

  it('reads the same from its file', () => {
    const parsed = parseNetwork(readFileSync(join(folder, id, 'network.json'), 'utf8'));
    expect(parsed).toEqual({ ok: true, value: document });
  });

  it('is laid out without two nodes in one place', () => {
    const places = document.nodes.map(({ position }) => position!);
    const clashes = places.flatMap((a, at) =>
      places
        .slice(at + 1)
        .filter(({ x, y }) => Math.abs(x - a.x) < layoutCell.nodeWidth && Math.abs(y - a.y) < layoutCell.nodeHeight),
    );
    expect(clashes).toEqual([]);
  });
});

describe('the folder templates/', () => {
  it.each(templateFiles())('holds $path as it is generated', ({ path, text }) => {
    expect(existsSync(join(folder, path)) && readFileSync(join(folder, path), 'utf8')).toBe(text);
  });

  it('holds no template that the builder does not know', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = new Set(['build', ...templates.map(({ id }) => id)]);
    expect(folders.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});
