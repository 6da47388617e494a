import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import ts from 'typescript';
import type { GeneratedFile } from '../../shared/exports/files';
import type { FloatTensors } from '../../shared/ops/tensor';

/** Inside the repository, so that the printed imports find the installed packages. */
const scratch = join(import.meta.dirname, '../../.cache/printed');

/** TypeScript's native compiler: what else would take a minute for all kinds. */
const nativeCompiler = join(import.meta.dirname, '../../node_modules/typescript-native/bin/tsc');

function tsconfigOf(files: readonly GeneratedFile[]): { readonly compilerOptions: object } {
  return JSON.parse(files.find(({ path }) => path === 'tsconfig.json')!.text) as { compilerOptions: object };
}

/** What the printed project's tsconfig.json says. */
function compilerOptions(files: readonly GeneratedFile[]): ts.CompilerOptions {
  const { options, errors } = ts.convertCompilerOptionsFromJson(tsconfigOf(files).compilerOptions, scratch);
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, formatHost));
  return options;
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => scratch,
  getNewLine: () => '\n',
};

/** Writes a printed project to disk, with its TypeScript transpiled to `dist`. Gives its folder. */
export function writeProject(name: string, files: readonly GeneratedFile[]): string {
  const dir = join(scratch, name);
  rmSync(dir, { recursive: true, force: true });
  const options = compilerOptions(files);
  for (const { path, text } of files) {
    write(join(dir, path), text);
    if (!path.endsWith('.ts')) continue;
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { ...options, module: ts.ModuleKind.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler },
    });
    write(join(dir, path.replace(/^src/, 'dist').replace(/\.ts$/, '.js')), outputText);
  }
  return dir;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What the compiler has to say about written projects, under their own tsconfig. One program for all of them: tfjs is large. */
export function typeErrors(
  projects: readonly { readonly dir: string; readonly files: readonly GeneratedFile[] }[],
): string {
  const [first] = projects;
  if (first === undefined) return '';
  const names = projects.flatMap(({ dir, files }) =>
    files.filter(({ path }) => path.endsWith('.ts')).map(({ path }) => join(dir, path)),
  );
  const config = {
    compilerOptions: { ...tsconfigOf(first.files).compilerOptions, noEmit: true, rootDir: '.' },
    files: names.map((name) => relative(scratch, name)),
  };
  const path = join(scratch, `tsconfig.${relative(scratch, first.dir)}.json`);
  write(path, JSON.stringify(config));
  const { stdout, stderr, error } = spawnSync(process.execPath, [nativeCompiler, '-p', path], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

/** The printed modules, imported. */
export async function loadProject(dir: string): Promise<{
  buildModel: () => LayersModel;
  setWeights: (model: LayersModel, index: readonly object[], bytes: Uint8Array) => void;
}> {
  const load = async (name: string): Promise<unknown> =>
    await import(/* @vite-ignore */ pathToFileURL(join(dir, 'dist', name)).href);
  const { buildModel } = (await load('model.js')) as { buildModel: () => LayersModel };
  const { setWeights } = (await load('weights.js')) as {
    setWeights: (model: LayersModel, index: readonly object[], bytes: Uint8Array) => void;
  };
  return { buildModel, setWeights };
}

/** Weights in the form of a run's weights.json and weights.bin. */
export function packWeights(weights: FloatTensors): { index: object[]; bytes: Uint8Array } {
  const index: object[] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(weights)) {
    index.push({ name, shape, dtype: 'float32', offset });
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  return { index, bytes: new Uint8Array(Buffer.concat(parts)) };
}

/** The values of a model's outputs, in order. */
export function outputValues(outputs: Tensor | Tensor[]): { shape: number[]; data: Float32Array }[] {
  return (Array.isArray(outputs) ? outputs : [outputs]).map((tensor) => ({
    shape: tensor.shape,
    data: Float32Array.from(tensor.dataSync()),
  }));
}
