import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runTfjsModel } from '../../../electron/engines/tfjs/modelFile';

it('layers in a row, whose weights lie in two files, are run by TensorFlow.js', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convloom-tfjs-'));
  try {
    const input = { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 2], dtype: 'float32' } };
    const dense = { class_name: 'Dense', config: { name: 'd', units: 1, activation: 'linear', use_bias: true } };
    const config = { class_name: 'Sequential', config: { name: 'm', layers: [input, dense] } };
    const weights = [
      { name: 'd/kernel', shape: [2, 1], dtype: 'float32' },
      { name: 'd/bias', shape: [1], dtype: 'float32' },
    ];
    const bytes = new Uint8Array(Float32Array.of(3, 5, 7).buffer);
    writeFileSync(join(folder, 'a.bin'), bytes.subarray(0, 5));
    writeFileSync(join(folder, 'b.bin'), bytes.subarray(5));
    const path = join(folder, 'model.json');
    const model = {
      format: 'layers-model',
      modelTopology: { keras_version: '2.4.0', backend: 'tensorflow', model_config: config },
      weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights }],
    };
    writeFileSync(path, JSON.stringify(model));
    const x = { dtype: 'float32' as const, shape: [1, 2], data: Float32Array.of(1, 10) };
    const { outputs } = await runTfjsModel(path, { x }, ['d']);
    expect([...(outputs['d']?.data ?? [])]).toEqual([60]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
