import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Rooms of tests of shared/, which is pure: nothing that one of them does is seen by another, so they share a process and its modules. */
const pure = [
  'tests/unit/{analysis,compile,diagnostics,document,editing,exports,figures,grading,imports,layers,layout,learn,ops,schema,templates,training,transforms}/**/*.test.ts',
  'tests/oracle/{compile,layers,learn,ops}/**/*.test.ts',
];

/** Rooms of tests that put back what they change, and are dear to load: the tables of all printers, the whole command line. */
const tidy = [
  'tests/unit/{bench,data,docs,engines,main,renderer,scripts,server,setup}/**/*.test.ts',
  'tests/golden/{keras,onnx,python,savedmodel,tfjs}/**/*.test.ts',
  'tests/golden/*.test.ts',
  'tests/oracle/{exports,imports,templates}/**/*.test.ts',
  'tests/contract/cli/**/*.test.ts',
];

/** What threads run is built anew for those that start them. */
const globalSetup = ['./tests/support/buildPictureWorker.ts'];

export default defineConfig({
  test: {
    // A machine of somebody else's may be several times slower than the one this was written on.
    testTimeout: process.env['CI'] === undefined ? 60_000 : 240_000,
    // One core less is the default, which on two cores is one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', './scripts/skippedReporter.mjs'],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: '.cache/coverage',
    },
    // The same device on every machine; the tests of WebGPU ask for it themselves.
    env: { CONVLOOM_ONNXRUNTIME: 'cpu' },
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'tidy', include: tidy, isolate: false, globalSetup } },
      {
        extends: true,
        test: {
          name: 'all else',
          include: ['tests/{unit,oracle,golden,contract}/**/*.test.ts'],
          exclude: [...pure, ...tidy],
          globalSetup,
        },
      },
    ],
  },
});
