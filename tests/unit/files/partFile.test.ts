import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPart } from '../../../electron/files/partFile';
import { readAny } from '../../../electron/host/imports';
import { ImportProblem } from '../../../shared/imports/problem';

let dir: string;
const at = (...names: string[]): string => join(dir, ...names);
beforeAll(async () => {
  dir = realpathSync(await mkdtemp(join(tmpdir(), 'convloom-parts-')));
  for (const folder of ['model/inside', 'secret', 'store', 'snapshot']) mkdirSync(at(folder), { recursive: true });
  for (const file of ['model/m.onnx', 'model/w.bin', 'model/inside/w.bin', 'secret/w.bin', 'store/m', 'store/w']) {
    writeFileSync(at(file), 'bytes');
  }
  const links = {
    'model/linked.bin': '../secret/w.bin',
    'model/absolute.bin': at('secret/w.bin'),
    'model/out': '../secret',
    'model/twice.bin': 'linked.bin',
    'model/back': 'inside',
    'model/to-nothing.bin': '../secret/none',
    'model/linked.caffemodel': '../secret/w.bin',
    // As a store of downloads has them: names in one folder, bytes in another.
    'snapshot/m.onnx': '../store/m',
    'snapshot/w.bin': '../store/w',
    'snapshot/other.bin': '../secret/w.bin',
  };
  for (const [link, target] of Object.entries(links)) symlinkSync(target, at(link));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function foundFor(model: string, name: string): string {
  try {
    return findPart(at(model), name).path.slice(dir.length + 1);
  } catch (error) {
    if (error instanceof ImportProblem) return error.diagnosticOf(model).code;
    throw error;
  }
}

describe('a part of a model', () => {
  it.each([
    ['model/m.onnx', 'w.bin', 'model/w.bin'],
    ['model/m.onnx', 'inside/w.bin', 'model/inside/w.bin'],
    ['model/m.onnx', 'back/w.bin', 'model/inside/w.bin'],
    ['snapshot/m.onnx', 'w.bin', 'store/w'],
    ['model/m.onnx', '../secret/w.bin', 'import/part-outside'],
    ['model/m.onnx', 'inside/../../secret/w.bin', 'import/part-outside'],
    ['model/m.onnx', 'out/../w.bin', 'import/part-outside'],
    ['model/m.onnx', '..\\secret\\w.bin', 'import/part-outside'],
    ['model/m.onnx', '/etc/passwd', 'import/part-outside'],
    ['model/m.onnx', 'linked.bin', 'import/part-outside'],
    ['model/m.onnx', 'absolute.bin', 'import/part-outside'],
    ['model/m.onnx', 'twice.bin', 'import/part-outside'],
    ['model/m.onnx', 'out/w.bin', 'import/part-outside'],
    ['snapshot/m.onnx', 'other.bin', 'import/part-outside'],
    ['model/m.onnx', 'none.bin', 'import/part-missing'],
    ['model/m.onnx', 'to-nothing.bin', 'import/part-missing'],
    ['model/m.onnx', 'w.bin/w.bin', 'import/part-missing'],
    ['model/m.onnx', 'inside', 'import/part-missing'],
    ['model/m.onnx', '', 'import/part-missing'],
    ['model/m.onnx', 'a\0b', 'import/part-missing'],
  ])('of %s called %j gives %s', (model, name, found) => {
    expect(foundFor(model, name)).toBe(found);
  });

  it('is refused where a Caffe network finds a link to elsewhere beside it', async () => {
    writeFileSync(at('model/linked.prototxt'), 'name: "n"\nlayer { name: "a" type: "Input" top: "a" }\n');
    const read = await readAny({ path: at('model/linked.prototxt'), onto: undefined, signal: undefined });
    expect(read.ok ? null : read.diagnostics.map(({ code }) => code)).toEqual(['import/part-outside']);
  });
});
