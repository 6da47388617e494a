import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createUploads } from '../../../electron/host/imports/uploads';
import { storeLimits } from '../../../shared/schema/limits';

let nowMs = 0;
const uploads = createUploads(() => nowMs);
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

  it('is refused where as many are on their way, with the numbers, until one is read or given up', async () => {
    const first = await receive(null, 'a.onnx', 'x');
    for (let count = 1; count < storeLimits.uploads.entries; count++) await receive(null, 'a.onnx', 'x');
    const more = () => uploads.receive({ upload: null, name: 'a.onnx', bytes: new Uint8Array(1) });
    const refused = await more();
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code: 'file/store-full' }] });
    expect(refused.ok ? '' : refused.diagnostics[0]?.summary.en).toMatch(/16 models on their way in of 16 B/);
    expect((await receive(first.upload, 'a.onnx', 'y')).path).toBe(first.path);
    await uploads.done(first.path);
    const another = await more();
    expect(another.ok).toBe(true);
    expect((await more()).ok).toBe(false);
    if (another.ok) uploads.hold(another.value.path);
    nowMs += 11 * 60_000;
    expect((await more()).ok).toBe(true);
    // What is being read has all the time that it takes.
    expect(another.ok && existsSync(another.value.path)).toBe(true);
  });

  it('of many begun at once takes no more than there may be', async () => {
    const begun = await Promise.all(
      Array.from({ length: 40 }, () => uploads.receive({ upload: null, name: 'a', bytes: new Uint8Array(1) })),
    );
    expect(begun.filter(({ ok }) => ok)).toHaveLength(storeLimits.uploads.entries);
  });

  it('of more files than a model has is refused and removed', async () => {
    const { upload, path } = await receive(null, 'f', 'x');
    for (let count = 1; count < storeLimits.upload.entries; count++) await receive(upload, `f${count}`, '');
    const refused = await uploads.receive({ upload, name: 'more', bytes: new Uint8Array() });
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code: 'file/store-full' }] });
    expect(existsSync(dirname(path))).toBe(false);
  });
});
