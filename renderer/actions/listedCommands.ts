import type { Command } from './commands';

/** So many nodes are listed at most: nobody scrolls through more, and a thousand rows take a third of a second to show. */
export const mostNodes = 60;

function names(command: Command, word: string): boolean {
  return [command.title, ...(command.keywords ?? [])].some((text) => text.toLowerCase().includes(word));
}

/**
 * The commands that the palette offers for what has been typed. All of them, but of a large network's nodes only the first that bear
 * the typed words.
 */
export function listedCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const shown = typed.trim() === '' ? commands.filter(({ isFoundOnly }) => isFoundOnly !== true) : commands;
  const nodes = shown.filter(({ group }) => group === 'goTo');
  if (nodes.length <= mostNodes) return shown;
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const listed = new Set<Command>();
  for (const node of nodes) {
    if (listed.size === mostNodes) break;
    if (words.every((word) => names(node, word))) listed.add(node);
  }
  return shown.filter((command) => command.group !== 'goTo' || listed.has(command));
}
