import { describe, expect, it } from 'vitest';
import { rangesInMemory } from '../../../shared/imports/arranged';
import { readLegacyTorch, readTorchZip } from '../../../shared/imports/torch/tensors';
import { readPickle, type PickleValue } from '../../../shared/imports/torch/pickle';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const read = (text: string): PickleValue => readPickle(bytes(text)).value;

describe('a pickle', () => {
  it('is read as data: what would be called is named, with what it would be given', () => {
    expect(read('cos\nsystem\n(X\x02\0\0\0lstR.')).toEqual({
      type: 'made',
      maker: 'os.system',
      args: ['ls'],
      entries: [],
      state: null,
    });
  });

  it.each<[string, string, PickleValue]>([
    ['numbers of every length', 'K\x07.', 7],
    ['negative numbers', 'J\xff\xff\xff\xff.', -1],
    ['long numbers', '\x8a\x02\xff\x7f.', 32767],
    ['text of any language', 'X\x06\0\0\0\xe5\x8d\xb7\xe7\xa7\xaf.', '卷积'],
    ['what it names again', '](K\x01q\x00h\x00e.', { type: 'list', items: [1, 1] }],
  ])('has %s', (_what, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['is cut off', 'X\xff\xff\xff\x7f'],
    ['ends with nothing on the stack', '.'],
    ['names what was never there', 'h\x05.'],
    ['has an opcode of extensions', '\x82\x01.'],
    ['has a number of a thousand digits', '\x8b\x00\x00\x01\x00'],
    ['puts an entry into a number', 'K\x01K\x02K\x03s.'],
  ])('that %s ends in an error', (_what, text) => {
    expect(() => read(text)).toThrow();
  });
});

describe('a file of PyTorch', () => {
  const tensor = (size: string, stride: string, numel = 'K\x04'): string =>
    `ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu${numel}tQK\x00${size}${stride}\x89NtR`;
  const dict = (value: string): Uint8Array => bytes(`}X\x01\0\0\0w${value}s.`);
  const storage = new Map([['data/0', rangesInMemory(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer))]]);

  it('has its tensors in the order of rows, wherever their values lie', () => {
    const [turned] = readTorchZip(dict(tensor('K\x02K\x02\x86', 'K\x01K\x02\x86')), storage);
    expect(turned).toMatchObject({ name: 'w', shape: [2, 2] });
    expect([...turned!.read!()]).toEqual([1, 3, 2, 4]);
  });

  it.each([
    ['reaches behind its values', tensor('K\x02K\x03\x86', 'K\x03K\x01\x86')],
    ['has a size below zero', tensor('J\xff\xff\xff\xff\x85', 'K\x01\x85')],
    ['has fewer strides than sizes', tensor('K\x02K\x02\x86', 'K\x01\x85')],
  ])('whose tensor %s is refused', (_what, value) => {
    expect(() => readTorchZip(dict(value), storage)).toThrow();
  });

  it('that names the same part again and again is refused, not followed', () => {
    const level = (count: number): string =>
      count === 0
        ? 'Nq\x00'
        : `${level(count - 1)}0c_\nM\n)\x81(}X\x01\0\0\0ah\x00sX\x01\0\0\0bh\x00s1}(X\x01\0\0\0ah\x00X\x01\0\0\0bh\x00ubq\x00`;
    expect(() => readTorchZip(bytes(`${level(60)}.`), storage)).toThrow(/more parts/);
  });

  it('of the older form that is cut off is refused', () => {
    expect(() => readLegacyTorch(bytes('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'))).toThrow();
  });
});
