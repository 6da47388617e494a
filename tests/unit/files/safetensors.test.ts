import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SafetensorsFault, decodeSafetensors, encodeSafetensors } from '../../../electron/files/safetensors';
import { elementCount } from '../../../shared/ops/tensor';
import type { HostTensor } from '../../../shared/ops/tensor';

const float = (...data: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});

/** A file with any header, to lie with. */
function fileOf(header: unknown, values: Buffer = Buffer.alloc(0), claimed?: number): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimed ?? json.length));
  return Buffer.concat([length, json, values]);
}

const tensor: fc.Arbitrary<HostTensor> = fc
  .tuple(fc.constantFrom('float32', 'int32', 'uint8'), fc.array(fc.nat(4), { maxLength: 4 }), fc.nat())
  .map(([dtype, shape, seed]): HostTensor => {
    const values = Array.from({ length: elementCount(shape) }, (_, at) => (seed + at * 7919) % 251);
    if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(values, (value) => value / 7) };
    if (dtype === 'int32') return { dtype, shape, data: Int32Array.from(values, (value) => value - 100) };
    return { dtype: 'uint8', shape, data: Uint8Array.from(values) };
  });

describe('a safetensors file', () => {
  it('comes back as it was written, whatever its tensors are called', () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', '0', 'a\u0000b'),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 }),
        fc.dictionary(fc.string(), fc.string()),
        (entries, metadata) => {
          const tensors = Object.fromEntries(entries.filter(([key]) => key !== '__metadata__'));
          const read = decodeSafetensors(encodeSafetensors(tensors, metadata));
          expect(Object.entries(read.tensors)).toEqual(Object.entries(tensors));
          expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
        },
      ),
    );
  });

  it('begins its values at a multiple of eight, for those that read it in place', () => {
    const bytes = encodeSafetensors({ a: float(1) });
    expect(Number(bytes.readBigUInt64LE(0)) % 8).toBe(0);
    expect(bytes.subarray(-4).readFloatLE(0)).toBe(1);
  });

  it('is refused when it is cut at any byte, or has a byte too many', () => {
    const bytes = encodeSafetensors({ 'c1/kernel': float(1, 2, 3), 'c1/bias': float(4) }, { step: '7' });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length)), `cut at ${length}`).toThrow(SafetensorsFault);
    }
    expect(() => decodeSafetensors(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(SafetensorsFault);
  });

  it.each([
    { what: 'a header longer than the file', file: fileOf({}, Buffer.alloc(0), 3) },
    { what: 'a header of 2^63 bytes', file: Buffer.from('ffffffffffffff7f', 'hex') },
    { what: 'a header that is no JSON', file: fileOf('{') },
    { what: 'a header that is a list', file: fileOf([]) },
    { what: 'a header that is no UTF-8', file: fileOf('"\u00e9"').fill(0xff, 9, 10) },
    { what: 'an entry that is a number', file: fileOf({ a: 1 }) },
    { what: 'no type', file: fileOf({ a: { shape: [1], data_offsets: [0, 4] } }, Buffer.alloc(4)) },
    {
      what: 'a type that no engine has',
      file: fileOf({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, Buffer.alloc(8)),
    },
    {
      what: 'a negative size',
      file: fileOf({ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, Buffer.alloc(4)),
    },
    {
      what: 'half a value',
      file: fileOf({ a: { dtype: 'F32', shape: [1.5], data_offsets: [0, 6] } }, Buffer.alloc(6)),
    },
    {
      what: 'a size beyond all numbers',
      file: fileOf({ a: { dtype: 'F32', shape: [2 ** 53 - 1, 2 ** 53 - 1], data_offsets: [0, 4] } }, Buffer.alloc(4)),
    },
    {
      what: 'offsets that end before they begin',
      file: fileOf({ a: { dtype: 'U8', shape: [0], data_offsets: [4, 0] } }, Buffer.alloc(4)),
    },
    {
      what: 'offsets beyond the end',
      file: fileOf({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, Buffer.alloc(4)),
    },
    {
      what: 'a gap',
      file: fileOf({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, Buffer.alloc(2)),
    },
    {
      what: 'two tensors on the same bytes',
      file: fileOf(
        {
          a: { dtype: 'U8', shape: [4], data_offsets: [0, 4] },
          b: { dtype: 'U8', shape: [4], data_offsets: [0, 4] },
        },
        Buffer.alloc(4),
      ),
    },
    {
      what: 'a shape that its bytes do not fill',
      file: fileOf({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, Buffer.alloc(8)),
    },
    { what: 'an empty name', file: fileOf({ '': { dtype: 'U8', shape: [0], data_offsets: [0, 0] } }) },
    { what: 'metadata that are no text', file: fileOf({ __metadata__: { step: 7 } }) },
  ])('with $what is refused', ({ file }) => {
    expect(() => decodeSafetensors(file)).toThrow(SafetensorsFault);
  });

  it('never throws anything else, whatever the bytes', () => {
    const bytes = encodeSafetensors({ 'c1/kernel': float(1, 2, 3) }, { a: 'b' });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        try {
          decodeSafetensors(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsFault);
        }
      }),
    );
  });
});
