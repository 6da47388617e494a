import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{unit,oracle,golden,contract}/**/*.test.ts'],
    testTimeout: 60_000,
    // One core less is the default, which on two cores is one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    globalSetup: ['./tests/support/buildPictureWorker.ts'],
    reporters: ['default', './scripts/skippedReporter.mjs'],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: '.cache/coverage',
    },
    // The same device on every machine; the tests of WebGPU ask for it themselves.
    env: { CONVLOOM_ONNXRUNTIME: 'cpu' },
  },
});
