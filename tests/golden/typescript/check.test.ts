import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeModel } from '../../../electron/files/models';
import { writeExport } from '../../../electron/host/exports';
import { createAnswers } from '../../../electron/trainer/answers';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileInference } from '../../../shared/compile/compile';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { failure } from '../../../shared/diagnostics/diagnostic';
import { runCrashed } from '../../../shared/diagnostics/catalog/run';
import type { NetworkDocument } from '../../../shared/schema/document';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';
import { writeProject } from '../../support/printedProject';

const folder = mkdtempSync(join(tmpdir(), 'convloom-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Answerer = Parameters<typeof writeExport>[2];

const answers = createAnswers();
// The answers of a trainer, without its process: each name has the answer that its question asks for.
const ask = ((name, question) => answers(name, question, new AbortController().signal)) as Answerer['ask'];

/** Exports a network with fresh weights; gives its folder, compiled, and its scripts. */
async function exported(name: string, document: NetworkDocument, answerer: Answerer = { ask }) {
  const compiled = compileInference(document, analyzeNetwork(document));
  if (!compiled.ok) throw new Error('does not compile');
  const shape = compiled.value.inputs[0]!.shape;
  const data = { task: 'classification', classes: ['left', 'right'], inputShape: shape, scaling: null } as const;
  const weights = initialWeights(compiled.value.weights, 3);
  const model = join(folder, `${name}-model`);
  await writeModel(model, { document, weights, facts: { data, source: 'a test' } });
  const path = join(folder, name);
  const written = await writeExport(
    { document, target: 'typescript', path, overwrite: false },
    model,
    answerer,
    undefined,
  );
  if (!written.ok) throw new Error(JSON.stringify(written.diagnostics));
  const files = written.value.files.map((file) => relative(path, file).replaceAll('\\', '/'));
  const texts = files.filter((file) => !file.endsWith('.bin'));
  const dir = writeProject(
    `check-${name}`,
    texts.map((file) => ({ path: file, text: readFileSync(join(path, file), 'utf8') })),
  );
  cpSync(join(path, 'weights.bin'), join(dir, 'weights.bin'));
  const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  return { dir, files, node };
}

const template = (id: string): NetworkDocument => templates.find((one) => one.id === id)!.document;

describe('an exported project with weights', () => {
  it.each([
    ['lenet', template('lenet')],
    ['unet-small', template('unet-small')],
    ['table', chainNetwork([4], ['fc', { units: 8, activation: 'relu' }], ['fc', { units: 2 }])],
  ])('%s: is as near to Convloom’s own values as float32 is, and says so', async (name, document) => {
    const { dir, node } = await exported(name, document);
    const [, largest = 'none'] =
      /^Largest difference (\S+), where the largest value is \S+\.$/m.exec(node('dist/check.js')) ?? [];
    expect(Number(largest)).toBeLessThan(1e-4);
    const readme = readFileSync(join(dir, 'README.md'), 'utf8');
    const stamp = /## Proof\n\nRun by TensorFlow\.js \S+ on random input: the largest difference to Convloom is (\S+),/;
    const [, stamped = 'none'] = stamp.exec(readme) ?? [];
    expect(Number(stamped)).toBeLessThan(1e-4);
  });

  it('fails its check when its weights are others', async () => {
    const { dir, node } = await exported('others', chainNetwork([4], ['fc', { units: 2 }]));
    const bytes = readFileSync(join(dir, 'weights.bin'));
    bytes.writeFloatLE(bytes.readFloatLE(0) + 1, 0);
    writeFileSync(join(dir, 'weights.bin'), bytes);
    expect(() => node('dist/check.js')).toThrow(/These are not the values of Convloom/);
  });

  it('says how far code that computes something else is', async () => {
    const document = chainNetwork([4], ['fc', { units: 8, activation: 'relu' }], ['fc', { units: 2 }]);
    const tampered: Answerer = {
      ask: async (name, question) => {
        if (name === 'printedProject') {
          const model = join((question as { path: string }).path, 'model.ts');
          writeFileSync(model, readFileSync(model, 'utf8').replace("activation: 'relu'", "activation: 'sigmoid'"));
        }
        return await ask(name, question as never);
      },
    };
    const { dir } = await exported('tampered', document, tampered);
    const readme = readFileSync(join(dir, 'README.md'), 'utf8');
    const [, stamped = '0'] = /difference to Convloom is (\S+),/.exec(readme) ?? [];
    expect(Number(stamped)).toBeGreaterThan(1e-3);
  });

  it('names the classes that its model was trained on', async () => {
    const { dir, node } = await exported('names', chainNetwork([4], ['fc', { units: 2 }]));
    writeFileSync(join(dir, 'one.json'), '[1, 0, 0, 1]');
    expect(node('dist/predict.js', 'one.json')).toMatch(/ (left|right)$/m);
  });

  it('is written without a reference where the model cannot be asked', async () => {
    const crash: Answerer = { ask: () => Promise.resolve(failure(runCrashed('a crash'))) };
    const { dir, files, node } = await exported('unasked', chainNetwork([4], ['fc', { units: 2 }]), crash);
    expect(files).toContain('classes.json');
    expect(files).not.toContain('check.json');
    expect(readFileSync(join(dir, 'README.md'), 'utf8')).toContain('Not proved: ');
    expect(() => node('dist/check.js')).toThrow(/No check\.json/);
  });
});
