import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { proposeRules } from '../../../shared/grading/example';
import { gradeNetwork } from '../../../shared/grading/grade';
import { scoreOf } from '../../../shared/grading/report';
import { parseRules, printRules, type Rules } from '../../../shared/grading/rules';
import type { NetworkDocument } from '../../../shared/schema/document';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';

function rulesOf(document: NetworkDocument, percent: number): Rules {
  const rules = proposeRules(document, analyzeNetwork(document), { percent }).map(({ rule }) => rule);
  return { format: 'convloom.rules', version: 1, name: document.name, rules };
}

const chosen = templates.filter(({ id }) =>
  ['lenet', 'lenet-gap', 'unet-small', 'resnet-18', 'googlenet'].includes(id),
);

describe('rules made from a network', () => {
  it.each(chosen)('of $id are met by it, and read back as they were written', ({ document }) => {
    const rules = rulesOf(document, 0);
    expect(rules.rules.length).toBeGreaterThan(8);
    expect(scoreOf(gradeNetwork(document, analyzeNetwork(document), rules)).ok).toBe(true);
    expect(parseRules(printRules(rules))).toEqual({ ok: true, value: rules });
  });

  it('demand what the network has, with the slack that is given', () => {
    const small = chainNetwork([8, 8, 1], ['conv', { filters: 4, kernelSize: 3 }], ['fc', { units: 10 }]);
    const large = chainNetwork([8, 8, 1], ['conv', { filters: 5, kernelSize: 3 }], ['fc', { units: 10 }]);
    const paramsRule = (percent: number): Rules => {
      const rules = rulesOf(small, percent);
      return { ...rules, rules: rules.rules.filter(({ rule }) => rule === 'params') };
    };
    const isMet = (percent: number): boolean =>
      scoreOf(gradeNetwork(large, analyzeNetwork(large), paramsRule(percent))).ok;
    expect(isMet(0)).toBe(false);
    expect(isMet(30)).toBe(true);
  });

  it('are none of a network that is empty or has errors', () => {
    const empty = { ...chainNetwork([4]), nodes: [], edges: [] };
    const wrong = chainNetwork([4, 4, 1], ['conv', { filters: 1, kernelSize: 9 }]);
    for (const document of [empty, wrong]) expect(rulesOf(document, 10).rules).toEqual([]);
  });
});

describe('a layer that a rule asks for', () => {
  it.each([
    [{ rule: 'count', kind: 'conv', params: { filters: 8, kernelSize: 3 }, min: 1 }, 'conv (filters 8, kernelSize 3)'],
    [{ rule: 'order', layers: ['input', { kind: 'pool', params: { mode: 'avg' } }] }, 'input → pool (mode avg)'],
  ])('is told with its params: %j', (rule, words) => {
    const rules = parseRules(JSON.stringify({ format: 'convloom.rules', version: 1, rules: [rule] }));
    if (!rules.ok) throw new Error('no rules');
    const network = chainNetwork([8, 8, 1], ['fc', { units: 10 }]);
    const [grade] = gradeNetwork(network, analyzeNetwork(network), rules.value);
    expect(`${grade?.title.en} ${grade?.expected.en}`).toContain(words);
    const chinese = `${grade?.title.zh} ${grade?.expected.zh}`;
    expect(chinese).toMatch(/^(卷积（卷积核个数 8，卷积核大小 3）的数量 |层的顺序 输入 → 池化（方式 平均池化）)/);
  });
});

describe('a hostile rules file', () => {
  it.each([
    ['nothing', ''],
    ['no object', '[]'],
    ['a number', '7'],
    ['no rules', '{"format":"convloom.rules","version":1,"rules":[]}'],
    ['an infinite bound', '{"format":"convloom.rules","version":1,"rules":[{"rule":"params","max":1e999}]}'],
    ['negative points', '{"format":"convloom.rules","version":1,"rules":[{"rule":"valid","points":-5}]}'],
    ['a prototype', '{"format":"convloom.rules","version":1,"rules":[{"rule":"count","kind":"__proto__","min":0}]}'],
    ['a huge size', '{"format":"convloom.rules","version":1,"rules":[{"rule":"takesSizes","sizes":[[1e12,1]]}]}'],
  ])('%s is refused', (_, source) => {
    expect(parseRules(source).ok).toBe(false);
  });

  it('never throws, and gives no point to an empty network', () => {
    const empty: NetworkDocument = { format: 'convloom.network', version: 1, name: '', nodes: [], edges: [] };
    const analysis = analyzeNetwork(empty);
    const range = fc.record({ min: fc.nat(9), max: fc.integer({ min: 9, max: 99 }) });
    const any = fc.oneof(
      range.map((bounds) => ({ rule: 'count', kind: 'conv', ...bounds })),
      range.map((bounds) => ({ rule: 'outputs', ...bounds })),
      fc.constantFrom('conv', 'pool').map((kind) => ({ rule: 'order', layers: [kind, 'fc'] })),
      fc.constantFrom('linear', 'softmax').map((name) => ({ rule: 'ends', function: name })),
      fc.constant({ rule: 'fcShare', max: 1 }),
      fc.constant({ rule: 'accuracy', min: 0 }),
      fc.constant({ rule: 'takesSizes', sizes: [[8, 8]] }),
      fc.constant({ rule: 'inputShape', shape: ['any'] }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (rules) => {
        const read = parseRules(JSON.stringify({ format: 'convloom.rules', version: 1, rules }));
        if (!read.ok) return;
        expect(scoreOf(gradeNetwork(empty, analysis, read.value, { accuracy: 1, meanIou: 1 })).points).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('a run that was scored counts with a network without errors', () => {
    const document = chainNetwork([4], ['fc', { units: 2 }]);
    const read = parseRules('{"format":"convloom.rules","version":1,"rules":[{"rule":"accuracy","min":0.9}]}');
    if (!read.ok) throw new Error('no rules');
    const grade = (accuracy: number) =>
      scoreOf(gradeNetwork(document, analyzeNetwork(document), read.value, { accuracy, meanIou: null })).ok;
    expect([grade(0.95), grade(0.85)]).toEqual([true, false]);
  });
});
