import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { flatNetwork, parseNetwork, type NetworkDocument } from '../../../shared/document';
import { ungroupNode } from '../../../shared/editing/blocks/ungroup';
import { findRepeats, repeatTransforms } from '../../../shared/transforms/repeats';
import { chain, type ChainRow } from '../../support/chain';

function template(id: string): NetworkDocument {
  const parsed = parseNetwork(
    readFileSync(join(import.meta.dirname, '../../../templates', id, 'network.json'), 'utf8'),
  );
  if (!parsed.ok) throw new Error(id);
  return parsed.value;
}

/** Residual steps in a row, as the flat network of ResNet has them. */
function residual(count: number, filters = 8): NetworkDocument {
  const rows: ChainRow[] = [['x', 'input', { shape: [8, 8, 8] }]];
  let before = 'x';
  for (let n = 1; n <= count; n++) {
    rows.push(
      [`c${n}`, 'conv', { filters, kernelSize: 3, padding: 'same' }, [before]],
      [`b${n}`, 'batchnorm', {}],
      [`s${n}`, 'add', {}, [`b${n}`, before]],
      [`r${n}`, 'activation', { function: 'relu' }],
    );
    before = `r${n}`;
  }
  return chain([...rows, ['out', 'gap', {}]]);
}

describe('findRepeats', () => {
  it('finds residual steps in a row, skips and all', () => {
    const [found, ...others] = findRepeats(residual(3));
    expect(others).toEqual([]);
    expect(found!.copies).toEqual([1, 2, 3].map((n) => [`c${n}`, `b${n}`, `s${n}`, `r${n}`]));
  });

  it.each(['conv', 'batchnorm', 'activation'])('ends where the params of a %s differ', (kind) => {
    const document = residual(4);
    const at = document.nodes.findLastIndex((node) => node.kind === kind);
    const odd = { conv: { filters: 8, kernelSize: 1 }, batchnorm: { momentum: 0.5 }, activation: { function: 'elu' } };
    const params = odd[kind as keyof typeof odd];
    const nodes = document.nodes.with(at, { ...document.nodes[at]!, params });
    expect(findRepeats({ ...document, nodes })[0]!.copies).toHaveLength(3);
  });

  it('does not fold what is read from outside', () => {
    const document = residual(2);
    const nodes = [...document.nodes, { id: 'side', kind: 'gap', params: {} }];
    expect(findRepeats({ ...document, nodes, edges: [...document.edges, { from: 'c1', to: 'side' }] })).toEqual([]);
  });

  it('finds nothing in LeNet and in a network with a circle', () => {
    expect(findRepeats(template('lenet'))).toEqual([]);
    const circle = chain([
      ['a', 'add', {}, ['b']],
      ['b', 'add', {}, ['a']],
    ]);
    expect(findRepeats(circle)).toEqual([]);
  });

  it('finds the bottlenecks of ResNet-50 again once its blocks are taken apart', () => {
    const [conv2] = findRepeats(flatNetwork(template('resnet-50'))).map(({ copies }) => copies);
    // conv4 has the most of them: five that keep their size, of ten layers each.
    expect(conv2!.length).toBe(5);
    expect(conv2![0]!.length).toBe(10);
  });
});

describe('repeatTransforms', () => {
  const equals = (document: NetworkDocument): number => {
    const before = analyzeNetwork(document);
    const offers = repeatTransforms(document, before);
    for (const { plan } of offers) {
      expect(plan.after.totals).toEqual(before.totals);
      expect(plan.after.ok).toBe(before.ok);
      expect(
        flatNetwork(plan.document)
          .nodes.map(({ kind, params }) => [kind, params])
          .sort(),
      ).toEqual(
        flatNetwork(document)
          .nodes.map(({ kind, params }) => [kind, params])
          .sort(),
      );
    }
    return offers.length;
  };

  it.each(['vgg-16', 'unet', 'googlenet', 'resnet-50'])('leave the totals of %s what they are', (id) => {
    equals(flatNetwork(template(id)));
  });

  it('are the inverse of ungrouping', () => {
    const document = residual(3);
    const [{ plan }] = repeatTransforms(document, analyzeNetwork(document)) as [
      ReturnType<typeof repeatTransforms>[number],
    ];
    expect(plan.document.nodes.map(({ id }) => id)).toEqual(['x', 'block1', 'out']);
    expect(plan.document.nodes[1]!.params).toEqual({ block: 'block', repeat: 3 });
    const back = ungroupNode(plan.document, 'block1');
    if (!back.ok) throw new Error('not taken apart');
    expect(analyzeNetwork(back.value.document).totals).toEqual(analyzeNetwork(document).totals);
    expect(findRepeats(back.value.document)[0]!.copies).toHaveLength(3);
  });

  it('carry every weight to its copy', () => {
    const document = residual(3);
    const analysis = analyzeNetwork(document);
    const weights = Object.fromEntries(
      [...analysis.nodes.values()].flatMap(({ id, weights: specs }) =>
        specs.map(({ name, shape }) => [`${id}/${name}`, { shape, data: new Float32Array(1) }] as const),
      ),
    );
    const [{ plan }] = repeatTransforms(document, analysis) as [ReturnType<typeof repeatTransforms>[number]];
    const wanted = [...plan.after.nodes.values()].flatMap(({ id, weights: specs }) =>
      specs.map(({ name }) => `${id}/${name}`),
    );
    expect(Object.keys(plan.carry(weights)).sort()).toEqual(wanted.sort());
    expect(plan.carry(weights)['block1/2/c1/kernel']).toBe(weights['c2/kernel']);
  });

  it('leave the totals of any chain of repeated parts what they are', () => {
    const part = fc.array(fc.constantFrom<ChainRow[1]>('conv', 'activation', 'batchnorm'), {
      minLength: 2,
      maxLength: 4,
    });
    let offered = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(part, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 3 }), (parts) => {
        const kinds = parts.flatMap(([list, count]) => Array.from({ length: count }, () => list).flat());
        offered += equals(
          chain([
            ['x', 'input', { shape: [6, 6, 4] }],
            ...kinds.map((kind, at): ChainRow => [
              `n${at}`,
              kind,
              kind === 'conv' ? { filters: 4, kernelSize: 1 } : kind === 'activation' ? { function: 'relu' } : {},
            ]),
          ]),
        );
      }),
      { numRuns: 60 },
    );
    expect(offered).toBeGreaterThan(20);
  });
});
