import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileLayerSteps } from '../../../shared/compile/layerSteps';
import { checkProgram, findingText } from '../../../shared/ops/check';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';

function stepsOf(document: Parameters<typeof analyzeNetwork>[0]) {
  const analysis = analyzeNetwork(document);
  const answer = analysis.nodes.get(analysis.outputs[0] ?? '')?.outputShape ?? [];
  const task = {
    kind: answer.length === 3 ? 'segmentation' : 'classification',
    classCount: answer.at(-1) ?? 1,
    hasIgnored: false,
  } as const;
  return { analysis, steps: compileLayerSteps(document, analysis, { ...defaultTrainingConfig, loss: 'auto', task }) };
}

const closed = templates.filter(({ document }) => {
  const { steps } = stepsOf(document);
  return steps.ok;
});

describe('the part of a layer in a training step', () => {
  it('is compiled for most templates', () => {
    expect(closed.length).toBeGreaterThan(templates.length / 2);
  });

  it.each(closed)('$id: every layer has one, and it is a sound program', ({ document }) => {
    const { analysis, steps } = stepsOf(document);
    if (!steps.ok) throw new Error('It does not compile.');
    const timed = steps.value.flatMap(({ nodes }) => nodes);
    expect(new Set(timed).size).toBe(timed.length);
    const weighted = [...analysis.nodes.values()].filter(({ weights }) => weights.length > 0);
    expect(weighted.map(({ id }) => id).filter((id) => !timed.includes(id))).toEqual([]);
    expect(steps.value.flatMap(({ program }) => checkProgram(program).map(findingText))).toEqual([]);
  });

  it('updates its weights, and gives a gradient back only where something learns from it', () => {
    const { steps } = stepsOf(
      chainNetwork(
        [8, 8, 1],
        ['conv', { filters: 2, kernelSize: 3 }],
        ['conv', { filters: 2, kernelSize: 3 }],
        ['gap'],
      ),
    );
    if (!steps.ok) throw new Error('It does not compile.');
    const [first, second] = steps.value.map(({ program }) => program.functions['step']!);
    expect(Object.keys(first!.outputs)).toEqual(['y']);
    expect(Object.keys(second!.outputs)).toEqual(['y', 'dx0']);
    expect(first!.updates).toHaveLength(2);
    expect(
      second!.nodes
        .filter(({ op }) => op.startsWith('conv2d'))
        .map(({ op }) => op)
        .sort(),
    ).toEqual(['conv2d', 'conv2dFilterGrad', 'conv2dInputGrad']);
  });
});
