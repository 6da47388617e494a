import { describe, expect, it } from 'vitest';
import { opCaseIds, opCases } from '../../../electron/bench/opCases';
import { peerLayers } from '../../../electron/bench/network';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { defaultTrainingConfig } from '../../../shared/schema/training';

describe('the ops of the benchmark', () => {
  it.each(opCases())('$id trains, and its peers have words for all of it', ({ document, task }) => {
    const analysis = analyzeNetwork(document);
    expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(compileTraining(document, analysis, { ...defaultTrainingConfig, task }).ok).toBe(true);
    const layers = peerLayers(document);
    if ('lacking' in layers) throw new Error(layers.lacking);
    expect(layers.map(({ id }) => id)).toEqual(document.nodes.map(({ id }) => id));
  });

  it('are those that --case names', () => {
    expect(opCases().map(({ id }) => id)).toEqual(opCaseIds);
  });

  it.each([
    ['dilated', { dilation: [2, 2], groups: 1, pads: [2, 2, 2, 2] }],
    ['depthwise', { dilation: [1, 1], groups: 64, pads: [1, 1, 1, 1] }],
    ['large-kernel', { dilation: [1, 1], groups: 1, pads: [4, 4, 4, 4] }],
  ] as const)('tells peers the windows of %s', (id, expected) => {
    const layers = peerLayers(opCases().find((one) => one.id === id)!.document);
    expect('lacking' in layers ? null : layers[1]).toMatchObject(expected);
  });
});
