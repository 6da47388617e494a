import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { findInstalled, isInstalled } from '../../electron/engines/tensorflow/installed';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printTypescript } from '../../shared/exports/typescript';
import type { GeneratedFile } from '../../shared/exports/files';
import type { NetworkDocument } from '../../shared/schema/document';
import { writeProject } from '../support/printedProject';
import { writeData, type Given } from './data';
import { projects } from './networks';

const root = join(import.meta.dirname, '../..');
const linted = join(root, '.cache/printed/linted');

function print(document: NetworkDocument): readonly GeneratedFile[] {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(JSON.stringify(printed.diagnostics));
  return printed.value;
}

/** Runs a tool of the repository; gives what it says, and throws it when it fails. */
function tool(path: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(process.execPath, [join(root, 'node_modules', path), ...args], { cwd, encoding: 'utf8' });
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout || String(error), { cause: error });
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const only = process.env['CONVLOOM_PROJECTS']?.split(',');
const chosen = projects.filter(({ name }) => only?.includes(name) ?? true);

/** As many projects as one ESLint that knows types has memory for. */
const lintedAtOnce = 10;

describe('the printed projects, all at once', () => {
  const groups = Array.from({ length: Math.ceil(chosen.length / lintedAtOnce) }, (_, group) => ({
    group,
    members: chosen.slice(group * lintedAtOnce, (group + 1) * lintedAtOnce),
  }));
  // Most scripts are the same text in every project: each text is linted once.
  const seen = new Set<string>();

  /** Writes projects beside each other, with the options and the rules of each for all; gives what is to be linted. */
  function writeGroup(dir: string, members: typeof chosen): readonly string[] {
    const files: string[] = [];
    for (const { name, document } of members) {
      for (const { path, text } of print(document)) {
        write(join(dir, name, path), text);
        if (!seen.has(`${path} ${text}`) && /\.(ts|js|md|html|json)$/.test(path)) files.push(`${name}/${path}`);
        seen.add(`${path} ${text}`);
      }
    }
    const { name } = members[0]!;
    const compilerOptions = { rootDir: '.', noEmit: true };
    const tsconfig = { extends: `./${name}/tsconfig.json`, compilerOptions, include: ['*/src'] };
    write(join(dir, 'tsconfig.json'), JSON.stringify(tsconfig));
    const config = readFileSync(join(dir, name, 'eslint.config.js'), 'utf8');
    write(join(dir, 'eslint.config.js'), config.replace('projectService: true', "project: './tsconfig.json'"));
    write(join(dir, 'package.json'), '{ "type": "module" }');
    return files;
  }

  it.each(groups)(
    'pass the compiler, ESLint with the rules that know types, and Prettier: ten of $group',
    ({ group, members }) => {
      const dir = join(linted, String(group));
      rmSync(dir, { recursive: true, force: true });
      const files = writeGroup(dir, members);
      expect(tool('typescript/bin/tsc', ['-p', '.'], dir)).toBe('');
      expect(
        tool(
          'eslint/bin/eslint.js',
          files.filter((file) => /\.(ts|js)$/.test(file)),
          dir,
        ),
      ).toBe('');
      tool('prettier/bin/prettier.cjs', ['--check', ...files, '--ignore-path', '/dev/null'], dir);
    },
  );
});

/**
 * tfjs computes some 30 million multiply-adds a second without a library: the larger a network, the fewer steps there. With tfjs-node all
 * take the same.
 */
function effort(macs: number, isNative: boolean): { readonly epochs: number; readonly limit: number } {
  if (!isNative && macs > 30_000_000) return { epochs: 2, limit: 1 };
  return !isNative && macs > 1_000_000 ? { epochs: 4, limit: 4 } : { epochs: 8, limit: 40 };
}

const native = findInstalled(undefined);
/** Projects here find tfjs-node, and the tfjs that it computes for, as if npm had put both there. */
const nativeScratch = 'native';
if (isInstalled(native)) {
  const modules = join(root, '.cache/printed', nativeScratch, 'node_modules');
  mkdirSync(modules, { recursive: true });
  rmSync(join(modules, '@tensorflow'), { force: true });
  symlinkSync(dirname(native.packageDir), join(modules, '@tensorflow'));
}

