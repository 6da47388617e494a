import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import { parseNetwork } from '../../../shared/document/parse';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../../shared/schema/document';
import type { NetworkDocument } from '../../../shared/schema/document';
import { installFaultyDisk } from './disk';
import type { Fault } from './disk';

/** What a fault did to the work of two writers on one data folder. */
export type EditingOutcome = {
  /** Changes of the disk that the whole of the work takes. */
  readonly changes: number;
  /** Files that are neither what they were nor what they were to become. */
  readonly torn: readonly string[];
  /** Edits that the app said were on the disk, and that are not. */
  readonly lostEdits: number;
  /** Temporary files that stay although nobody died. */
  readonly strays: readonly string[];
  /** Codes of what the app answered while the disk failed, and when it was well again. */
  readonly codes: readonly string[];
  readonly codesAfterwards: readonly string[];
};

const rounds = 4;
const numberOf = ({ name }: NetworkDocument): number => Number(name.split(' ').at(-1));
const named = (name: string, at: number): NetworkDocument => ({
  ...emptyDocument(`${name} ${at}`),
  // More than one block of the disk, so that a part of it is a file that is cut off.
  nodes: Array.from({ length: 40 }, (_, id) => ({ id: `n${id}`, kind: 'input', params: { shape: [8, 8, 1] } })),
});

/** The latest edit of each of the four things that an app keeps, as its answers told. */
type Kept = { draft: number; file: number; settings: number; block: number };

function open(dir: string, notices: Diagnostic[]): Host {
  const dataDir = join(dir, 'home');
  return createHost({ form: 'memory', dataDir, projectsDir: dir, report: (notice) => notices.push(notice) });
}

/** Edits, drafts and saves, as two windows of two apps do at once. Stops for ever at a kill, as the app would. */
async function work(dir: string, kept: Kept, codes: string[], first: number, last: number): Promise<void> {
  const hosts = [open(dir, []), open(dir, [])] as const;
  const [one, other] = hosts.map((host, index) => host.visit(`window ${index}`).api) as [Host, Host];
  const say = <T>(result: Result<T>): result is Extract<Result<T>, { ok: true }> => {
    if (!result.ok) codes.push(...result.diagnostics.map(({ code }) => code));
    return result.ok;
  };
  const path = join(dir, 'net.convloom');
  const opened = first === 1 ? null : await one.request('project.open', { path });
  let revision: string | null = opened?.ok === true ? opened.value.revision : null;
  for (let at = first; at <= last; at++) {
    const drafted = await one.request('draft.save', { key: 'one', path, document: named('draft', at) });
    if (say(drafted)) kept.draft = at;
    const document = named('file', at);
    const request = { path, document, baseRevision: revision, overwrite: false };
    const strange = { path: join(dir, 'other.convloom'), document: named('other', at), baseRevision: null };
    const [saved, ...others] = await Promise.all([
      one.request('project.save', request),
      other.request('project.save', { ...strange, overwrite: true }),
      other.request('draft.save', { key: 'other', path: null, document: named('other', at) }),
      other.request('settings.set', { layout: { other: String(at) } }),
    ]);
    if (say(saved)) [kept.file, revision] = [at, saved.value.revision];
    for (const answer of others) say<unknown>(answer);
    if (say(await one.request('settings.set', { layout: { at: String(at) } }))) kept.settings = at;
    const blocks = { b: { params: {}, nodes: [{ id: `p${at}`, kind: 'port', params: {} }], edges: [] } };
    if (say(await one.request('library.keep', { name: 'b', blocks }))) kept.block = at;
  }
  await Promise.all(hosts.map((host) => host.dispose()));
}

/** What the next start of the app finds: the latest edit of each thing, and every file that is not whole. */
async function lookAgain(dir: string): Promise<{ readonly found: Kept; readonly torn: readonly string[] }> {
  const notices: Diagnostic[] = [];
  const torn: string[] = [];
  const host = open(dir, notices);
  const found: Kept = { draft: 0, file: 0, settings: 0, block: 0 };
  const drafts = await host.request('draft.list', {});
  if (!drafts.ok) torn.push('drafts');
  else
    found.draft = Math.max(0, ...drafts.value.filter(({ key }) => key === 'one').map((one) => numberOf(one.document)));
  const settings = await host.request('settings.get', {});
  if (settings.ok) found.settings = Number(settings.value.layout['at'] ?? 0);
  const blocks = await host.request('library.list', {});
  if (blocks.ok) found.block = Number(blocks.value[0]?.blocks['b']?.nodes[0]?.id.slice(1) ?? 0);
  for (const name of (await readdir(dir)).filter((one) => one.endsWith('.convloom'))) {
    const parsed = parseNetwork(await readFile(join(dir, name), 'utf8'));
    if (!parsed.ok) torn.push(name);
    else if (name === 'net.convloom') found.file = numberOf(parsed.value);
  }
  torn.push(...notices.map(({ code, summary }) => `${code}: ${summary.en}`));
  await host.dispose();
  return { found, torn };
}

async function straysIn(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir, { recursive: true });
  return names.filter((name) => /\.tmp$/.test(name));
}

/** Lets two windows of two apps work on a disk with a fault, and looks at what is left. */
export async function editUnderFault(dir: string, fault: Fault | null): Promise<EditingOutcome> {
  await mkdir(dir, { recursive: true });
  const kept: Kept = { draft: 0, file: 0, settings: 0, block: 0 };
  const codes: string[] = [];
  const cacheBefore = process.env['XDG_CACHE_HOME'];
  // A lock of a process that is dead is no lock for the next one; of a dead promise in this process it would be.
  process.env['XDG_CACHE_HOME'] = `${dir}-cache`;
  const disk = installFaultyDisk(dir, fault);
  try {
    await Promise.race([disk.during(() => work(dir, kept, codes, 1, rounds)), disk.death]);
  } finally {
    await disk.restore();
  }
  const codesAfterwards: string[] = [];
  if (!disk.isDead()) await work(dir, kept, codesAfterwards, rounds + 1, rounds + 1);
  process.env['XDG_CACHE_HOME'] = `${dir}-cache-after`;
  // The dead app's process is this one, and seen to be alive.
  await rm(join(dir, 'home', 'drafts', 'owners'), { recursive: true, force: true });
  const { found, torn } = await lookAgain(dir);
  if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheBefore;
  const lostEdits = (['draft', 'file', 'settings', 'block'] as const).reduce(
    (lost, name) => lost + Math.max(0, kept[name] - found[name]),
    0,
  );
  const strays = disk.isDead() ? [] : await straysIn(dir);
  return { changes: disk.changes(), torn, lostEdits, strays, codes, codesAfterwards };
}
