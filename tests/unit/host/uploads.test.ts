import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createUploads } from '../../../electron/host/imports/uploads';

const uploads = createUploads();
afterEach(() => uploads.dispose());

async function receive(upload: string | null, name: string, text: string) {
  const received = await uploads.receive({ upload, name, bytes: new TextEncoder().encode(text) });
  if (!received.ok) throw new Error(received.diagnostics[0]?.code);
  return received.value;
}

describe('an upload', () => {
  it('joins the parts of each file, in one folder, and is gone when it has been read', async () => {
    const first = await receive(null, 'a.onnx', 'one');
    const second = await receive(first.upload, 'a.onnx', ' two');
    const beside = await receive(first.upload, 'a.onnx.data', 'numbers');
    expect(second.path).toBe(first.path);
    expect(dirname(beside.path)).toBe(dirname(first.path));
    expect(await readFile(first.path, 'utf8')).toBe('one two');
    await uploads.done(first.path);
    expect(existsSync(dirname(first.path))).toBe(false);
  });

  it.each(['../../outside.onnx', '..\\..\\outside.onnx', '/etc/outside.onnx'])(
    'named %s stays inside',
    async (name) => {
      const { path } = await receive(null, name, 'x');
      expect(basename(path)).toBe('outside.onnx');
      expect(dirname(path)).toContain('convloom-upload-');
    },
  );

  it.each(['..', '.', '/', 'a\0b'])('named %j is refused', async (name) => {
    const received = await uploads.receive({ upload: null, name, bytes: new Uint8Array(1) });
    expect(received).toMatchObject({ ok: false, diagnostics: [{ code: 'file/invalid-path' }] });
  });

  it('that is not known takes nothing', async () => {
    const received = await uploads.receive({ upload: 'made-up', name: 'a', bytes: new Uint8Array(1) });
    expect(received.ok).toBe(false);
  });

  it('leaves other folders alone when they are read', async () => {
    const { path } = await receive(null, 'a.onnx', 'x');
    await uploads.done(import.meta.filename);
    expect(existsSync(path)).toBe(true);
    expect(existsSync(import.meta.filename)).toBe(true);
  });
});
