import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { findHead, headCost } from '../../../shared/transforms/findHead';
import { headVariants, switchHead, withHead } from '../../../shared/transforms/heads';
import { applyEdits } from '../../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../../shared/schema/document';
import { parseNetwork } from '../../../shared/document/parse';

function template(id: string): NetworkDocument {
  const parsed = parseNetwork(readFileSync(`templates/${id}/network.json`, 'utf8'));
  if (!parsed.ok) throw new Error(`template ${id} does not parse`);
  return parsed.value;
}

const lenet: NetworkDocument = {
  format: 'convloom.network',
  version: 1,
  name: 'LeNet',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'c1', kind: 'conv', params: { filters: 20, kernelSize: 5 } },
    { id: 'p1', kind: 'pool', params: {} },
    { id: 'c2', kind: 'conv', params: { filters: 50, kernelSize: 5 } },
    { id: 'p2', kind: 'pool', params: {} },
    { id: 'f1', kind: 'fc', params: { units: 500, activation: 'relu' } },
    { id: 'f2', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'c1' },
    { from: 'c1', to: 'p1' },
    { from: 'p1', to: 'c2' },
    { from: 'c2', to: 'p2' },
    { from: 'p2', to: 'f1' },
    { from: 'f1', to: 'f2' },
  ],
};

function paramsWith(document: NetworkDocument, kind: 'fc' | 'gap' | 'conv'): number {
  const plan = switchHead(document, analyzeNetwork(document), kind);
  if (!plan.ok) throw new Error(plan.diagnostics.map((one) => one.code).join());
  expect(plan.value.after.ok).toBe(true);
  return plan.value.after.totals.trainableParams;
}

describe('switching the head', () => {
  it('turns LeNet with 431,080 parameters into 26,080 with GAP', () => {
    expect(analyzeNetwork(lenet).totals.trainableParams).toBe(431_080);
    expect(paramsWith(lenet, 'gap')).toBe(26_080);
  });

  it('keeps 431,080 parameters when the FCs become convs, and carries every weight over in place', () => {
    const plan = switchHead(lenet, analyzeNetwork(lenet), 'conv');
    if (!plan.ok) throw new Error('no plan');
    expect(plan.value.equivalent).toBe(true);
    expect(plan.value.after.totals.trainableParams).toBe(431_080);
    const kernel = Float32Array.from({ length: 800 * 500 }, (_, index) => index);
    const carried = plan.value.carry({ 'f1/kernel': { shape: [800, 500], data: kernel } });
    expect(carried['f1/kernel']?.shape).toEqual([4, 4, 50, 500]);
    expect(carried['f1/kernel']?.data).toBe(kernel);
    expect(plan.value.after.nodes.get('f2')?.weights.find((weight) => weight.name === 'kernel')?.shape).toEqual([
      1, 1, 500, 10,
    ]);
    expect(plan.value.after.outputs.map((id) => plan.value.after.nodes.get(id)?.outputShape)).toEqual([[10]]);
  });

  it('comes back from conv to the very same FC parameters', () => {
    const conv = withHead(lenet, 'conv');
    if (!conv.ok) throw new Error('no conv head');
    const back = withHead(conv.value, 'fc');
    expect(back).toEqual({ ok: true, value: lenet });
  });

  it('goes from GAP to the hidden layer of 500 that LeNet has, and on to conv', () => {
    const gap = withHead(lenet, 'gap');
    if (!gap.ok) throw new Error('no GAP head');
    expect(paramsWith(gap.value, 'fc')).toBe(431_080);
    expect(paramsWith(gap.value, 'conv')).toBe(431_080);
  });

  it.each([
    ['vgg-16', 138_357_544, 14_714_688 + 512 * 1000 + 1000],
    ['alexnet', 61_100_840, 2_469_696 + 256 * 1000 + 1000],
  ])('replaces the FCs of %s (%i parameters) by GAP and one layer (%i)', (id, before, after) => {
    const document = template(id);
    expect(analyzeNetwork(document).totals.trainableParams).toBe(before);
    expect(paramsWith(document, 'gap')).toBe(after);
  });

  it('writes the FCs of VGG-16 as 7×7 and 1×1 kernels without a parameter more', () => {
    expect(paramsWith(template('vgg-16'), 'conv')).toBe(138_357_544);
  });

  it('keeps a softmax behind the classifier', () => {
    const edited = applyEdits(lenet, [
      { type: 'addNode', node: { id: 's', kind: 'activation', params: { function: 'softmax' } } },
      { type: 'connect', edge: { from: 'f2', to: 's' } },
    ]);
    if (!edited.ok) throw new Error('not editable');
    for (const kind of ['gap', 'conv'] as const) {
      const switched = withHead(edited.value, kind);
      if (!switched.ok) throw new Error('not switched');
      expect(analyzeNetwork(switched.value).outputs).toEqual(['s']);
    }
  });

  it('is one list of edits that applies to the document it was planned for', () => {
    const plan = switchHead(lenet, analyzeNetwork(lenet), 'gap');
    if (!plan.ok) throw new Error('no plan');
    expect(applyEdits(lenet, plan.value.edits)).toEqual({ ok: true, value: plan.value.document });
  });
});

