import { defineConfig } from 'vitest/config';

/** Every template and odd networks as projects that are linted, compiled, trained and asked: many minutes. `npm run projects`. */
export default defineConfig({
  test: {
    include: ['tests/projects/*.test.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    fileParallelism: false,
  },
});
