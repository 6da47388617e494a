import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { boundParquet } from './electron/data/boundParquet';
import { digitsAsset } from './electron/data/packDigits';
import { licencesAsset, packageModule } from './electron/files/packLicences';
import { fontsAsset } from './electron/host/exports/packFonts';

/** They come along as they are, and so do their licences. */
const copied = ['onnxruntime-node', 'onnxruntime-common', '@expo-google-fonts/inter', 'mnist'];

const at = (path: string): string => resolve(import.meta.dirname, path);

/** One build for every form of the app: Electron, the browser form and the command line share these bundles. */
export default defineConfig({
  main: {
    plugins: [
      boundParquet(),
      digitsAsset(),
      fontsAsset(),
      licencesAsset(copied.map((name) => packageModule(import.meta.dirname, name))),
    ],
    build: {
      outDir: 'out/main',
      // Small libraries become part of the bundles: finding and reading each of their files is most of what a short command takes.
      // ONNX Runtime is native and lies beside them (scripts/vendor.mjs), sharp and resvg are optional; of the others, only the benchmark of the
      // app asks, and says so where they are not installed.
      externalizeDeps: {
        include: ['onnxruntime-node', 'sharp', '@resvg/resvg-js', '@playwright/test', '@vitejs/plugin-react', 'vite'],
      },
      rolldownOptions: {
        input: {
          index: at('electron/main/index.ts'),
          cli: at('electron/cli/index.ts'),
          trainer: at('electron/trainer/index.ts'),
          pictureWorker: at('electron/data/pictureWorker.ts'),
          parquetWorker: at('electron/data/parquetWorker.ts'),
          hdfWorker: at('electron/host/imports/hdfWorker.ts'),
          importWorker: at('electron/host/imports/importWorker.ts'),
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
    publicDir: at('renderer/theme/public'),
    plugins: [react(), licencesAsset()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