describe('what cannot be switched', () => {
  const codeOf = (document: NetworkDocument, kind: 'fc' | 'gap' | 'conv'): string | undefined => {
    const plan = switchHead(document, analyzeNetwork(document), kind);
    return plan.ok ? undefined : plan.diagnostics[0]?.code;
  };

  it('says so when the head already has the form', () => {
    expect(codeOf(lenet, 'fc')).toBe('transform/already');
  });

  it('refuses a GAP right behind the pixels of a DNN', () => {
    expect(codeOf(template('dnn'), 'gap')).toBe('transform/no-trunk');
  });

  it('waits for the errors upstream, naming the node that failed', () => {
    const broken = {
      ...lenet,
      nodes: lenet.nodes.map((node) =>
        node.id === 'c2' ? { ...node, params: { filters: 50, kernelSize: 30 } } : node,
      ),
    };
    const plan = switchHead(broken, analyzeNetwork(broken), 'gap');
    expect(plan.ok ? null : [plan.diagnostics[0]?.code, plan.diagnostics[0]?.at.nodeId]).toEqual([
      'transform/not-ready',
      'c2',
    ]);
  });

  it('finds no head in a network that answers with a map', () => {
    expect(codeOf(template('unet-small'), 'gap')).toBe('transform/no-head');
  });

  it('cannot build an FC head over maps of unknown size', () => {
    const gap = withHead(
      {
        ...lenet,
        nodes: lenet.nodes.map((node) =>
          node.id === 'image' ? { ...node, params: { shape: [null, null, 1] } } : node,
        ),
      },
      'gap',
    );
    if (!gap.ok) throw new Error('GAP takes any size');
    expect(codeOf(gap.value, 'fc')).toBe('transform/not-ready');
  });
});

describe('the head and its cost', () => {
  it('finds the FCs of LeNet behind p2, with 405,510 of the parameters', () => {
    const analysis = analyzeNetwork(lenet);
    const head = findHead(lenet, analysis);
    if (!head.ok) throw new Error('no head');
    expect(head.value).toMatchObject({ kind: 'fc', trunkEnd: 'p2', layers: ['f1', 'f2'], classCount: 10 });
    expect(headCost(analysis, head.value)).toMatchObject({ trainableParams: 405_510, macs: 405_000 });
  });

  it('offers every variant of LeNet, the present one first', () => {
    const variants = headVariants(lenet);
    if (!variants.ok) throw new Error('no variants');
    expect(variants.value.map((variant) => [variant.kind, variant.state])).toEqual([
      ['fc', 'current'],
      ['gap', 'plan'],
      ['convGap', 'plan'],
      ['conv', 'plan'],
    ]);
  });
});

describe('where a switched head lies', () => {
  const placeOf = (document: NetworkDocument, id: string | undefined) =>
    document.nodes.find((node) => node.id === id)?.position;

  it('puts the GAP where the first FC was, and leaves no two nodes in one place', () => {
    for (const id of ['lenet', 'vgg-16', 'alexnet']) {
      const document = template(id);
      const head = findHead(document, analyzeNetwork(document));
      const switched = withHead(document, 'gap');
      if (!head.ok || !switched.ok) throw new Error('not switched');
      const gap = switched.value.nodes.find((node) => node.kind === 'gap');
      expect(gap?.position).toEqual(
        placeOf(
          document,
          head.value.nodes.find((node) => node !== head.value.classifier),
        ),
      );
      const places = switched.value.nodes.map((node) => JSON.stringify(node.position));
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it('makes room where a head grows', () => {
    const switched = withHead(template('vgg-16-gap'), 'fc');
    if (!switched.ok) throw new Error('not switched');
    const places = switched.value.nodes.map((node) => JSON.stringify(node.position));
    expect(new Set(places).size).toBe(places.length);
  });
});
