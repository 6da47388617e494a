import { readFileSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Tests that `npm test` runs in part: they ask whether this is the whole. */
const shortened = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .map((path) => `tests/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => /support\/(isWhole|describeEngine)'/.test(readFileSync(path, 'utf8')));

/**
 * What takes many minutes, `npm run projects`: every template and odd networks as projects that are linted, compiled, trained and
 * asked, the experiments of the lessons with every seed, and the benchmark with everybody.
 */
export default defineConfig({
  test: {
    include: ['tests/projects/*.test.ts', ...shortened],
    env: { CONVLOOM_ALL: '1' },
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    fileParallelism: false,
  },
});
