import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LayersModel } from '@tensorflow/tfjs';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printTypescript } from '../../shared/exports/typescript';
import type { GeneratedFile } from '../../shared/exports/files';
import type { NetworkDocument } from '../../shared/schema/document';
import { writeProject } from '../support/printedProject';
import { writeData } from './data';
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

describe('the printed projects, all at once', () => {
  rmSync(linted, { recursive: true, force: true });
  for (const { name, document } of chosen) {
    for (const { path, text } of print(document)) write(join(linted, name, path), text);
  }
  const [first] = chosen;
  // One program for all of them, with the options and the rules of each.
  write(
    join(linted, 'tsconfig.json'),
    `{ "extends": "./${first!.name}/tsconfig.json", "compilerOptions": { "rootDir": ".", "noEmit": true }, "include": ["*/src"] }`,
  );
  const config = readFileSync(join(linted, first!.name, 'eslint.config.js'), 'utf8');
  write(join(linted, 'eslint.config.js'), config.replace('projectService: true', "project: './tsconfig.json'"));
  write(join(linted, 'package.json'), '{ "type": "module" }');

  it('pass the compiler', () => {
    expect(tool('typescript/bin/tsc', ['-p', '.'], linted)).toBe('');
  });

  it('pass ESLint with the rules that know types', () => {
    expect(tool('eslint/bin/eslint.js', ['.'], linted)).toBe('');
  });

  it('are as Prettier has them', () => {
    tool(
      'prettier/bin/prettier.cjs',
      ['--check', ...chosen.map(({ name }) => name), '--ignore-path', '/dev/null'],
      linted,
    );
  });
});

/** tfjs computes some 30 million multiply-adds a second without a library: the larger a network, the fewer steps. */
function effort(macs: number): { readonly epochs: number; readonly limit: number } {
  if (macs > 30_000_000) return { epochs: 2, limit: 1 };
  return macs > 1_000_000 ? { epochs: 4, limit: 4 } : { epochs: 8, limit: 40 };
}

const firstPages = ['lenet', 'unet-small', 'resnet-18'];

describe.each(chosen)('$name', ({ name, small }) => {
  const files = print(small);
  const dir = writeProject(`project-${name}`, files);
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('trains with a loss that falls, evaluates and predicts', async () => {
    const analysis = analyzeNetwork(small);
    const { buildModel } = (await import(/* @vite-ignore */ pathToFileURL(join(dir, 'dist/model.js')).href)) as {
      buildModel: () => LayersModel;
    };
    const outputs = [...files.find(({ path }) => path === 'src/answers.ts')!.text.matchAll(/^ {4}name: '(.+)'/gm)].map(
      ([, one]) => one!,
    );
    const given = writeData(
      dir,
      analysis,
      { inputs: buildModel().inputNames, outputs },
      small.train?.loss === 'meanSquaredError',
    );
    const { epochs, limit } = effort(analysis.totals.macs);
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

  it.runIf(firstPages.includes(name))('answers a picture in Chromium', async () => {
    const server = await createServer({
      root: dir,
      server: { port: 0 },
      logLevel: 'error',
      cacheDir: join(dir, '.vite'),
    });
    await server.listen();
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch(existsSync(executablePath) ? { executablePath } : {});
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls!.local[0]!);
      await page.getByText('Ready for a picture.').waitFor({ timeout: 120_000 });
      await page.locator('#file').setInputFiles(join(dir, 'question.png'));
      await page.getByText(/^Answered in/).waitFor({ timeout: 120_000 });
      const names = await page.locator('td:first-child').allTextContents();
      const [likeliest] = /(bright|dark|ground|object|class \d+)$/m.exec(node('dist/predict.js', 'question.png')) ?? [];
      expect(names[0]).toBe(likeliest);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
