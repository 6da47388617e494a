import { describe, expect, it } from 'vitest';
import type { EngineChoice } from '../../../electron/engines/ladder';
import { isRecomputing, settleRecompute } from '../../../electron/engines/recompute';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { readTemplate } from '../../support/templatePrograms';

const document = readTemplate('unet-small');
const analysis = analyzeNetwork(document);
const [output = ''] = analysis.outputs;
const task = { kind: 'segmentation', classCount: analysis.nodes.get(output)!.outputShape!.at(-1)! } as const;
const config = { ...defaultTrainingConfig, batchSize: 64, accumulate: 2 };
const compiled = compileTraining(document, analysis, { ...config, task });
if (!compiled.ok) throw new Error('The template does not compile.');
const { program } = compiled.value;

function choiceOn(device: string): EngineChoice {
  const engine = {
    id: 'tensorflow',
    reducedTypes: [],
    probe: () => Promise.reject(new Error()),
    compile: () => Promise.reject(new Error()),
  } as const;
  return { engine, status: { available: true, device, versions: {} }, skipped: [] };
}

const megabyte = 2 ** 20;

function settle(recompute: TrainingConfig['recompute'], freeMegabytes: number, device = 'CPU, 2 threads') {
  return settleRecompute(choiceOn(device), program, { ...config, recompute }, freeMegabytes * megabyte);
}

describe('whether a run recomputes', () => {
  it.each([
    ['auto', 'much', 4000, false, undefined],
    ['auto', 'some', 420, true, 'engine/recompute-settled'],
    ['auto', 'next to nothing', 60, true, 'engine/step-too-large'],
    ['on', 'much', 4000, true, undefined],
    ['on', 'next to nothing', 60, true, 'engine/step-too-large'],
    ['off', 'much', 4000, false, undefined],
    ['off', 'some', 420, false, 'engine/step-too-large'],
  ] as const)('is by the setting %s and the memory, where %s is free', (wanted, _, free, expected, code) => {
    const settled = settle(wanted, free);
    expect(isRecomputing(settled.program)).toBe(expected);
    expect(settled.program.functions.gatherStep!.recompute !== undefined).toBe(expected);
    expect(settled.program.functions.evaluate!.recompute).toBeUndefined();
    expect(settled.note?.code).toBe(code);
  });

  it('asks for as many bytes as are free, and not for the fewest', () => {
    const within = (free: number) => settle('auto', free).program.functions.trainStep!.recompute?.within;
    expect(within(420)).toBeGreaterThan(within(300)!);
    expect(settle('on', 4000).program.functions.trainStep!.recompute).toEqual({ batch: 64, within: null });
  });

  it('is offered with a smaller batch where a step is too large', () => {
    const fixes = settle('off', 420).note!.fixes.map(({ edits }) => edits[0]);
    expect(fixes[0]).toEqual({ type: 'setTraining', train: { recompute: 'auto' } });
    const [smaller] = settle('auto', 60).note!.fixes;
    expect(smaller!.edits[0]).toMatchObject({
      type: 'setTraining',
      train: { batchSize: expect.any(Number) as number },
    });
    // Not even one sample: nothing is offered that would not help.
    expect(settle('on', 1).note!.fixes).toEqual([]);
  });

  it('is left alone on a graphics card, of whose memory nothing is known', () => {
    expect(settle('auto', 1, 'NVIDIA H100')).toEqual({ program, note: null });
    expect(isRecomputing(settle('on', 1, 'NVIDIA H100').program)).toBe(true);
  });
});
