import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { digitsAsset } from './electron/data/packDigits';

const at = (path: string): string => resolve(import.meta.dirname, path);

/** One build for every form of the app: Electron, the browser form and the command line share these bundles. */
export default defineConfig({
  main: {
    plugins: [digitsAsset()],
    build: {
      outDir: 'out/main',
      // Of the development packages, only the benchmark of the app asks for these, and says so where they are not installed.
      // sharp is optional, which is no kind of dependency that is left out by itself.
      externalizeDeps: { include: ['@playwright/test', '@vitejs/plugin-react', 'vite', 'sharp'] },
      rolldownOptions: {
        input: {
          index: at('electron/main/index.ts'),
          cli: at('electron/cli/index.ts'),
          trainer: at('electron/trainer/index.ts'),
          pictureWorker: at('electron/data/pictureWorker.ts'),
          benchWorker: at('electron/bench/worker.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: at('electron/preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
