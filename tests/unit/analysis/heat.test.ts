import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import {
  formatHeat,
  gradientLevel,
  heatOf,
  heatOfGroups,
  heatText,
  heatTicks,
  measureNode,
} from '../../../shared/analysis/heat';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';

const lenet = analyzeNetwork(templates.find(({ id }) => id === 'lenet')!.document);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe('heat', () => {
  it('is the part of the largest, by its root, and the share of all', () => {
    const heat = heatOf(lenet, 'params');
    expect(heat.total).toBe(431_080);
    expect(heat.most).toBe(400_500);
    expect(heat.values.get('f1')).toEqual({ value: 400_500, share: 400_500 / 431_080, level: 1 });
    expect(heat.values.get('c1')!.level).toBeCloseTo(Math.sqrt(520 / 400_500));
    expect(heat.values.get('p1')).toEqual({ value: 0, share: 0, level: 0 });
  });

  it.each(templates)(
    '$id: cards together have what the network has, whatever blocks they stand for',
    ({ document }) => {
      const analysis = analyzeNetwork(document);
      const totals = {
        params: analysis.totals.params,
        macs: analysis.totals.macs,
        memory: analysis.totals.activationBytes,
      };
      for (const measure of ['params', 'macs', 'memory'] as const) {
        const { values, total } = heatOf(analysis, measure);
        expect(total).toBe(totals[measure]);
        expect(sum([...values.values()].map(({ share }) => share ?? 0))).toBeCloseTo(1);
        const ids = new Set(document.nodes.map(({ id }) => id));
        expect([...values.keys()].filter((id) => !ids.has(id))).toEqual([]);
      }
    },
  );

  it('a block is as hot as its contents together', () => {
    const { document } = templates.find(({ id }) => id === 'resnet-50')!;
    const analysis = analyzeNetwork(document);
    const [id, block] = [...analysis.blocks].find(([key]) => document.nodes.some((node) => node.id === key))!;
    expect(heatOf(analysis, 'macs').values.get(id)!.value).toBe(block.macs);
  });

  it('time is what was measured: nothing without it, and of a block the sum of its contents', () => {
    const { document } = templates.find(({ id }) => id === 'resnet-50')!;
    const analysis = analyzeNetwork(document);
    expect(heatOf(analysis, 'time').values.size).toBe(0);
    const times = Object.fromEntries([...analysis.nodes.keys()].map((id, place) => [id, place === 0 ? 2.5 : 0.5]));
    const heat = heatOf(analysis, 'time', times);
    expect(heat.total).toBeCloseTo(sum(Object.values(times)));
    const [id, block] = [...analysis.blocks].find(([key]) => document.nodes.some((node) => node.id === key))!;
    expect(heat.values.get(id)!.value).toBeCloseTo(block.nodeCount * 0.5);
    expect(heatOf(analysis, 'time', times)).toBe(heat);
    expect(measureNode(analysis, 'constructor', 'time', times)).toBeNull();
  });

  it('groups have what is in them, and what is not known is not cold', () => {
    const broken = analyzeNetwork(chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 99 }], ['gap']));
    expect(measureNode(broken, 'n1', 'macs')).toBeNull();
    const groups = new Map([
      ['all', ['image', 'n1', 'n2']],
      ['lost', ['n1']],
    ]);
    expect([...heatOfGroups(broken, groups, 'macs').values.keys()]).toEqual(['all']);
  });

  it('a network without parameters is cold', () => {
    const heat = heatOf(analyzeNetwork(chainNetwork([8, 8, 1], ['pool'])), 'params');
    expect([...heat.values.values()].every(({ level, share }) => level === 0 && share === 0)).toBe(true);
  });

  it('what a run measures adds up to nothing: a block has the largest in it, a gradient its power of ten', () => {
    const { document } = templates.find(({ id }) => id === 'resnet-50')!;
    const analysis = analyzeNetwork(document);
    const [id] = [...analysis.blocks].find(([key]) => document.nodes.some((node) => node.id === key))!;
    const inside = [...analysis.nodes.keys()].filter((node) => node.startsWith(`${id}/`));
    const measured = Object.fromEntries(inside.map((node, at) => [node, at === 1 ? 1e-4 : 1e-6]));
    const heat = heatOf(analysis, 'gradient', measured);
    expect(heat.total).toBeNull();
    expect([...heat.values]).toEqual([[id, { value: 1e-4, share: null, level: 0.5 }]]);
    expect(heatText('gradient', heat.values.get(id)!)).toBe('1.0e−4');
    expect(heatTicks('gradient', heat).map(({ value }) => value)).toEqual([1e-8, 1e-4, 1]);
    expect(heatOf(lenet, 'dead', { c1: 0.5, a1: 0 }).values.get('a1')).toEqual({ value: 0, share: null, level: 0 });
    expect(heatOf(lenet, 'dead').values.size).toBe(0);
  });

  it.each([
    [1, 1],
    [10, 1],
    [1e-4, 0.5],
    [1e-9, 0],
    [0, 0],
  ])('a gradient of %d is at %d of its scale', (gradient, level) => {
    expect(gradientLevel(gradient)).toBeCloseTo(level);
  });

  it('the middle of the scale is a quarter of its end', () => {
    expect(heatTicks('params', heatOf(lenet, 'params'))).toEqual([
      { at: 0, value: 0 },
      { at: 0.5, value: 100_125 },
      { at: 1, value: 400_500 },
    ]);
  });

  it.each([
    ['params', 400_500, '401 k'],
    ['memory', 1_605_632, '1.6 MB'],
    ['time', 0.344, '0.34 ms'],
    ['time', 1251, '1.25 s'],
    ['gradient', 0.00123, '1.2e−3'],
    ['gradient', 0, '0'],
    ['dead', 0.5, '50 %'],
  ] as const)('writes %s of %d as %s', (measure, value, written) => {
    expect(formatHeat(measure, value)).toBe(written);
  });
});
