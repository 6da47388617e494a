import { describe, expect, it } from 'vitest';
import { blockSize } from '../../../../electron/engines/onnxruntime/blocks';
import { loadLibrary } from '../../../../electron/engines/onnxruntime/library';
import { lowerFunction } from '../../../../electron/engines/onnxruntime/lower';
import { planStorage } from '../../../../electron/engines/onnxruntime/storage';
import { createOpBuilder } from '../../../../shared/ops/createOpBuilder';

function convolution(channels: number, filters: number, size: number) {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', size, size, channels]);
  const w = ops.variable('w', [3, 3, channels, filters]);
  const y = ops.conv2d(x, w, { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], groups: 1 });
  return ops.finish({ y });
}

/** Names of operators stand in a model as they are. */
function operators(block: number | null, channels: number, filters: number, size: number): string {
  const definition = convolution(channels, filters, size);
  const variables = [{ name: 'w', shape: [3, 3, channels, filters], dtype: 'float32' as const }];
  const storage = planStorage({ variables, functions: { f: definition } });
  return Buffer.from(lowerFunction(definition, storage, 'cpu', block).model).toString('latin1');
}

describe('convolutions in blocks of channels', () => {
  it('finds a size that the CPU agrees with, or none', async () => {
    expect([16, 8, null]).toContain(await blockSize(await loadLibrary()));
  });

  it('are taken for channels that fill blocks, and only where there are blocks', () => {
    expect(operators(16, 16, 32, 8)).toContain('com.microsoft.nchwc');
    expect(operators(16, 16, 32, 8)).toContain('ReorderInput');
    expect(operators(16, 3, 32, 8)).not.toContain('ReorderInput');
    expect(operators(16, 16, 24, 8)).not.toContain('ReorderInput');
    expect(operators(null, 16, 32, 8)).not.toContain('nchwc');
  });
});
