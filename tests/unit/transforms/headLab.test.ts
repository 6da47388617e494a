import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../electron/files/safetensors';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { networkWeights } from '../../../shared/compile/networkWeights';
import { parseNetwork } from '../../../shared/document/parse';
import { structureDigest } from '../../../shared/document/digest';
import type { NetworkDocument } from '../../../shared/schema/document';
import { findHead } from '../../../shared/transforms/findHead';
import { builtHeads, headFigures, headLab, weightFileBytes } from '../../../shared/transforms/headLab';
import { switchHead, withHead } from '../../../shared/transforms/heads';
import { blockAsHead, graftHead, type OwnHead } from '../../../shared/transforms/ownHead';
import { chainNetwork } from '../../support/networks';

function template(id: string): NetworkDocument {
  const parsed = parseNetwork(readFileSync(`templates/${id}/network.json`, 'utf8'));
  if (!parsed.ok) throw new Error(`template ${id} does not parse`);
  return parsed.value;
}

function figuresOf(document: NetworkDocument, own: readonly OwnHead[] = []) {
  const lab = headLab(document, analyzeNetwork(document), own);
  if (!lab.ok) throw new Error(lab.diagnostics.map(({ code }) => code).join());
  const settings = { batchSize: 32, optimizer: 'adam' } as const;
  return { lab: lab.value, figures: builtHeads(lab.value).map((head) => headFigures(head, settings)) };
}

describe('the head lab', () => {
  it('sets the heads of VGG-16 side by side: 123,642,856 parameters of the head become 513,000', () => {
    const { figures } = figuresOf(template('vgg-16'));
    expect(
      figures.map(({ label, trainableParams, head, isCurrent }) => [
        label.en,
        trainableParams,
        head.trainableParams,
        isCurrent,
      ]),
    ).toEqual([
      ['FC', 138_357_544, 123_642_856, true],
      ['GAP + FC', 15_227_688, 513_000, false],
      ['Conv + GAP', 15_227_688, 513_000, false],
      ['7×7 conv', 138_357_544, 123_642_856, false],
    ]);
  });

  it('says which pictures each head takes: an FC one size, the same weights as kernels that size and up', () => {
    const { figures } = figuresOf(template('vgg-16'));
    expect(figures.map(({ inputSizes }) => inputSizes.en)).toEqual([
      'only 224×224',
      'any size from 32',
      'any size from 32',
      'any size from 224',
    ]);
  });

  it('says what a network with GAP is compared with', () => {
    const { lab, figures } = figuresOf(template('lenet-gap'));
    expect(lab.note.en).toMatch(/has GAP already.*would have been with FC.*500 units/);
    expect(figures.find(({ isCurrent }) => isCurrent)?.id).toBe('gap');
    expect(figuresOf(template('lenet')).lab.note.en).not.toMatch(/GAP already/);
  });

  it('counts the bytes of the weights as the file has them', () => {
    for (const id of ['lenet', 'resnet-18']) {
      const document = template(id);
      const analysis = analyzeNetwork(document);
      const file = encodeSafetensors(initialWeights(networkWeights(document, analysis), 1));
      expect(weightFileBytes(analysis)).toBe(file.length);
    }
  });
});

