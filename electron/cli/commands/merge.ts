import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileExists } from '../../../shared/diagnostics/catalog/file';
import { success, type Result } from '../../../shared/diagnostics/diagnostic';
import { serializeNetwork } from '../../../shared/document/serialize';
import type { MergeConflict } from '../../../shared/editing/merge/conflict';
import { describeConflict } from '../../../shared/editing/merge/describeConflict';
import { mergeNetworks, type Merged } from '../../../shared/editing/merge/mergeNetworks';
import type { NetworkDocument } from '../../../shared/schema/document';
import { saveProject } from '../../host/projects';
import { defineCommand, forceOption, jsonOption } from '../command';
import { printableLine } from '../printable';
import { readNetwork } from '../readNetwork';
import { diagnosticLines, diagnosticJson, reportFailure } from '../report';
import type { Terminal } from '../terminal';

/** `convloom merge`. */
export const merge = defineCommand({
  name: 'merge',
  summary: 'two changes of one network in one file, by what they mean; also for git',
  details: [
    'Nodes are merged by id, params one by one, wires by their ends; where things are drawn never conflicts. What both changed, each its',
    'own way, is named and stays as OURS has it. The exit code is 0 when all was merged, 1 when there were conflicts, 2 when a file cannot be',
    'read. Without -o the merged network is printed.',
    '',
    'As a merge driver of git: put `*.convloom.json merge=convloom` into .gitattributes and run',
    '`git config merge.convloom.driver "npx convloom merge %O %A %B -o %A"`.',
  ].join('\n'),
  positionals: [
    { name: 'BASE', doc: 'the network that both began with; an empty file where there was none' },
    { name: 'OURS', doc: 'a change of it, which wins conflicts' },
    { name: 'THEIRS', doc: 'another change of it' },
  ],
  options: {
    output: {
      type: 'text',
      placeholder: 'PATH',
      short: 'o',
      doc: 'where to write; OURS may be named, nothing else that exists is overwritten without --force',
    },
    force: forceOption,
    json: jsonOption,
  },
  run: async (
    { options: { output, force, json }, positionals: [fileBase = '', fileOurs = '', fileTheirs = ''] },
    terminal,
  ) => {
    const sides = await readSides(fileBase, fileOurs, fileTheirs);
    if (!sides.ok) return reportFailure(sides, json, terminal);
    const { base, ours, theirs } = sides.value;
    const merged = mergeNetworks(base, ours, theirs);
    if (output !== undefined) {
      const path = resolve(output);
      const mayReplace = force || path === resolve(fileOurs);
      if (!mayReplace && (await exists(path)))
        return reportFailure({ ok: false, diagnostics: [fileExists(path)] }, json, terminal);
      const saved = await saveProject({ path, document: merged.document, baseRevision: null, overwrite: true });
      if (!saved.ok) return reportFailure(saved, json, terminal);
    }
    if (json) terminal.out(JSON.stringify(mergeJson(merged, output === undefined), null, 2));
    else {
      if (output === undefined) terminal.out(serializeNetwork(merged.document).trimEnd());
      tell(merged, terminal);
    }
    return merged.conflicts.length === 0 ? 0 : 1;
  },
});

type Read = {
  readonly base: NetworkDocument | undefined;
  readonly ours: NetworkDocument;
  readonly theirs: NetworkDocument;
};

async function readSides(fileBase: string, fileOurs: string, fileTheirs: string): Promise<Result<Read>> {
  const ours = await readNetwork(fileOurs);
  if (!ours.ok) return ours;
  const theirs = await readNetwork(fileTheirs);
  if (!theirs.ok) return theirs;
  // What git gives where the two sides have no common ancestor.
  if (await isEmpty(fileBase)) return success({ base: undefined, ours: ours.value, theirs: theirs.value });
  const base = await readNetwork(fileBase);
  return base.ok ? success({ base: base.value, ours: ours.value, theirs: theirs.value }) : base;
}

async function isEmpty(path: string): Promise<boolean> {
  const file = await stat(resolve(path)).catch(() => null);
  return file !== null && file.size === 0;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function mergeJson({ conflicts, renamed, document }: Merged, withDocument: boolean): object {
  return {
    ok: conflicts.length === 0,
    conflicts: conflicts.map(conflictJson),
    renamed,
    ...(withDocument ? { document } : {}),
  };
}

function conflictJson(conflict: MergeConflict): object {
  return { ...conflict, message: diagnosticJson(describeConflict(conflict)).message };
}

function tell({ conflicts, renamed }: Merged, terminal: Terminal): void {
  for (const line of diagnosticLines(conflicts.map(describeConflict))) terminal.err(line);
  for (const { block, from, to } of renamed) {
    const inside = block === null ? '' : ` in block ${block}`;
    terminal.err(printableLine(`Both added a node ${from}${inside}: theirs is now ${to}.`));
  }
}
