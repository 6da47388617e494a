import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { findNode } from '../../../../shared/analysis/blocks';
import { findNodes } from '../../../../renderer/canvas/find';
import { numberAt, numbersOf } from '../../../../renderer/canvas/inPlace';
import { nodeCaption } from '../../../../renderer/canvas/speech';
import { chain } from '../../../support/chain';

const network = chain([
  ['image', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 20, kernelSize: 5, activation: 'relu' }],
  ['p1', 'pool', { mode: 'max' }],
  ['c2', 'conv', { filters: 64, kernelSize: [3, 5], padding: 'same' }],
  ['f1', 'fc', { units: 512 }],
  ['scores', 'fc', { units: 10 }],
]);
const analysis = analyzeNetwork(network);
const find = (query: string): readonly string[] => findNodes(network, analysis, query);

describe('the find bar', () => {
  it.each([
    ['a name', 'Max pool', ['p1']],
    ['a part of an id', 'scor', ['scores']],
    ['a kind', 'conv', ['c1', 'c2']],
    ['what another tool calls the kind', 'dense', ['f1', 'scores']],
    ['a kind in Chinese', '卷积', ['c1', 'c2']],
    ['a param with a space', 'kernel 5', ['c1']],
    ['a param with a sign', 'filters=64', ['c2']],
    ['a param in Chinese', 'filters 64', ['c2']],
    ['a size with two sides', 'kernel 3x5', ['c2']],
    ['a word that is a value', 'activation relu', ['c1']],
    ['a shape', '24x24', ['c1']],
    ['a whole shape', '12×12×20', ['p1']],
    ['a number of a shape', '512', ['f1']],
    ['several words, each in its own way', 'conv 64', ['c2']],
    ['what is nowhere', 'kernel 7', []],
    ['half a number', '51', []],
    ['nothing', '  ', []],
  ])('finds %s: %s', (_, query, ids) => {
    expect(find(query)).toEqual(ids);
  });

  it('lists matches as values flow, wherever they stand in the file', () => {
    const turned = { ...network, nodes: [...network.nodes].reverse() };
    expect(findNodes(turned, analyzeNetwork(turned), 'conv')).toEqual(['c1', 'c2']);
  });

  it('finds what is bypassed by its own numbers', () => {
    const bypassing = { ...network, nodes: network.nodes.with(3, { ...network.nodes[3]!, bypass: true }) };
    expect(findNodes(bypassing, analyzeNetwork(bypassing), 'filters 64')).toEqual(['c2']);
  });
});

describe('the numbers of a node', () => {
  const own = (id: string) => {
    const node = network.nodes.find((one) => one.id === id)!;
    const known = findNode(analysis, id);
    return { numbers: numbersOf(node, known), caption: nodeCaption(known).en };
  };

  it('are those of its form, without words and choices', () => {
    expect(own('c1').numbers.map(({ name }) => name)).toEqual([
      'filters',
      'kernelSize',
      'strides',
      'dilationRate',
      'groups',
    ]);
    expect(own('image').numbers).toMatchObject([{ name: 'shape', value: [28, 28, 1] }]);
  });

  it.each([
    ['c1', '20', 'filters'],
    ['c1', '5', 'kernelSize'],
    ['c2', '64', 'filters'],
    ['c2', '3', 'kernelSize'],
    ['f1', '512', 'units'],
    ['p1', '2', 'poolSize'],
  ])('of %s are found where they stand in its caption: %s is %s', (id, shown, name) => {
    const { numbers, caption } = own(id);
    expect(caption).toContain(shown);
    expect(numberAt(numbers, caption, caption.indexOf(shown))).toBe(name);
  });

  it('are none where its words are', () => {
    const { numbers, caption } = own('c1');
    expect(numberAt(numbers, caption, caption.length)).toBeNull();
  });
});
