import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, hostFrameLimits } from '../../../shared/host/frames';

function roundTrip(message: unknown): unknown {
  const frame = encodeFrame(message);
  const decoded = decodeFrame(frame, hostFrameLimits);
  return decoded.ok ? decoded.value : decoded.diagnostics[0]!.why?.en;
}

function bytesOf(message: unknown): Uint8Array<ArrayBuffer> {
  const frame = encodeFrame(message);
  if (typeof frame === 'string') throw new Error('A text frame.');
  return frame;
}

/** A binary frame with any head and any bytes behind it. */
function forged(head: string, body: Uint8Array = new Uint8Array(), headLength = head.length): Uint8Array {
  const start = Math.ceil((8 + head.length) / 8) * 8;
  const frame = new Uint8Array(body.length === 0 ? 8 + head.length : start + body.length);
  frame.set([0x43, 0x4c, 0x46, 0x31]);
  new DataView(frame.buffer).setUint32(4, headLength, true);
  frame.set(Buffer.from(head, 'latin1'), 8);
  frame.set(body, body.length === 0 ? 8 + head.length : start);
  return frame;
}

describe('a frame', () => {
  it('is text without typed arrays, and then plain JSON', () => {
    expect(encodeFrame({ type: 'request', id: 1, name: '网络' })).toBe('{"type":"request","id":1,"name":"网络"}');
  });

  it('has its arrays on multiples of eight, little endian, whatever stands before them', () => {
    for (const name of ['', 'a', '网络网', 'abcdefgh']) {
      const frame = bytesOf({ name, y: Uint8Array.of(1, 2, 3), x: Float32Array.of(1, -2) });
      const end = frame.length - 8;
      expect(end % 8).toBe(0);
      expect([...frame.subarray(end)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
      expect([...frame.subarray(end - 8, end)]).toEqual([1, 2, 3, 0, 0, 0, 0, 0]);
    }
  });

  it('brings back any JSON with arrays anywhere, fields named $array and __proto__ too', () => {
    const array = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.int32Array({ maxLength: 5 }),
      fc.float32Array({ maxLength: 5 }),
      fc.float64Array({ maxLength: 5 }),
    );
    const key = fc.oneof(fc.constantFrom('$array', '$$array', '$$$array', '__proto__', 'arrays'), fc.string());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, array, fc.string({ unit: 'binary' }), fc.integer(), tie('list'), tie('record')),
      list: fc.array(tie('tree'), { maxLength: 4 }),
      record: fc
        .array(fc.tuple(key, tie('tree')), { maxLength: 3 })
        .map((entries) => Object.fromEntries(entries) as unknown),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(roundTrip({ value })).toEqual({ value });
      }),
      { numRuns: 150 },
    );
  });

  it('copies its arrays: neither the bytes that came nor other arrays are seen through one', () => {
    const frame = bytesOf({ a: Uint8Array.of(1), b: Uint8Array.of(2) });
    const decoded = decodeFrame(frame, hostFrameLimits) as { readonly value: { readonly a: Uint8Array } };
    frame.fill(0);
    expect([...decoded.value.a]).toEqual([1]);
    expect(decoded.value.a.buffer.byteLength).toBe(1);
  });

  it('takes arrays of another realm and of Node, and refuses kinds that no message has', () => {
    const foreign = vm.runInNewContext('Float32Array.of(1, 2)') as Float32Array;
    expect(roundTrip({ foreign, node: Buffer.from([7]) })).toEqual({
      foreign: Float32Array.of(1, 2),
      node: Uint8Array.of(7),
    });
    expect(() => encodeFrame({ a: new BigInt64Array(1) })).toThrow(TypeError);
    expect(() => encodeFrame({ a: new DataView(new ArrayBuffer(1)) })).toThrow(TypeError);
  });
});

