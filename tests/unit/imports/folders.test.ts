import { describe, expect, it } from 'vitest';
import { recognizeFolder } from '../../../shared/imports/folders';

describe('a folder to import', () => {
  it.each([
    ['a model', ['network.json', 'model.json', 'weights.safetensors'], 'model'],
    ['a run, also one without weights yet', ['network.json', 'run.json', 'metrics.jsonl'], 'model'],
    ['an export for TensorFlow.js', ['model.json', 'group1-shard1of1.bin', 'README.md'], 'tfjs'],
  ])('is taken when it is %s', (_what, names, format) => {
    expect(recognizeFolder(names)).toEqual({ format });
  });

  it.each([
    ['an empty folder', [], null],
    ['a SavedModel of TensorFlow', ['saved_model.pb', 'variables'], 'Save the model as .keras'],
    ['a folder with a network and without a model', ['network.json', 'model.py', 'train.py'], 'network.json in it'],
    ['a folder', ['b.onnx', 'a.onnx', 'readme.txt'], 'in it: a.onnx, b.onnx.'],
    ['a folder', ['d.h5', 'c.pt', 'b.onnx', 'a.onnx'], 'in it: a.onnx, b.onnx, c.pt and others.'],
    ['a folder without a model', ['holiday.jpg'], null],
  ])('that is none of these is named: %s', (what, names, mend) => {
    const known = recognizeFolder(names);
    if (known.format !== null) throw new Error(`It was taken for ${known.format}.`);
    expect(known.what.en).toBe(what);
    if (mend === null) expect(known.mend).toBeNull();
    else expect(known.mend?.en).toContain(mend);
  });
});
