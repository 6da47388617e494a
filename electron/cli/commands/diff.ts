import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compareNetworks, type ComparedNode, type NodeChange } from '../../../shared/analysis/compare';
import { compareDecoration } from '../../../shared/analysis/decoration';
import { describeComparison } from '../../../shared/analysis/describeComparison';
import { success, type Result } from '../../../shared/diagnostics/diagnostic';
import { emptyDocument, type NetworkDocument } from '../../../shared/schema/document';
import { formatCount } from '../../../shared/text';
import { defineCommand, jsonOption } from '../command';
import { printableLine } from '../printable';
import { readSource } from '../readSource';
import { reportFailure } from '../report';

/** What git names in the place of a file that one side does not have. */
const noFile = '/dev/null';

/** `convloom diff`. */
export const diff = defineCommand({
  name: 'diff',
  summary: 'what was changed between two networks, by structure; also for git',
  details: [
    'Nodes are aligned by what they are, so a rename, a move or another order in the file is not a difference of the network. What is drawn',
    'otherwise (places, labels, notes, frames, how wires are led) is told apart from it.',
    "A and B are files of any form that can be read, runs' folders, `run:ID` or `template:ID`.",
    'The exit code is 0 whether or not they differ.',
    '',
    'As a diff driver of git, which gives seven arguments: put `*.convloom.json diff=convloom` into .gitattributes and run',
    '`git config diff.convloom.command "npx convloom diff"`.',
  ].join('\n'),
  positionals: [
    { name: 'A', doc: 'a network file, or the path that git gives' },
    { name: 'B', doc: 'another one, or the first file that git gives' },
    ...['OLD-HEX', 'OLD-MODE', 'NEW-FILE', 'NEW-HEX', 'NEW-MODE', 'NEW-PATH', 'META'].map((name) => ({
      name,
      doc: 'from git',
      optional: true,
    })),
  ],
  options: { json: jsonOption },
  run: async ({ options: { json }, positionals }, terminal) => {
    // git: path old-file old-hex old-mode new-file new-hex new-mode [new-path metainfo]
    const [first = '', second = '', , , newFile] = positionals;
    const [fileA, fileB] = newFile === undefined ? [first, second] : [second, newFile];
    const a = await readSide(fileA);
    if (!a.ok) return reportFailure(a, json, terminal);
    const b = await readSide(fileB);
    if (!b.ok) return reportFailure(b, json, terminal);
    const comparison = compareNetworks(analyzeNetwork(a.value), analyzeNetwork(b.value));
    const summary = describeComparison(comparison).map(({ en }) => en);
    const changed = comparison.nodes.filter((node) => node.status !== 'same' || node.a?.id !== node.b?.id);
    const decoration = compareDecoration(a.value, b.value).map(({ en }) => en);
    if (json) {
      const { totals } = comparison;
      const nodes = changed.map(nodeJson);
      terminal.out(JSON.stringify({ same: changed.length === 0, summary, nodes, totals, decoration }, null, 2));
      return 0;
    }
    if (newFile !== undefined) terminal.out(printableLine(`convloom diff ${first}`));
    terminal.out(changed.length === 0 ? 'The networks are the same.' : printableLine(`${summary.join('; ')}.`));
    for (const node of changed) terminal.out(printableLine(line(node)));
    if (decoration.length > 0) terminal.out(printableLine(`Drawn otherwise: ${decoration.join('; ')}.`));
    return 0;
  },
});

async function readSide(path: string): Promise<Result<NetworkDocument>> {
  return path === noFile ? success(emptyDocument('')) : await readSource(path);
}

function nodeJson({ status, a, b, changes }: ComparedNode): object {
  const side = (node: ComparedNode['a']): object | null => node && { id: node.id, kind: node.kind };
  return { status, a: side(a), b: side(b), changes };
}

/** `~ c2 (conv)  filters 50 → 64, shape 8×8×50 → 8×8×64` */
function line({ status, a, b, changes }: ComparedNode): string {
  const mark = { same: '~', changed: '~', onlyA: '−', onlyB: '+' }[status];
  const renamed = a !== null && b !== null && a.id !== b.id;
  const name = renamed ? `${a.id} → ${b.id}` : (a?.id ?? b?.id ?? '');
  const what = changes.filter((change) => !isSaidElsewhere(change, changes)).map(changeText);
  return `${mark} ${name} (${(b ?? a)?.kind ?? ''})${what.length === 0 ? '' : `  ${what.join(', ')}`}`;
}

/** The size of an input is a param and the shape of what it gives: once is enough. Memory follows from shapes. */
function isSaidElsewhere({ what, a, b }: NodeChange, changes: readonly NodeChange[]): boolean {
  if (what === 'memory') return true;
  return what === 'shape' && changes.some((other) => other.what === 'param' && other.a === a && other.b === b);
}

function changeText({ what, name, a, b }: NodeChange): string {
  const isCount = what === 'params' || what === 'macs';
  const shown = (value: string | null): string => (value === null ? '–' : isCount ? formatCount(Number(value)) : value);
  return `${name ?? what} ${shown(a)} → ${shown(b)}`;
}
