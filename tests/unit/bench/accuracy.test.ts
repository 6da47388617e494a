import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelResult } from '../../../electron/bench/accuracy';
import { accuracyMarkdown } from '../../../electron/bench/accuracyMarkdown';
import { peerLayers } from '../../../electron/bench/network';
import { accuracyRecipes, epochsOf, peerRecipe } from '../../../electron/bench/recipes';
import { accuracyReportSchema } from '../../../electron/bench/report';
import type { AccuracyReport, SeedRun } from '../../../electron/bench/report';
import { runSeed } from '../../../electron/bench/seedRun';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { NetworkDocument } from '../../../shared/schema/document';

const lenetPath = join(import.meta.dirname, '../../../templates/lenet/network.json');
const lenet = JSON.parse(readFileSync(lenetPath, 'utf8')) as NetworkDocument;

function runOf(seed: number, ...scores: readonly (readonly [seconds: number, valAccuracy: number])[]): SeedRun {
  return {
    seed,
    epochs: scores.map(([seconds, valAccuracy], index) => ({ epoch: index + 1, valAccuracy, seconds })),
    fault: null,
  };
}

const runs = [runOf(1, [5, 0.97], [10, 0.98], [15, 0.979]), runOf(2, [6, 0.985]), runOf(3, [5, 0.9], [11, 0.97])];

describe('the seconds to an accuracy', () => {
  it('are those of the first epoch that reaches it; a seed that does not is counted, and in no mean', () => {
    expect(levelResult(0.98, runs)).toEqual({
      level: 0.98,
      reached: 2,
      seeds: 3,
      seconds: { mean: 8, deviation: Math.sqrt(8), least: 6, most: 10 },
    });
    expect(levelResult(0.99, runs)).toEqual({ level: 0.99, reached: 0, seeds: 3, seconds: null });
    expect(levelResult(0.97, runs.slice(1, 2)).seconds).toEqual({ mean: 6, deviation: null, least: 6, most: 6 });
  });

  it('are told with their spread, and who never came there', () => {
    const report: AccuracyReport = {
      machine: { cpu: 'Test CPU', threads: 2, memoryBytes: 2 ** 33, node: 'v20.0.0' },
      threads: 2,
      seeds: 3,
      interrupted: false,
      recipes: [
        {
          id: 'lenet',
          label: 'LeNet',
          epochs: 5,
          results: [
            {
              candidate: 'onnxruntime',
              label: 'ONNX Runtime',
              available: true,
              device: 'CPU',
              version: '1',
              levels: [levelResult(0.98, runs), levelResult(0.99, runs)],
              runs: [...runs.slice(0, 2), { ...runs[2]!, fault: 'the disk is full' }],
            },
            { candidate: 'keras', label: 'Keras', available: false, why: 'no Python' },
          ],
        },
      ],
    };
    expect(accuracyReportSchema.parse(report)).toEqual(report);
    const lines = accuracyMarkdown(report).split('\n');
    expect(lines).toContain('| | To 98 %, s | To 99 %, s | Best accuracy | Device | Versions |');
    expect(lines).toContain(
      '| ONNX Runtime | 8.0 ± 2.8 (6.0 to 10.0), 2 of 3 | not reached, 0 of 3 | 97.00 % to 98.50 % | CPU | 1 |',
    );
    expect(lines).toContain('| Keras | cannot: no Python | | | | |');
    expect(lines).toContain('- ONNX Runtime, seed 3: the disk is full');
  });
});

describe('the recipes', () => {
  const recipes = accuracyRecipes(lenet);

  it.each(recipes)('of $id train as they are, and peers have words for all of it', (recipe) => {
    const errors = analyzeNetwork(recipe.document).diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([]);
    expect(peerRecipe(recipe)).not.toHaveProperty('lacking');
    expect(peerLayers(recipe.document)).not.toHaveProperty('lacking');
  });

  it('with a setting that peers have no words for are not given to them without it', () => {
    const averaged = { ...lenet, train: { ...lenet.train, emaDecay: 0.99 } };
    expect(peerRecipe({ ...recipes[0]!, document: averaged })).toEqual({ lacking: 'emaDecay 0.99' });
  });

  it('leave the template as it is, and take other epochs where they are asked to', () => {
    expect(recipes[0]?.document).toEqual(lenet);
    expect(peerRecipe(recipes[1]!)).toMatchObject({ learningRate: 0.004, shiftPixels: 2, rotate: 12, rise: 0.3 });
    expect(accuracyRecipes(lenet, 2).map(epochsOf)).toEqual([2, 2]);
  });
});

describe('a run that is followed', () => {
  const follow = (code: string) =>
    runSeed({ command: process.execPath, args: ['-e', code], input: '', environment: {} }, 7, 0.98, undefined);
  const say = (line: object): string => `console.log(${JSON.stringify(JSON.stringify(line))});`;
  const started = say({ event: 'started', device: 'CPU', engine: 'Test' });

  it('ends once the last level is reached, however long it would go on', async () => {
    const code = `${started}${say({ event: 'epoch', epoch: 1, valAccuracy: 0.9 })}console.log('no JSON');${say({ event: 'epoch', epoch: 2, valAccuracy: 0.99 })}setInterval(() => {}, 1000)`;
    const outcome = await follow(code);
    if (!outcome.started) throw new Error(outcome.why);
    expect(outcome).toMatchObject({ device: 'CPU', version: 'Test', run: { seed: 7, fault: null } });
    expect(outcome.run.epochs.map(({ epoch, valAccuracy }) => [epoch, valAccuracy])).toEqual([
      [1, 0.9],
      [2, 0.99],
    ]);
    const [first, second] = outcome.run.epochs.map(({ seconds }) => seconds);
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThanOrEqual(first!);
  });

  it('that does not begin says why, in its own words', async () => {
    const refusal = say({ ok: false, diagnostics: [{ message: 'There is no engine.' }] });
    expect(await follow(`${refusal}process.exitCode = 2`)).toEqual({ started: false, why: 'There is no engine.' });
    expect(await follow(say({ type: 'cannot', why: 'no torch' }))).toEqual({ started: false, why: 'no torch' });
    expect(await runSeed({ command: '/nowhere', args: [], input: '', environment: {} }, 1, 1, undefined)).toMatchObject(
      { started: false },
    );
  });

  it('that breaks off keeps what it reached, with the reason', async () => {
    const epoch = say({ event: 'epoch', epoch: 1, valAccuracy: 0.9 });
    const failed = say({ event: 'failed', diagnostic: { message: 'The loss is no number.' } });
    const outcome = await follow(`${started}${epoch}${failed}`);
    expect(outcome).toMatchObject({ started: true, run: { fault: 'The loss is no number.' } });
    expect(await follow(`${started}process.exit(3)`)).toMatchObject({
      run: { epochs: [], fault: 'it ended with code 3' },
    });
  });
});
