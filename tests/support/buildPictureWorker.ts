import { resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');

/** Before all tests: the threads that read pictures run a script of the build, which must not be older than what is tested. */
export async function setup(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(root, 'electron/data/pictureWorker.ts'),
      outDir: resolve(root, 'out/main'),
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'pictureWorker.js', codeSplitting: false } },
    },
  });
}
