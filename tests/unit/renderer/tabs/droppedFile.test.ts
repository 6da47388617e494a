import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNetworkFile, readDropped } from '../../../../renderer/tabs/droppedFile';

const network = readFileSync(join(import.meta.dirname, '../../../../templates/lenet/network.json'), 'utf8');

describe('a dropped file', () => {
  it('that is a network is read by the page', async () => {
    const file = new File([network], 'lenet.json');
    expect(await isNetworkFile(file)).toBe(true);
    expect(await readDropped(file)).toMatchObject({ ok: true, value: { name: 'LeNet' } });
  });

  it.each([
    ['model.onnx', '\x08\x08\x12\x04'],
    ['model.h5', '\x89HDF\r\n\x1a\n'],
    ['model.json', '{"format": "layers-model"}'],
    ['torn.convloom-model', 'PK\x03\x04 and no list of entries'],
    ['a.png', '\x89PNG'],
    ['empty.json', ''],
  ])('%s that is no network is left to the host', async (name, text) => {
    expect(await isNetworkFile(new File([Buffer.from(text, 'latin1')], name))).toBe(false);
  });

  it('of JSON that is no network says what is missing', async () => {
    const read = await readDropped(new File(['{ "hello": 1 }'], 'other.json'));
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: 'document/not-a-network' }] });
  });

  it('that is no text is told so', async () => {
    const read = await readDropped(new File([new Uint8Array([0x7b, 0xff, 0xfe])], 'other.json'));
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: 'file/not-text' }] });
  });
});
