import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{unit,oracle,golden,contract}/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
