import { defineConfig } from 'vitest/config';

/**
 * What takes many minutes, `npm run projects`: every template and odd networks as projects that are linted, compiled, trained and
 * asked, the experiments of the lessons with every seed, and the benchmark with everybody.
 */
export default defineConfig({
  test: {
    include: [
      'tests/projects/*.test.ts',
      'tests/golden/typescript/kinds.test.ts',
      'tests/golden/typescript/readers.test.ts',
      'tests/golden/typescript/training.test.ts',
      'tests/golden/onnx/roundTrip.test.ts',
      'tests/unit/exports/hostile.test.ts',
      'tests/unit/host/mutantFiles.test.ts',
      'tests/oracle/engines/agreement.test.ts',
      'tests/oracle/engines/tensorflow/agreement.test.ts',
      'tests/oracle/engines/tfjs/ops.test.ts',
      'tests/contract/cli/bench.test.ts',
    ],
    env: { CONVLOOM_ALL: '1' },
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    fileParallelism: false,
  },
});
