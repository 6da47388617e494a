import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { buffer } from 'node:stream/consumers';
import { readDropped } from '../../../../renderer/tabs/droppedFile';
import { readZipEntry } from '../../../../renderer/tabs/zipEntry';

const network = readFileSync(join(import.meta.dirname, '../../../../templates/lenet/network.json'), 'utf8');

async function zip(entries: Readonly<Record<string, string>>, compress: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const file = new ZipFile();
  for (const [name, text] of Object.entries(entries)) file.addBuffer(Buffer.from(text), name, { compress });
  file.end();
  return new Uint8Array(await buffer(file.outputStream));
}

describe('a dropped file', () => {
  it('that is a network is read', async () => {
    const read = await readDropped(new File([network], 'lenet.json'));
    expect(read).toMatchObject({ ok: true, value: { format: 'document', document: { name: 'LeNet' } } });
  });

  it.each([true, false])('that is a model gives its network, compressed: %s', async (compress) => {
    const bytes = await zip({ 'first.txt': 'x', 'network.json': network, 'weights.bin': 'y' }, compress);
    const read = await readDropped(new File([bytes], 'lenet.convloom-model'));
    expect(read).toMatchObject({ ok: true, value: { format: 'model', document: { name: 'LeNet' } } });
  });

  it.each([
    ['plain.keras', 'keras'],
    ['plain.json', 'kerasJson'],
  ])('that is %s of Keras gives its network', async (name, format) => {
    const bytes = readFileSync(join(import.meta.dirname, '../../../fixtures/keras', name));
    const read = await readDropped(new File([bytes], name));
    expect(read).toMatchObject({ ok: true, value: { format, document: { name: 'plain' } } });
  });

  it('that is a model.json of TensorFlow.js gives its network', async () => {
    const layers = [
      { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4] }, inbound_nodes: [] },
    ];
    const config = { name: 'm', layers, input_layers: [['x', 0, 0]], output_layers: [['x', 0, 0]] };
    const model = {
      format: 'layers-model',
      modelTopology: { model_config: { class_name: 'Model', config } },
      weightsManifest: [],
    };
    const read = await readDropped(new File([JSON.stringify(model)], 'model.json'));
    expect(read).toMatchObject({ ok: true, value: { format: 'tfjs', document: { name: 'm' } } });
  });

  it.each([
    ['model.h5', '\x89HDF\r\n\x1a\n', 'import/unsupported'],
    ['a.png', '\x89PNG', 'import/unsupported'],
    ['empty.json', '', 'import/unsupported'],
    ['other.json', '{ "hello": 1 }', 'document/not-a-network'],
    ['torn.convloom-model', 'PK\x03\x04 and no list of entries', 'model/damaged'],
  ])('%s that is none is told as %s', async (name, text, code) => {
    const read = await readDropped(new File([Buffer.from(text, 'latin1')], name));
    expect(read.ok ? null : read.diagnostics[0]?.code).toBe(code);
  });
});

describe('an entry of a zip', () => {
  it('is refused when it is larger than it may be, or is not there', async () => {
    const file = new Blob([await zip({ 'network.json': network }, true)]);
    await expect(readZipEntry(file, 'network.json', 100)).rejects.toThrow('would unpack');
    await expect(readZipEntry(file, 'other.json', 1e6)).rejects.toThrow('has no other.json');
  });

  it('that says less than it unpacks to is found out', async () => {
    const bytes = await zip({ 'network.json': 'a'.repeat(5000) }, true);
    const list = Buffer.from(bytes).lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
    new DataView(bytes.buffer).setUint32(list + 24, 10, true);
    await expect(readZipEntry(new Blob([bytes]), 'network.json', 1e6)).rejects.toThrow('unpacks to more');
  });
});
