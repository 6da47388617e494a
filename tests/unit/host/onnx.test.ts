import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readModel } from '../../../electron/files/models';
import { convloom } from '../../support/commandLine';

const fixtures = join(import.meta.dirname, '../../fixtures/onnx');

let dir: string;
const at = (name: string): string => join(dir, name);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-onnx-'));
  process.env['CONVLOOM_HOME'] = at('home');
});
afterEach(async () => {
  delete process.env['CONVLOOM_HOME'];
  await rm(dir, { recursive: true, force: true });
});

describe('convloom import of an ONNX file', () => {
  it('writes a model with the weights of the file', async () => {
    const { code, json } = await convloom('import', join(fixtures, 'next-dynamo.onnx'), '-o', at('model'), '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({ ok: true, model: at('model'), document: at('model/network.json') });
    const model = await readModel(at('model'));
    expect(model.ok && Object.keys(model.value.weights)).toContain('norm/gamma');
  });

  it('writes nothing where the file is refused', async () => {
    await writeFile(at('cut.onnx'), Buffer.from('0808120770', 'hex'));
    const { code, json } = await convloom('import', at('cut.onnx'), '-o', at('model'), '--json');
    expect(code).toBe(2);
    expect(json()).toMatchObject({ ok: false, diagnostics: [{ code: 'import/damaged' }] });
    expect((await readModel(at('model'))).ok).toBe(false);
  });
});

describe('convloom coverage', () => {
  it('counts what is opened and exact, with the reason of each that is not', async () => {
    for (const name of ['old', 'unknown', 'declared-wrong', 'pools']) {
      await copyFile(join(fixtures, `${name}.onnx`), at(`${name}.onnx`));
    }
    await writeFile(at('pools.expected.json'), JSON.stringify({ params: 436 }));
    const { code, out } = await convloom('coverage', dir, '--json');
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.slice(0, -1).map(({ file, opened, exact }) => [file, opened, exact])).toEqual([
      ['declared-wrong.onnx', true, false],
      ['old.onnx', true, true],
      ['pools.onnx', true, false],
      ['unknown.onnx', false, false],
    ]);
    expect(lines.at(-1)).toMatchObject({ totals: { files: 4, opened: 3, exact: 1 } });
    expect(lines[2]).toMatchObject({
      reasons: ['params 437, not 436', ...(lines[2]?.['reasons'] as string[]).slice(1)],
    });
  });

  it('of what is no folder is refused', async () => {
    expect((await convloom('coverage', at('gone'), '--json')).code).toBe(2);
  });
});
