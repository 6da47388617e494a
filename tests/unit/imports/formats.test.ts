import { describe, expect, it } from 'vitest';
import { recognizeFile } from '../../../shared/imports/formats';
import { zipOf } from '../../support/zip';

function recognize(content: string | Uint8Array, name = 'file') {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  return recognizeFile({
    name,
    sizeBytes: bytes.length,
    head: bytes.subarray(0, 65_536),
    tail: bytes.subarray(-65_536),
  });
}

const zip = (...names: string[]) => zipOf(names.map((name) => ({ name, data: Buffer.from('content') })));
const safetensors = (header: string, length = header.length): Buffer => {
  const bytes = Buffer.alloc(8 + header.length);
  bytes.writeBigUInt64LE(BigInt(length));
  bytes.write(header, 8);
  return bytes;
};

describe('a file to import', () => {
  it('is ONNX by its first bytes, or by its name', () => {
    expect(recognize('\x08\x08\x12\x07pytorch', 'net').format).toBe('onnx');
    expect(recognize('anything', 'net.onnx').format).toBe('onnx');
  });

  it.each([
    ['a network file', '{"format":"convloom.network","version":1}', 'document'],
    [
      'a network file behind a byte order mark and blanks',
      '\u00ef\u00bb\u00bf\n {"format": "convloom.network"}',
      'document',
    ],
    ['JSON of no known kind, for the reader to explain', '{"a":1}', 'document'],
    ['weights', safetensors('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}'), 'safetensors'],
    ['a Keras model in HDF5', '\x89HDF\r\n\x1a\n rest', 'kerasHdf5'],
    ['a Keras archive', zip('metadata.json', 'config.json', 'model.weights.h5'), 'keras'],
    ["a Keras model's JSON", '{"class_name":"Functional","config":{}}', 'kerasJson'],
    ['a model of TensorFlow.js', '{"format":"layers-model","modelTopology":{}}', 'tfjs'],
    ['a graph of TensorFlow.js', '{"format": "graph-model", "modelTopology":{}}', 'tfjs'],
    ['a TensorFlow Lite model', '\x1c\x00\x00\x00TFL3', 'tflite'],
    ['a Caffe network', 'name: "LeNet"\nlayer {\n}', 'caffe'],
    ['a Caffe network behind a comment', '# LeNet\nlayers: {\n}', 'caffe'],
    ['weights of PyTorch', zip('archive/data.pkl', 'archive/data/0'), 'torch'],
    ['weights of an older PyTorch', '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 'torch'],
    ['a model in one file', zip('network.json', 'model.json', 'weights.safetensors'), 'model'],
  ])('is taken when it is %s', (_what, content, format) => {
    expect(recognize(content)).toEqual({ format });
  });

  it.each<[string, string | Uint8Array, string?]>([
    ['Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n', 'model.onnx'],
    ['web page', '\n<!DOCTYPE html><html><head>', 'weights.safetensors'],
    ['NumPy arrays', zip('a.npy', 'b.npy')],
    ['Office', zip('[Content_Types].xml', 'word/document.xml')],
    ['zip archive with holiday.jpg and others', zip('holiday.jpg', 'b.txt')],
    ['zip archive', 'PK\x03\x04 and then nothing that is one'],
    ['pickle', '\x80\x02}q\x00.'],
    ['TensorFlow graph', '\x0a\x05node1', 'saved_model.pb'],
    ['XML', '<?xml version="1.0"?>'],
    ['gzip', '\x1f\x8b\x08'],
    ['PNG', '\x89PNG\r\n'],
    ['JPEG', '\xff\xd8\xff\xe0'],
    ['PDF', '%PDF-1.7'],
    ['empty file', ''],
    ['begins with 01 02 03', '\x01\x02\x03'],
    ['begins with ff ff', safetensors('{', 0xffff_ffff), 'cut.safetensors'],
  ])('that is none of these is named: %s', (what, content, name) => {
    const known = recognize(content, name);
    expect(known.format).toBeNull();
    expect(known.format === null ? known.what.en : '').toContain(what);
  });

  it('shows no control characters of names in an archive', () => {
    const known = recognize(zip('\x1b[31mred', 'other'));
    expect(known.format === null ? known.what.en : '').toContain('?[31mred');
  });
});
