import { defaultFilter } from 'cmdk';
import type { Command } from './commands';

/** Less than any score that others have: a command that takes something away comes last, unless it is called by its very name. */
const behindOthers = 1e-6;

/** A further word counts a little less than the title. */
const ofKeyword = 0.995;

/** How well a command fits what was typed: 1 for its very title, 0 for not at all. */
function scoreOf({ title, id, keywords = [], isDestructive }: Command, typed: string): number {
  // Of each name alone too, so that what is called just so is before what only begins so.
  const score = Math.max(
    defaultFilter(title, typed),
    ...keywords.map((name) => defaultFilter(name, typed) * ofKeyword),
    defaultFilter(`${title} ${id}`, typed, [...keywords]),
  );
  const isCalled = title.toLowerCase() === typed.toLowerCase();
  return isDestructive === true && !isCalled ? score * behindOthers : score;
}

/** The commands under one heading of the palette. */
export type RankedGroup = { readonly group: Command['group']; readonly commands: readonly Command[] };

/**
 * The commands that what was typed finds, best first, and the groups by the best that they hold. All in the order of `groups` while
 * nothing has been typed. Not left to the list of the palette, which sorts within groups and leaves the groups as they stand.
 */
export function rankCommands(
  commands: readonly Command[],
  typed: string,
  groups: readonly Command['group'][],
): readonly RankedGroup[] {
  const wanted = typed.trim();
  const scored = commands
    .map((command) => ({ command, score: wanted === '' ? 1 : scoreOf(command, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return groups
    .map((group) => ({ group, found: scored.filter(({ command }) => command.group === group) }))
    .filter(({ found }) => found.length > 0)
    .sort((a, b) => (b.found[0]?.score ?? 0) - (a.found[0]?.score ?? 0))
    .map(({ group, found }) => ({ group, commands: found.map(({ command }) => command) }));
}
