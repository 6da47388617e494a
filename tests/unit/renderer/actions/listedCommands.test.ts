import { describe, expect, it } from 'vitest';
import { listedCommands, mostNodes } from '../../../../renderer/actions/listedCommands';
import type { Command } from '../../../../renderer/actions/commands';

const tidy: Command = { id: 'tidy', title: 'Tidy', group: 'view', run: () => undefined };

function nodes(count: number): readonly Command[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `goTo.n${index}`,
    title: index % 2 === 0 ? 'Conv' : 'ReLU',
    group: 'goTo',
    keywords: [`n${index}`],
    run: () => undefined,
  }));
}

describe('the commands that the palette lists', () => {
  it('are all of them as long as the network is small', () => {
    const all = [tidy, ...nodes(mostNodes)];
    expect(listedCommands(all, '')).toEqual(all);
    expect(listedCommands(all, 'nothing like it')).toBe(all);
  });

  it('leave out what is found only by typing', () => {
    const relu: Command = { ...tidy, id: 'relu', title: 'ReLU', isFoundOnly: true };
    expect(listedCommands([tidy, relu], ' ')).toEqual([tidy]);
    expect(listedCommands([tidy, relu], 'r')).toEqual([tidy, relu]);
  });

  it('hold the first nodes of a large network, and every other command', () => {
    const listed = listedCommands([...nodes(1000), tidy], '');
    expect(listed).toHaveLength(mostNodes + 1);
    expect(listed[0]?.id).toBe('goTo.n0');
    expect(listed.at(-1)).toBe(tidy);
  });

  it('find a node far down by its id, its title, or both', () => {
    const all = [tidy, ...nodes(1000)];
    expect(listedCommands(all, 'N999').map(({ id }) => id)).toEqual(['tidy', 'goTo.n999']);
    expect(listedCommands(all, ' conv n99 ').map(({ id }) => id)).toContain('goTo.n998');
    expect(listedCommands(all, 'conv n99').map(({ id }) => id)).not.toContain('goTo.n999');
  });
});