describe('a head of class maps', () => {
  it('is found in SqueezeNet: 513,000 parameters behind 13×13 maps or so', () => {
    const document = template('squeezenet');
    const head = findHead(document, analyzeNetwork(document));
    expect(head).toMatchObject({ ok: true, value: { kind: 'convGap', classifier: 'conv10', trunkEnd: 'drop' } });
  });

  it('computes what GAP and a dense layer do, with the same weights', () => {
    const gap = template('lenet-gap');
    const there = switchHead(gap, analyzeNetwork(gap), 'convGap');
    if (!there.ok) throw new Error('not switched');
    expect(there.value.equivalent).toBe(true);
    const back = switchHead(there.value.document, there.value.after, 'gap');
    if (!back.ok) throw new Error('not switched back');
    expect(back.value.equivalent).toBe(true);
    expect(back.value.after.totals).toEqual(analyzeNetwork(gap).totals);
  });

  it('comes from any head and leads to any, and leaves no two nodes in one place', () => {
    for (const id of ['lenet', 'lenet-gap', 'vgg-16', 'squeezenet']) {
      for (const to of ['fc', 'gap', 'convGap', 'conv'] as const) {
        const switched = withHead(template(id), to);
        if (!switched.ok) {
          expect(switched.diagnostics[0]?.code).toBe('transform/already');
          continue;
        }
        const analysis = analyzeNetwork(switched.value);
        expect([id, to, analysis.ok]).toEqual([id, to, true]);
        expect(findHead(switched.value, analysis)).toMatchObject({ ok: true, value: { kind: to } });
        const places = switched.value.nodes.map(({ position }) => JSON.stringify(position));
        expect(new Set(places).size).toBe(places.length);
      }
    }
  });

  it('is none where a 3×3 conv stands in front of the pool: that is a trunk', () => {
    const document = chainNetwork([8, 8, 1], ['conv', { filters: 4, kernelSize: 3 }], ['gap']);
    expect(findHead(document, analyzeNetwork(document)).ok).toBe(false);
  });
});

describe('a head of one’s own', () => {
  const own: OwnHead = {
    name: 'Two layers',
    document: chainNetwork(
      [9, 9, 1],
      ['conv', { filters: 3, kernelSize: 3 }],
      ['gap'],
      ['fc', { units: 7, activation: 'relu' }],
      ['fc', { units: 4 }],
    ),
  };

  it('is taken from another network and gives this one’s classes', () => {
    const { figures } = figuresOf(template('lenet'), [own]);
    // 50 maps to 7 units to 10 classes.
    expect(figures.at(-1)).toMatchObject({ id: 'own:Two layers', head: { trainableParams: 50 * 7 + 7 + 7 * 10 + 10 } });
  });

  it('may be a network that takes in the maps themselves', () => {
    const document = template('lenet');
    const all = chainNetwork(
      [4, 4, 50],
      ['conv', { filters: 8, kernelSize: 3 }],
      ['activation', { function: 'relu' }],
      ['gap'],
      ['fc', { units: 3 }],
    );
    const graft = graftHead(document, analyzeNetwork(document), { name: 'small', document: all });
    if (!graft.ok) throw new Error('not grafted');
    expect(graft.value.nodes).toHaveLength(4);
    expect(graft.value.plan.after.ok).toBe(true);
    const last = graft.value.plan.after.nodes.get(graft.value.plan.after.outputs[0] ?? '');
    expect(last?.outputShape).toEqual([10]);
  });

  it('may be a block, with one layer to the classes where it does not give them', () => {
    const document = template('lenet');
    const block = {
      params: {},
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'c', kind: 'conv', params: { filters: 6, kernelSize: 1 } },
        { id: 'g', kind: 'gap', params: {} },
      ],
      edges: [
        { from: 'in', to: 'c' },
        { from: 'c', to: 'g' },
      ],
    };
    const head = blockAsHead(document, analyzeNetwork(document), { name: 'squeeze', blocks: { squeeze: block } });
    if (head === null) throw new Error('no head');
    const { figures } = figuresOf(document, [head]);
    expect(figures.at(-1)?.head.trainableParams).toBe(50 * 6 + 6 + 6 * 10 + 10);
  });

  it('is refused where there is none', () => {
    const document = template('lenet');
    const graft = graftHead(document, analyzeNetwork(document), { name: 'U-Net', document: template('unet-small') });
    expect(graft.ok ? null : graft.diagnostics[0]?.code).toBe('transform/no-own-head');
  });
});

describe('the digest of a network', () => {
  it('is the same wherever the network is drawn, and another for another network', () => {
    const document = template('lenet');
    const moved = {
      ...document,
      name: 'other',
      nodes: document.nodes.map((node) => ({ ...node, position: { x: 1, y: 2 }, note: 'read' })),
    };
    expect(structureDigest(moved)).toBe(structureDigest(document));
    const other = withHead(document, 'gap');
    if (!other.ok) throw new Error('no GAP');
    expect(structureDigest(other.value)).not.toBe(structureDigest(document));
  });
});
