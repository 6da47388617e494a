import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../../electron/host';

const fixture = join(import.meta.dirname, '../../fixtures/onnx/residual.onnx');
let dataDir: string;
let host: Host;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'convloom-kept-'));
  // Nothing answers: an import without its proof is still an import.
  host = createHost({
    form: 'memory',
    dataDir,
    projectsDir: dataDir,
    forkTrainer: () => {
      throw new Error('no trainer here');
    },
  });
});

afterAll(async () => {
  await host.dispose();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a kept import', () => {
  it('is a model with its report until it is forgotten, and its export is previewed without writing', async () => {
    const answer = await host.request('import.read', { path: fixture, keep: true });
    if (!answer.ok || answer.value.kept === null) throw new Error('not kept');
    const { kept, document, report } = answer.value;
    expect(kept).toMatchObject({ name: 'residual.onnx', format: 'onnx', report });
    if (kept.path === null) throw new Error('no weights');
    const model = { type: 'path', path: kept.path } as const;
    const info = await host.request('model.info', { model });
    expect(info.ok && info.value.weights.length).toBeGreaterThan(0);
    expect(await host.request('import.kept', { id: kept.id })).toEqual({ ok: true, value: kept });

    const code = await host.request('export.preview', { document, target: 'pytorch', model });
    if (!code.ok) throw new Error('no preview');
    const names = code.value.files.map(({ name, text }) => `${name}${text === null ? ' (bytes)' : ''}`);
    expect(names).toContain('model.py');
    expect(names).toContain('weights.safetensors (bytes)');

    await host.request('import.forget', { id: kept.id });
    const gone = await host.request('import.kept', { id: kept.id });
    expect(gone).toMatchObject({ ok: false, diagnostics: [{ code: 'import/not-kept' }] });
    expect((await host.request('model.info', { model })).ok).toBe(false);
  });

  it.each(['../runs', '', 'a/b'])('called %j is none', async (id) => {
    expect((await host.request('import.kept', { id })).ok).toBe(false);
    expect((await host.request('import.forget', { id })).ok).toBe(true);
  });
});