describe('a hostile frame', () => {
  const good = '{"arrays":[["float32",1]],"message":{"$array":0}}';
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  /** So many arrays of no length, the head filled up to where they stand. */
  const listed = (count: number): string => {
    const arrays = Array.from({ length: count }, () => '["uint8",0]').join();
    const places = Array.from({ length: count }, (_, index) => `{"$array":${index}}`).join();
    const head = `{"arrays":[${arrays}],"message":[${places}]}`;
    return head.padEnd(Math.ceil(head.length / 8) * 8);
  };

  it('differs from a good one in one thing each', () => {
    expect(decodeFrame(forged(good, new Uint8Array(4)), hostFrameLimits)).toEqual({
      ok: true,
      value: Float32Array.of(0),
    });
    expect(decodeFrame(forged(listed(4096)), hostFrameLimits).ok).toBe(true);
  });

  it.each<[string, string | Uint8Array]>([
    ['no JSON', 'nonsense'],
    ['nothing', ''],
    ['text nested 1,500 deep', deep(1500)],
    ['text nested a million deep', deep(1_000_000)],
    ['objects nested 1,500 deep', '{"a":'.repeat(1500) + '1' + '}'.repeat(1500)],
    ['a head nested 1,500 deep', forged(`{"arrays":[],"message":${deep(1500)}}`)],
    ['a list of arrays nested 1,500 deep', forged(`{"arrays":${deep(1500)},"message":1}`)],
    ['escapes nested 1,500 deep', '{"$$array":'.repeat(1500) + '1' + '}'.repeat(1500)],
    ['no bytes', new Uint8Array()],
    ['seven bytes', Uint8Array.of(0x43, 0x4c, 0x46, 0x31, 0, 0, 0)],
    ['another beginning', new Uint8Array(64)],
    ['a head longer than the frame', forged(good, new Uint8Array(4), 1_000_000)],
    ['a head of 4 GB', forged(good, new Uint8Array(4), 0xffffffff)],
    ['a head shorter than it is', forged(good, new Uint8Array(4), 20)],
    ['a head that is no object', forged('[]')],
    ['a head beyond ASCII', forged('{"arrays":[],"message":"\u00e9"}')],
    ['an array longer than the frame', forged(good.replace('1]', '2]'), new Uint8Array(4))],
    ['an array of 2^53 numbers', forged(good.replace('1]', '9007199254740991]'), new Uint8Array(4))],
    ['an array of less than nothing', forged(good.replace('1]', '-1]'), new Uint8Array(4))],
    ['an array of half a number', forged(good.replace('1]', '0.5]'), new Uint8Array(4))],
    ['an array of an unknown kind', forged(good.replace('float32', 'float16'), new Uint8Array(2))],
    ['an array of a kind from the prototype', forged(good.replace('float32', 'constructor'), new Uint8Array(4))],
    ['bytes behind the last array', forged(good, new Uint8Array(5))],
    ['bytes off their place', forged(`${good} `.padEnd(good.length + 9), new Uint8Array(1))],
    ['more arrays than are taken', forged(listed(4097))],
    ['a placeholder without an array', forged('{"arrays":[],"message":{"$array":0}}')],
    ['a placeholder without an array in text', '{"$array":0}'],
    ['a placeholder of another type', forged(good.replace('"$array":0', '"$array":"0"'), new Uint8Array(4))],
    [
      'two placeholders for one array',
      forged(good.replace('{"$array":0}', '[{"$array":0},{"$array":0}]'), new Uint8Array(4)),
    ],
    ['an array without a placeholder', forged(good.replace('{"$array":0}', 'null'), new Uint8Array(4))],
  ])('with %s is a protocol error', (_what, frame) => {
    const decoded = decodeFrame(frame, hostFrameLimits);
    expect(decoded.ok ? decoded : decoded.diagnostics[0]!.code).toBe('host/protocol-error');
  });

  it('that is larger than the limit is one too, and is not even read', () => {
    const decoded = decodeFrame('{"a":1}', { ...hostFrameLimits, maxBytes: 6 });
    expect(decoded.ok ? decoded : decoded.diagnostics[0]!.code).toBe('host/protocol-error');
  });

  it('of any bytes is a message or a protocol error', () => {
    const frame = bytesOf({ a: [Float32Array.of(1, 2, 3)], b: { c: Uint8Array.of(1) }, text: 'abc' });
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.nat(255), fc.nat(frame.length), (at, byte, length) => {
        const changed = frame.slice(0, length);
        changed[at] = byte;
        const decoded = decodeFrame(changed, hostFrameLimits);
        if (!decoded.ok) expect(decoded.diagnostics[0]!.code).toBe('host/protocol-error');
      }),
      { numRuns: 3000 },
    );
  });
});
