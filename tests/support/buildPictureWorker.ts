import { resolve } from 'node:path';
import { build } from 'vite';
import { boundParquet } from '../../electron/data/boundParquet';

const root = resolve(import.meta.dirname, '../..');

/** Entries of threads, by the names that the build gives them. */
const workers = {
  pictureWorker: 'electron/data/pictureWorker.ts',
  parquetWorker: 'electron/data/parquetWorker.ts',
  hdfWorker: 'electron/host/imports/hdfWorker.ts',
  importWorker: 'electron/host/imports/importWorker.ts',
};

/** Before all tests: what threads run are scripts of the build, which must not be older than what is tested. */
export async function setup(): Promise<void> {
  // Once for all projects of one run.
  if (process.env['CONVLOOM_THREADS_BUILT'] === String(process.pid)) return;
  process.env['CONVLOOM_THREADS_BUILT'] = String(process.pid);
  for (const [name, entry] of Object.entries(workers)) {
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [boundParquet()],
      // Changed as it is in the app.
      ssr: { noExternal: ['hyparquet', 'hyparquet-compressors'] },
      build: {
        ssr: resolve(root, entry),
        outDir: resolve(root, 'out/main'),
        emptyOutDir: false,
        rolldownOptions: { output: { entryFileNames: `${name}.js`, codeSplitting: false } },
      },
    });
  }
}
