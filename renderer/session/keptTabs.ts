import { z } from 'zod';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { Draft, HostApi } from '../../shared/host/api';
import { isDirty } from './project';
import type { Session, SessionStart } from './session';
import { isPristine, shownRunOf } from './session';
import type { Workspace, WorkspaceState } from './workspace';
import { startOfDraft } from './workspace';

/** Where the networks of a window come from, so that the next window can open them again. */
const keptTabsSchema = z.array(
  z.object({
    /** Of its draft. */
    key: z.string(),
    /** It has changes, so the draft comes before the file. */
    isDirty: z.boolean(),
    path: z.string().exactOptional(),
    template: z.string().exactOptional(),
    runId: z.string().exactOptional(),
    importId: z.string().exactOptional(),
    isShown: z.boolean(),
    isActive: z.boolean(),
  }),
);
export type KeptTabs = Readonly<z.infer<typeof keptTabsSchema>>;
type KeptTab = KeptTabs[number];

function keptTab(session: Session, { shown, active }: WorkspaceState): KeptTab {
  const state = session.project.getState();
  const runId = shownRunOf(session.run);
  return {
    key: session.id,
    isDirty: isDirty(state),
    ...(state.file === null ? {} : { path: state.file.path }),
    ...(session.template === null ? {} : { template: session.template }),
    ...(runId === null ? {} : { runId }),
    ...(session.imported === null ? {} : { importId: session.imported.id }),
    isShown: shown.includes(session),
    isActive: session === active,
  };
}

/** What is open, as it is kept for the next window. An empty network is not worth it. */
export function keptTabsOf(state: WorkspaceState): KeptTabs {
  return state.sessions.filter((session) => !isPristine(session)).map((session) => keptTab(session, state));
}

/** Reads kept tabs; none where the text is not what this version keeps. */
export function readKeptTabs(text: string): KeptTabs {
  try {
    return keptTabsSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/**
 * The drafts of an earlier window. Until the host has heard of its end they are taken for somebody's, so those that are missing are
 * asked for again when it has, for as long as `patienceMs`.
 */
async function findDrafts(host: HostApi, keys: ReadonlySet<string>, patienceMs: number): Promise<readonly Draft[]> {
  const list = async (): Promise<readonly Draft[]> => {
    const answer = await host.request('draft.list', {});
    return answer.ok ? answer.value.filter(({ key }) => keys.has(key)) : [];
  };
  if (keys.size === 0) return [];
  return new Promise((resolve) => {
    const end = (drafts: readonly Draft[]): void => {
      clearTimeout(timer);
      leave();
      resolve(drafts);
    };
    const look = async (isLast: boolean): Promise<void> => {
      const drafts = await list();
      if (isLast || drafts.length === keys.size) end(drafts);
    };
    const leave = host.on('drafts.left', () => void look(false));
    const timer = setTimeout(() => void look(true), patienceMs);
    void look(false);
  });
}

/** What a tab is opened with; null where nothing of it is left. */
async function startOf(
  tab: KeptTab,
  drafts: readonly Draft[],
  host: HostApi,
  report: (diagnostics: readonly Diagnostic[]) => void,
): Promise<SessionStart | null> {
  const record = tab.runId === undefined ? null : await host.request('run.get', { runId: tab.runId });
  // With what it has said so far, so that nobody opens a run at work a second time.
  const kept = tab.importId === undefined ? null : await host.request('import.kept', { id: tab.importId });
  const shown = {
    ...(record?.ok === true ? { run: record.value } : {}),
    ...(kept?.ok === true ? { imported: kept.value } : {}),
  };
  const draft = drafts.find(({ key }) => key === tab.key);
  if (draft !== undefined) return { ...startOfDraft(draft), ...shown };
  if (tab.path !== undefined) {
    const answer = await host.request('project.open', { path: tab.path });
    if (!answer.ok) {
      report(answer.diagnostics);
      return null;
    }
    const { document, path, revision } = answer.value;
    return { document, file: { path, revision }, ...shown };
  }
  if (tab.template !== undefined) {
    const answer = await host.request('templates.open', { id: tab.template });
    return answer.ok ? { document: answer.value, template: tab.template, ...shown } : null;
  }
  return record?.ok === true ? { document: record.value.document, run: record.value } : null;
}

/** Opens the networks of an earlier window again: unsaved work as it was left, files as they are now, runs as far as they have come. */
export async function reopenTabs(
  workspace: Workspace,
  host: HostApi,
  kept: KeptTabs,
  options: { readonly patienceMs: number; readonly report: (diagnostics: readonly Diagnostic[]) => void },
): Promise<void> {
  const dirty = new Set(kept.filter((tab) => tab.isDirty).map(({ key }) => key));
  const drafts = await findDrafts(host, dirty, options.patienceMs);
  const starts = await Promise.all(kept.map((tab) => startOf(tab, drafts, host, options.report)));
  workspace.reopen(
    kept.flatMap(({ isShown, isActive }, place) => {
      const start = starts[place];
      return start ? [{ start, isShown, isActive }] : [];
    }),
  );
}
