import { expect, it } from 'vitest';
import { onnx } from '../../../electron/host/exports/onnx';
import { savedmodel } from '../../../electron/host/exports/savedmodel';
import type { Order } from '../../../electron/host/exports/targets';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { NetworkDocument, NetworkNode } from '../../../shared/document';
import { defaultFigureOptions } from '../../../shared/schema/figures';

const width = 2048;

/** Convolutions of 38 million parameters each. */
function large(count: number): NetworkDocument {
  const convs = Array.from({ length: count }, (_, at): NetworkNode => ({
    id: `c${at}`,
    kind: 'conv',
    params: { filters: width, kernelSize: 3, padding: 'same', activation: 'relu' },
  }));
  const nodes: NetworkNode[] = [{ id: 'x', kind: 'input', params: { shape: [32, 32, width] } }, ...convs];
  const edges = convs.map(({ id }, at) => ({ from: nodes[at]?.id ?? '', to: id }));
  return { format: 'convloom.network', version: 1, name: 'large', nodes, edges };
}

it.each([
  ['ONNX', onnx],
  ['SavedModel', savedmodel],
] as const)('600 million parameters are counted, and refused by %s before any is made', async (name, target) => {
  const document = large(16);
  const analysis = analyzeNetwork(document);
  expect(analysis.totals.params).toBe(16 * (9 * width * width + width));
  const weights = (): never => {
    throw new Error('Weights were made.');
  };
  const order: Order = {
    document,
    analysis,
    weights,
    model: null,
    sample: () => Promise.resolve(null),
    figure: defaultFigureOptions,
    ask: () => Promise.reject(new Error('Nobody is asked.')),
    signal: undefined,
  };
  const printed = await target.print(order);
  expect(printed).toMatchObject({ ok: false, diagnostics: [{ code: 'export/too-large' }] });
  expect(printed.ok ? '' : printed.diagnostics[0]?.summary.en).toContain(name);
});
