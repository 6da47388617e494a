import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCheckpoint, readCheckpoint } from '../../../electron/files/checkpoint';
import { loadWeights } from '../../../electron/files/weights';
import { prepareRun } from '../../../electron/trainer/prepare';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { resumedConfig, resumedNetwork, trainUntil, writePictures } from '../../support/resumedRuns';

let dir: string;
let run: string;
let pictures: string;
let checkpoint: Buffer;
const config = () => resumedConfig('tfjs', pictures, 2);
const path = (): string => join(run, 'checkpoint.safetensors');
const weightsPath = (): string => join(run, 'weights.safetensors');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-refused-'));
  [run, pictures] = [join(dir, 'run'), join(dir, 'pictures')];
  await writePictures(pictures);
  await trainUntil(config(), run, 6);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function refusal(result: Result<unknown>): { readonly code: string; readonly words: string } {
  const [found] = result.ok ? [] : result.diagnostics;
  return { code: found?.code ?? '', words: `${found?.summary.en ?? ''} ${found?.why?.en ?? ''}` };
}

async function resume(): Promise<ReturnType<typeof refusal>> {
  const prepared = await prepareRun(resumedNetwork, config(), { resumeDir: run });
  if (prepared.ok) await prepared.value.session.dispose();
  return refusal(prepared);
}

describe('a run that cannot go on says why', () => {
  beforeAll(async () => {
    const read = await readCheckpoint(run);
    if (!read.ok) throw new Error('The run has no checkpoint.');
    const { state, variables } = read.value;
    // As it stood after three steps of its second epoch.
    checkpoint = encodeCheckpoint({ state: { ...state, step: 13, epoch: 2, seen: 15 }, variables });
    await writeFile(path(), checkpoint);
  });

  it('and goes on when nothing is wrong', async () => {
    expect(await resume()).toEqual({ code: '', words: ' ' });
  });

  it('without a checkpoint', async () => {
    await rm(path());
    expect((await resume()).code).toBe('model/no-checkpoint');
    await writeFile(path(), checkpoint);
  });

  it.each([
    { what: 'cut', bytes: () => checkpoint.subarray(0, checkpoint.length - 1) },
    { what: 'empty', bytes: () => Buffer.alloc(0) },
    { what: 'not one', bytes: () => readFile(weightsPath()) },
  ])('with a checkpoint that is $what, and that the weights can be used', async ({ bytes }) => {
    await writeFile(path(), await bytes());
    const { code, words } = await resume();
    expect(code).toBe('model/checkpoint-damaged');
    expect(words).toContain('can still be evaluated');
    await writeFile(path(), checkpoint);
  });

  it('with a checkpoint and weights that are both damaged, and that nothing can be used', async () => {
    const weights = await readFile(weightsPath());
    await writeFile(path(), 'x');
    await writeFile(weightsPath(), 'x');
    const { code, words } = await resume();
    expect(code).toBe('model/checkpoint-damaged');
    expect(words).toContain('no weights that could be used');
    await writeFile(path(), checkpoint);
    await writeFile(weightsPath(), weights);
  });

  it.each([
    { what: 'the step does not fit the epoch', change: { step: 14 } },
    { what: 'more was seen than there is', change: { seen: 1000 } },
  ])('when $what', async ({ change }) => {
    const read = await readCheckpoint(run);
    if (!read.ok) throw new Error('The run has no checkpoint.');
    const { state, variables } = read.value;
    await writeFile(path(), encodeCheckpoint({ state: { ...state, ...change }, variables }));
    expect((await resume()).code).toBe('model/checkpoint-damaged');
    await writeFile(path(), checkpoint);
  });

  it('when it has done all its epochs', async () => {
    const read = await readCheckpoint(run);
    if (!read.ok) throw new Error('The run has no checkpoint.');
    const { state, variables } = read.value;
    await writeFile(path(), encodeCheckpoint({ state: { ...state, step: 20, epoch: 3, seen: 0 }, variables }));
    expect((await resume()).code).toBe('model/run-complete');
    await writeFile(path(), checkpoint);
  });

  it('when its network is another one', async () => {
    const other = {
      ...resumedNetwork,
      nodes: resumedNetwork.nodes.map((node) =>
        node.id === 'f1' ? { ...node, params: { ...node.params, units: 17 } } : node,
      ),
    };
    expect(refusal(await prepareRun(other, config(), { resumeDir: run })).code).toBe('model/checkpoint-misfits');
  });

  it('when a picture was added, changed, or a class renamed', async () => {
    const picture = join(pictures, 'left', '0.png');
    const [was, other] = [await readFile(picture), await readFile(join(pictures, 'right', '3.png'))];
    await writeFile(join(pictures, 'left', '20.png'), other);
    expect(await resume()).toMatchObject({
      code: 'model/checkpoint-misfits',
      words: expect.stringContaining('48 + 12') as string,
    });
    await rm(join(pictures, 'left', '20.png'));
    await writeFile(picture, other);
    expect((await resume()).code).toBe('model/checkpoint-misfits');
    await writeFile(picture, was);
    expect((await resume()).code).toBe('');
  });
});

describe('a run that was ended in its first epoch', () => {
  it('has weights and a checkpoint, and no half of a file', async () => {
    expect((await loadWeights(run, 'r')).ok).toBe(true);
    expect((await readdir(run)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await stat(path())).size).toBeGreaterThan((await stat(weightsPath())).size);
  });
});
