import { describe, expect, it } from 'vitest';
import { captionParts, createScrub } from '../../../../renderer/canvas/scrub';
import { numbersOf } from '../../../../renderer/canvas/inPlace';
import { nodeCaption } from '../../../../renderer/canvas/speech';
import { createWorkspace } from '../../../../renderer/session';
import { findNode } from '../../../../shared/analysis/blocks';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';
import { chainNetwork } from '../../../support/networks';

function open() {
  const document = chainNetwork(
    [28, 28, 1],
    ['conv', { filters: 20, kernelSize: 5 }],
    ['dropout', { rate: 0.5 }],
    ['pool', { mode: 'max', poolSize: [2, 3] }],
  );
  const { project, ...session } = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
  const node = (id: string) => project.getState().document.nodes.find((one) => one.id === id)!;
  const scrub = (id: string, param: string) =>
    createScrub({ project, ...session }, node(id), param, { clientX: 100, shiftKey: false });
  const to = (x: number, shiftKey = false) => ({ clientX: 100 + x, shiftKey });
  return { project, node, scrub, to, steps: () => project.getState().history.past.length };
}

describe('scrubbing a number', () => {
  it('adds one for each six pixels to the right, and takes one to the left, as one step', () => {
    const { node, scrub, to, steps, project } = open();
    const hand = scrub('n1', 'filters');
    for (const x of [3, 9, 18, 30]) hand.move(to(x));
    expect(node('n1').params['filters']).toBe(25);
    expect(findNode(project.getState().analysis, 'n1')!.outputShape).toEqual([24, 24, 25]);
    hand.move(to(-12));
    hand.commit();
    expect(node('n1').params['filters']).toBe(18);
    expect(steps()).toBe(1);
    project.undo();
    expect(node('n1').params['filters']).toBe(20);
  });

  it('goes ten times as far while Shift is held', () => {
    const { node, scrub, to } = open();
    const hand = scrub('n1', 'filters');
    hand.move(to(6));
    hand.move(to(12, true));
    expect(node('n1').params['filters']).toBe(31);
  });

  it('is taken back whole', () => {
    const { node, scrub, to, steps } = open();
    const hand = scrub('n1', 'kernelSize');
    hand.move(to(18));
    expect(node('n1').params['kernelSize']).toBe(8);
    hand.cancel();
    expect(node('n1').params['kernelSize']).toBe(5);
    expect(steps()).toBe(0);
  });

  it('that has not moved is a click', () => {
    const { scrub, to, steps } = open();
    const hand = scrub('n1', 'filters');
    hand.move(to(2));
    expect(hand.hasBegun()).toBe(false);
    hand.commit();
    expect(steps()).toBe(0);
  });

  it.each([
    ['n1', 'kernelSize', -600, 1],
    ['n2', 'rate', 60, 0.6],
    ['n3', 'poolSize', 6, [3, 4]],
  ] as const)('of %s, %s by %i pixels keeps to what the field takes', (id, param, x, value) => {
    const { node, scrub, to } = open();
    scrub(id, param).move(to(x));
    expect(node(id).params[param]).toEqual(value);
  });

  it.each([
    [
      'n1',
      [
        ['20', 'filters'],
        ['5', 'kernelSize'],
        ['5', 'kernelSize'],
      ],
    ],
    ['image', []],
  ] as const)('the caption of %s is cut at its numbers and says the same', (id, numbers) => {
    const { node, project } = open();
    const analysis = findNode(project.getState().analysis, id);
    const caption = nodeCaption(analysis).en;
    const parts = captionParts(caption, numbersOf(node(id), analysis));
    expect(parts.map(({ text }) => text).join('')).toBe(caption);
    expect(parts.flatMap(({ text, param }) => (param === null ? [] : [[text, param]]))).toEqual(numbers);
  });
});
