import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { Draft, HostApi } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import { emptyDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import { isDirty } from './project';
import type { Session, SessionServices, SessionStart } from './session';
import { createSession, isPristine, shownRunOf } from './session';

export type WorkspaceState = {
  /** In the order in which they were opened; never empty. */
  readonly sessions: readonly Session[];
  /** The one that the window's panels, menus and keys are about. */
  readonly active: Session;
  /** Work of ended apps that the user has not decided about. */
  readonly offeredDrafts: readonly Draft[];
};

/** The networks that are open in a window. */
export type Workspace = {
  readonly store: Omit<StoreApi<WorkspaceState>, 'setState'>;
  readonly getState: () => WorkspaceState;
  readonly active: () => Session;
  /** Opens a network beside the others and shows it. */
  readonly open: (start: SessionStart) => Session;
  /** Opens a network where the active one was. A session whose run is at work stays open behind it, so that it can be looked after. */
  readonly replace: (start: SessionStart) => Session;
  readonly activate: (id: string) => void;
  /** Ends a session, its draft with it. The last one leaves an empty network. */
  readonly close: (id: string) => void;
  /** Opens the networks of runs that are at work and shown by no session: the window was closed or reloaded during them. */
  readonly showRunsAtWork: (host: HostApi) => Promise<void>;
  /** Asks the host for drafts that nobody works on any more. Gives how many are offered. */
  readonly findDrafts: (host: HostApi) => Promise<number>;
  /** Opens a draft as unsaved work, with the path it had and the run it showed. */
  readonly restoreDraft: (draft: Draft) => Session;
  /** Forgets a draft, on disk too. */
  readonly discardDraft: (draft: Draft) => void;
  /** Writes what is not drafted yet. True when some work is neither saved nor known to be drafted. */
  readonly flushDrafts: () => boolean;
  /** Lets go of all sessions; drafts stay. */
  readonly dispose: () => void;
};

/** The document with the settings that its run really had: those are what a reopened run is about. */
function withConfig(document: NetworkDocument, config: TrainingConfig): NetworkDocument {
  const { engine: _engine, ...ran } = config;
  return { ...document, train: { ...document.train, ...ran } };
}

/** Opens a workspace with one empty network. */
export function createWorkspace(services: SessionServices): Workspace {
  const first = createSession(services, { document: emptyDocument('') });
  const store = createStore<WorkspaceState>(() => ({ sessions: [first], active: first, offeredDrafts: [] }));
  const { getState, setState } = store;

  const forget = (drafts: readonly Draft[], gone: Draft): readonly Draft[] =>
    drafts.filter((other) => other.key !== gone.key);
  const open = (start: SessionStart): Session => {
    const session = createSession(services, start);
    setState(({ sessions }) => ({ sessions: [...sessions, session], active: session }));
    return session;
  };
  const replace = (start: SessionStart): Session => {
    const { active: before, sessions } = getState();
    const shown = shownRunOf(before.run);
    const isSameRun = start.runId !== undefined && start.runId === shown;
    if (isRunActive(before.run.getState()) && !isSameRun) return open(start);
    const session = createSession(services, start);
    setState({ sessions: sessions.map((other) => (other === before ? session : other)), active: session });
    before.close();
    return session;
  };
  const close = (id: string): void => {
    const { sessions, active } = getState();
    const place = sessions.findIndex((session) => session.id === id);
    const closed = sessions[place];
    if (closed === undefined) return;
    const rest = sessions.filter((session) => session !== closed);
    const next = rest[Math.min(place, rest.length - 1)] ?? createSession(services, { document: emptyDocument('') });
    setState({ sessions: rest.length === 0 ? [next] : rest, active: active === closed ? next : active });
    closed.close();
  };
  return {
    store,
    getState,
    active: () => getState().active,
    open,
    replace,
    activate: (id) => {
      const session = getState().sessions.find((candidate) => candidate.id === id);
      if (session !== undefined) setState({ active: session });
    },
    close,
    showRunsAtWork: async (host) => {
      const answer = await host.request('run.list', {});
      if (!answer.ok) return;
      const isShown = (id: string): boolean => getState().sessions.some(({ run }) => shownRunOf(run) === id);
      for (const summary of answer.value) {
        if (summary.state !== 'running' || isShown(summary.id)) continue;
        const record = await host.request('run.get', { runId: summary.id });
        if (!record.ok || isShown(summary.id)) continue;
        const { active } = getState();
        const start = { document: withConfig(record.value.document, summary.config), run: record.value };
        if (isPristine(active)) replace(start);
        else {
          // What the user is at stays in front.
          open(start);
          setState({ active });
        }
      }
    },
    findDrafts: async (host) => {
      const answer = await host.request('draft.list', {});
      if (!answer.ok) return 0;
      const own = new Set(getState().sessions.map(({ id }) => id));
      const drafts = answer.value.filter((draft) => !own.has(draft.key) && draft.document.nodes.length > 0);
      setState({ offeredDrafts: drafts });
      return drafts.length;
    },
    restoreDraft: (draft) => {
      setState(({ offeredDrafts }) => ({ offeredDrafts: forget(offeredDrafts, draft) }));
      const start: SessionStart = {
        document: draft.document,
        // A draft without a revision never fits the file: saving then asks who wins.
        file: draft.path === null ? null : { path: draft.path, revision: draft.revision ?? 'unknown' },
        isUnsaved: true,
        draftKey: draft.key,
        ...(draft.runId === undefined ? {} : { runId: draft.runId }),
      };
      const { active } = getState();
      const state = active.project.getState();
      const isInTheWay = isDirty(state) && state.document.nodes.length > 0;
      return isInTheWay ? open(start) : replace(start);
    },
    discardDraft: (draft) => {
      setState(({ offeredDrafts }) => ({ offeredDrafts: forget(offeredDrafts, draft) }));
      void services.host.current()?.request('draft.discard', { key: draft.key });
    },
    flushDrafts: () => {
      const { sessions } = getState();
      for (const { drafts } of sessions) drafts.flush();
      return sessions.some(({ drafts }) => drafts.isBehind());
    },
    dispose: () => {
      for (const session of getState().sessions) session.dispose();
    },
  };
}