const computers = [
  { computer: 'plain JavaScript', backend: 'cpu' },
  ...(isInstalled(native) ? [{ computer: 'tfjs-node', backend: 'tensorflow' }] : []),
] as const;

/** A script that asks a project what it computes with and what its inputs are called. */
const question = [
  "import * as tf from '@tensorflow/tfjs';",
  "import { useFastBackend } from './dist/backend.js';",
  "import { buildModel } from './dist/model.js';",
  'await useFastBackend();',
  'await tf.ready();',
  "process.stdout.write(`\\n${[tf.getBackend(), ...buildModel().inputNames].join(' ')}`);",
].join('\n');

const rounds = chosen.flatMap((one) => computers.map((by) => ({ ...one, ...by })));

describe.each(rounds)('$name by $computer', ({ name, small, backend }) => {
  const isNative = backend === 'tensorflow';
  const files = print(small);
  const place = isNative ? `${nativeScratch}/${name}` : `project-${name}`;
  let dir = '';
  // Not before its tests run: they may be left out.
  beforeAll(() => {
    dir = writeProject(place, files);
  });
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  let given: Given | null = null;

  it('trains with a loss that falls, evaluates and predicts', () => {
    const analysis = analyzeNetwork(small);
    // In a process of its own, as all that a project does: copies of TensorFlow.js share one list of variables.
    const [computedBy = '', ...inputs] = node('--input-type=module', '-e', question)
      .trim()
      .split('\n')
      .at(-1)!
      .split(' ');
    expect(computedBy).toBe(backend);
    const outputs = [...files.find(({ path }) => path === 'src/answers.ts')!.text.matchAll(/^ {4}name: '(.+)'/gm)].map(
      ([, one]) => one!,
    );
    const isNumbers = small.train?.loss === 'meanSquaredError';
    given = writeData(dir, analysis, { inputs, outputs }, isNumbers);
    const { epochs, limit } = effort(analysis.totals.macs, isNative);
    const trained = node('dist/train.js', given.data, `--epochs=${epochs}`, `--limit=${limit}`);
    const losses = [...trained.matchAll(/: loss (\S+?)[,\n]/g)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(epochs);
    expect(Math.min(...losses.slice(1)), losses.join(' ')).toBeLessThan(losses[0]!);
    expect(node('dist/evaluate.js', given.data)).toMatch(
      given.hasMasks ? /accuracy .* mean IoU \d/ : /\d samples, loss \d/,
    );
    const answer = node('dist/predict.js', given.question);
    if (given.data === 'data') expect(answer).toMatch(/\d % {2}(bright|dark|ground|object)/);
    if (given.hasMasks) expect(existsSync(join(dir, 'question.mask.png'))).toBe(true);
    expect(answer).toMatch(/\d/);
  });

  // A page computes by itself: the weights of either will do, and those of tfjs-node have learned more.
  const hasPage = files.some(({ path }) => path === 'index.html') && backend === computers.at(-1)!.backend;
  it.runIf(hasPage)('answers a picture in Chromium', async ({ skip }) => {
    if (given?.question !== 'question.png') skip('takes no picture file');
    const server = await createServer({
      root: dir,
      server: { port: 0, fs: { strict: false } },
      logLevel: 'error',
      cacheDir: join(dir, '.vite'),
    });
    await server.listen();
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch(existsSync(executablePath) ? { executablePath } : {});
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls!.local[0]!, { timeout: 300_000 });
      await page.getByText('Ready for a picture.').waitFor({ timeout: 300_000 });
      await page.locator('#file').setInputFiles(join(dir, 'question.png'));
      await page.getByText(/^Answered in/).waitFor({ timeout: 300_000 });
      const names = await page.locator('td:first-child').allTextContents();
      const [likeliest] = /(bright|dark|ground|object|class \d+)$/m.exec(node('dist/predict.js', 'question.png')) ?? [];
      expect(names[0]).toBe(likeliest);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
