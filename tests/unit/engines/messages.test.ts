import { describe, expect, it } from 'vitest';
import { encodeModel, onnxTypeNumber } from '../../../electron/engines/onnxruntime/proto';
import { attribute, dataTypeNumber, encodeSavedModel } from '../../../electron/engines/tensorflow/graphDef';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (value: string): string => Buffer.from(value).toString('hex');

describe('the messages of other formats', () => {
  it('number types as onnx.proto and types.proto do', () => {
    expect((['float32', 'uint8', 'int32', 'int64', 'bool'] as const).map(onnxTypeNumber)).toEqual([1, 2, 6, 7, 9]);
    expect((['float32', 'int32', 'uint8', 'int64', 'bool'] as const).map(dataTypeNumber)).toEqual([1, 3, 4, 9, 10]);
  });

  it('write an ONNX node byte by byte as the format has it', () => {
    const model = encodeModel({
      nodes: [
        { opType: 'Relu', domain: '', inputs: ['a'], outputs: ['b'], attributes: { k: { kind: 'int', value: 2 } } },
      ],
      initializers: [],
      inputs: [],
      outputs: [],
      opsets: { '': 20 },
    });
    // Input 1, output 2, name 3, op_type 4; attribute 5 with name 1, i 3 and type 20.
    const node = [`0a01${text('a')}`, `1201${text('b')}`, `1a06${text('Relu_0')}`, `2204${text('Relu')}`].join('');
    expect(hex(model)).toContain(`${node}2a080a01${text('k')}1802a00102`);
    expect(hex(model).startsWith('080a')).toBe(true);
  });

  it('write a TensorFlow node byte by byte as the format has it', () => {
    const bytes = encodeSavedModel([
      { name: 'n', op: 'Pad', inputs: ['a:1', '^b'], attributes: { T: attribute.type('float32') } },
    ]);
    // Name 1, op 2, inputs 3; attr 5 is a map from a name 1 to a value 2, whose type is 6.
    const inputs = `1a03${text('a:1')}1a02${text('^b')}`;
    expect(hex(bytes)).toContain(`0a01${text('n')}1203${text('Pad')}${inputs}2a070a01${text('T')}12023001`);
    // saved_model_schema_version 1, then the tag in the meta graph.
    expect(hex(bytes)).toMatch(new RegExp(`^080112..0a072205${text('serve')}`));
  });
});
