import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../renderer/actions/commands';
import { rankCommands } from '../../../../renderer/actions/rankCommands';

const groups = ['file', 'edit', 'view'] as const;

function command(group: Command['group'], title: string, more: Partial<Command> = {}): Command {
  return { id: title.toLowerCase().replaceAll(' ', '.'), title, group, run: () => undefined, ...more };
}

const all = [
  command('file', 'Save to project'),
  command('file', 'Open LeNet-5'),
  command('file', 'Open LeNet', { keywords: ['template'] }),
  command('edit', 'Stop bypassing'),
  command('edit', 'Delete', { isDestructive: true }),
  command('edit', 'Stop', { id: 'train' }),
  command('view', 'Compact, as a table'),
  command('view', 'Compare'),
];

const titles = (typed: string): readonly string[] =>
  rankCommands(all, typed, groups).flatMap(({ commands }) => commands.map(({ title }) => title));

describe('what the palette ranks first', () => {
  it.each(['Stop', 'stop', 'Compare', 'compare', 'Open LeNet', 'open lenet', 'Open LeNet-5', 'Delete', ' Stop '])(
    'is the command that is called %j, whatever its group',
    (typed) => {
      expect(titles(typed)[0]?.toLowerCase()).toBe(typed.trim().toLowerCase());
    },
  );

  it('is the command whose words begin as typed, before one that only holds the letters', () => {
    expect(titles('comp').slice(0, 2)).toEqual(['Compact, as a table', 'Compare']);
    expect(titles('lenet')[0]).toBe('Open LeNet');
    expect(titles('template lenet')).toEqual([]);
    expect(titles('LeNet template')[0]).toBe('Open LeNet');
  });

  it('is the command that has just that as a further name', () => {
    const named = [
      command('file', 'Template: LeNet-5', { keywords: ['Open LeNet-5'] }),
      command('file', 'Template: LeNet', { keywords: ['Open LeNet'] }),
    ];
    expect(rankCommands(named, 'open lenet', groups)[0]?.commands[0]).toBe(named[1]);
    // Its title goes before a further name.
    const title = command('view', 'Open LeNet');
    expect(rankCommands([...named, title], 'Open LeNet', groups)[0]?.commands).toEqual([title]);
  });

  it('is never what takes something away while anything else is found', () => {
    expect(titles('e').length).toBeGreaterThan(1);
    expect(rankCommands(all, 'e', ['edit'])).toEqual([{ group: 'edit', commands: [all[4]] }]);
    const both = [command('edit', 'Delete', { isDestructive: true }), command('edit', 'Old design')];
    expect(rankCommands(both, 'de', groups)[0]?.commands.map(({ title }) => title)).toEqual(['Old design', 'Delete']);
  });

  it('is as listed while nothing has been typed', () => {
    expect(titles(' ')).toEqual(all.map(({ title }) => title));
  });

  it('is nothing where nothing bears the letters', () => {
    expect(titles('qqq')).toEqual([]);
  });
});
