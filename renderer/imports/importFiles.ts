import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import type { HostApi, ImportResult } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import type { Text } from '../../shared/text';
import { fileName, openPath, setPrompt } from '../dialogs/fileActions';
import { fill, messages } from '../i18n';
import type { Workspace } from '../session';
import { currentHost, readyHost, showDockTab, useHost, useUi } from '../store';
import { workPatiently } from '../ui/askPatiently';
import { notify } from '../ui/notify';
import { uploadFiles } from './upload';

function words() {
  return messages('imports', useUi.getState().language);
}

/** Names that say nothing: exporters give them to every model. */
const plainStem = /^(model|network|saved_model|main|graph|main_graph)$/i;

/** What an imported network is called: as its file, unless the file is called as all are. */
function nameOf(file: string, document: NetworkDocument): string {
  const stem = file.replace(/\.[^.]+$/, '');
  return document.name !== '' && plainStem.test(stem) ? document.name : stem;
}

function openImported(workspace: Workspace, file: string, { document, format, kept }: ImportResult): void {
  const isOwn = format === 'document' || format === 'model';
  const named = isOwn ? document : { ...document, name: nameOf(file, document) };
  workspace.open({ document: named, isUnsaved: true, ...(kept === null ? {} : { imported: { ...kept, name: file } }) });
  // The report says the rest.
  if (isOwn) notify(fill(words().opened, { name: file }), 'success');
  else showDockTab('imports');
}

/** Where a file really was is of no use to whoever gave its bytes: its name stands for the place. */
function withoutPlace(diagnostics: readonly Diagnostic[], path: string, name: string): readonly Diagnostic[] {
  const clean = ({ en, zh }: Text): Text => ({ en: en.replaceAll(path, name), zh: zh.replaceAll(path, name) });
  return diagnostics.map((one) => ({
    ...one,
    at: one.at.path === path ? { ...one.at, path: name } : one.at,
    summary: clean(one.summary),
    ...(one.why === undefined ? {} : { why: clean(one.why) }),
  }));
}

/** The network that bare weights are put on: the one in front. */
function ontoOf(workspace: Workspace): { readonly onto?: NetworkDocument } {
  const { document } = workspace.active().project.getState();
  return document.nodes.length === 0 ? {} : { onto: document };
}

type Source = {
  readonly name: string;
  /** Brings the file to where the host can read it. */
  readonly place: (host: HostApi, signal: AbortSignal, say: (what: string) => void) => Promise<Result<string>>;
  /** Whether the host reads the file where its owner has it. */
  readonly isInPlace: boolean;
};

/** Imports one file into a tab of its own. Gives what is wrong with it. */
async function importSource(workspace: Workspace, source: Source): Promise<readonly Diagnostic[]> {
  const host = await readyHost();
  const { name } = source;
  const reading = fill(words().reading, { name });
  const onto = ontoOf(workspace);
  const answer = await workPatiently(reading, async (signal, say) => {
    const placed = await source.place(host, signal, say);
    if (!placed.ok) return { path: name, result: placed };
    say(reading);
    const request = { path: placed.value, keep: true, foldRepeats: true, ...onto };
    return { path: placed.value, result: await host.request('import.read', request, signal) };
  });
  if (answer === null) return [];
  const { path, result } = answer;
  if (!result.ok) return source.isInPlace ? result.diagnostics : withoutPlace(result.diagnostics, path, name);
  openImported(workspace, name, result.value);
  return [];
}

/** Imports a file that the host can read by its path; a network file is opened as what it is. */
export async function importPath(workspace: Workspace, path: string): Promise<void> {
  setPrompt({ kind: 'none' });
  if (path.endsWith('.convloom')) {
    await openPath(workspace, path);
    return;
  }
  const source: Source = { name: fileName(path), isInPlace: true, place: () => Promise.resolve(success(path)) };
  fail(await importSource(workspace, source));
}

/**
 * Imports a file of the page: by its path where the page knows it, else by its bytes. `companions`: files that it may need beside it.
 * Gives what is wrong with it.
 */
export async function importFile(
  workspace: Workspace,
  file: File,
  companions: readonly File[],
): Promise<readonly Diagnostic[]> {
  const path = window.convloom?.pathOf(file) ?? '';
  const t = words();
  return await importSource(workspace, {
    name: file.name,
    isInPlace: path !== '',
    place: async (host, signal, say) => {
      if (path !== '') return success(path);
      return await uploadFiles(host, [file, ...companions], {
        signal,
        tell: (share) => say(fill(t.sending, { name: file.name, percent: Math.floor(100 * share) })),
      });
    },
  });
}

/** Says what is wrong with files that could not be imported. */
export function fail(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0)
    setPrompt({ kind: 'failed', title: messages('dialogs', useUi.getState().language).cannotOpen, diagnostics });
}

/** Asks for a file of any kind and imports it. */
export function importNetwork(workspace: Workspace): void {
  if (useHost.getState().info?.nativeDialogs !== true) {
    setPrompt({ kind: 'import' });
    return;
  }
  void currentHost()
    ?.request('files.pickOpen', { any: true })
    .then((answer) => {
      if (answer.ok && answer.value !== null) void importPath(workspace, answer.value.path);
    });
}
