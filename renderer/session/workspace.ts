import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { Draft, HostApi } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import { emptyDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import type { OpenTabs } from './openTabs';
import * as tabs from './openTabs';
import { isDirty } from './project';
import type { Session, SessionServices, SessionStart } from './session';
import { createSession, isPristine, shownRunOf } from './session';

export type WorkspaceState = OpenTabs & {
  /** Work of ended apps that the user has not decided about. */
  readonly offeredDrafts: readonly Draft[];
};

/** A tab of an earlier window: what it showed, and whether that was on the screen. */
export type ReopenedTab = { readonly start: SessionStart; readonly isShown: boolean; readonly isActive: boolean };

/** The networks that are open in a window. */
export type Workspace = {
  readonly store: Omit<StoreApi<WorkspaceState>, 'setState'>;
  readonly getState: () => WorkspaceState;
  readonly active: () => Session;
  /** Opens a network in a tab of its own and shows it. An empty one that is in front gives it its place. */
  readonly open: (start: SessionStart) => Session;
  /** Opens a network where the active one was. A session whose run is at work stays open behind it, so that it can be looked after. */
  readonly replace: (start: SessionStart) => Session;
  /** Shows an empty network: the one that is open already, else a new one. */
  readonly openEmpty: () => Session;
  readonly activate: (id: string) => void;
  /** Puts a tab at a place in the order, counted from 0. */
  readonly move: (id: string, place: number) => void;
  /** Shows two networks side by side, or the active one alone again. */
  readonly split: () => void;
  /** Ends a session, its draft with it. The last one leaves an empty network. */
  readonly close: (id: string) => void;
  /** Opens the networks of runs that are at work and shown by no session: the window was closed or reloaded during them. */
  readonly showRunsAtWork: (host: HostApi) => Promise<void>;
  /** Opens again what an earlier window had open, each in a tab of its own. */
  readonly reopen: (tabs: readonly ReopenedTab[]) => void;
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

/** A draft as unsaved work, with the path that it had and the run that it showed. */
export function startOfDraft(draft: Draft): SessionStart {
  return {
    document: draft.document,
    // A draft without a revision never fits the file: saving then asks who wins.
    file: draft.path === null ? null : { path: draft.path, revision: draft.revision ?? 'unknown' },
    isUnsaved: true,
    draftKey: draft.key,
    ...(draft.runId === undefined ? {} : { runId: draft.runId }),
  };
}

/** Opens a workspace with one empty network. */
export function createWorkspace(services: SessionServices): Workspace {
  const first = createSession(services, { document: emptyDocument('') });
  const store = createStore<WorkspaceState>(() => ({
    sessions: [first],
    shown: [first],
    active: first,
    offeredDrafts: [],
  }));
  const { getState, setState } = store;

  /** Keys of drafts that a session was opened from: it writes its own in their place. */
  const reopened = new Set<string>();
  const forget = (drafts: readonly Draft[], gone: Draft): readonly Draft[] =>
    drafts.filter((other) => other.key !== gone.key);
  const fresh = (): Session => createSession(services, { document: emptyDocument('') });
  const find = (id: string): Session | undefined => getState().sessions.find((session) => session.id === id);
  const show = (session: Session): Session => {
    setState((state) => tabs.activated(state, session));
    return session;
  };
  const takePlace = (start: SessionStart): Session => {
    const { active: before } = getState();
    const session = createSession(services, start);
    setState((state) => tabs.replaced(state, before, session));
    before.close();
    return session;
  };
  const openBehind = (start: SessionStart): Session => {
    const session = createSession(services, start);
    setState((state) => tabs.added(state, session));
    return session;
  };
  const open = (start: SessionStart): Session =>
    isPristine(getState().active) ? takePlace(start) : show(openBehind(start));
  const replace = (start: SessionStart): Session => {
    const { active: before } = getState();
    const isSameRun = start.runId !== undefined && start.runId === shownRunOf(before.run);
    return isRunActive(before.run.getState()) && !isSameRun ? open(start) : takePlace(start);
  };
  const close = (session: Session): void => {
    setState((state) => tabs.closed(state, session, fresh));
    session.close();
  };
  return {
    store,
    getState,
    active: () => getState().active,
    open,
    replace,
    openEmpty: () => {
      const empty = getState().sessions.find(isPristine);
      return empty === undefined ? open({ document: emptyDocument('') }) : show(empty);
    },
    activate: (id) => {
      const session = find(id);
      if (session !== undefined && session !== getState().active) show(session);
    },
    move: (id, place) => {
      const session = find(id);
      if (session !== undefined) setState((state) => tabs.moved(state, session, place));
    },
    split: () => setState((state) => tabs.splitOrJoined(state, fresh)),
    close: (id) => {
      const session = find(id);
      if (session !== undefined) close(session);
    },
    showRunsAtWork: async (host) => {
      const answer = await host.request('run.list', {});
      if (!answer.ok) return;
      const isShown = (id: string): boolean => getState().sessions.some(({ run }) => shownRunOf(run) === id);
      for (const summary of answer.value) {
        if (summary.state !== 'running' || isShown(summary.id)) continue;
        const record = await host.request('run.get', { runId: summary.id });
        if (!record.ok || isShown(summary.id)) continue;
        const start = { document: withConfig(record.value.document, summary.config), run: record.value };
        // What the user is at stays in front.
        if (isPristine(getState().active)) takePlace(start);
        else openBehind(start);
      }
    },
    reopen: (kept) => {
      const { active, sessions } = getState();
      const opened = kept.map(({ start }) => {
        if (start.draftKey !== undefined) reopened.add(start.draftKey);
        return openBehind(start);
      });
      const [first] = opened;
      // Whoever has begun to work meanwhile keeps that in front.
      if (first === undefined || sessions.length > 1 || !isPristine(active)) return;
      const [left = first, right] = opened.filter((_, place) => kept[place]?.isShown === true);
      const front = opened.find((_, place) => kept[place]?.isActive === true) ?? left;
      setState({ shown: right === undefined ? [left] : [left, right], active: front });
      close(active);
    },
    findDrafts: async (host) => {
      const answer = await host.request('draft.list', {});
      if (!answer.ok) return 0;
      const own = new Set(getState().sessions.map(({ id }) => id));
      const isOffered = ({ key, document }: Draft): boolean =>
        !own.has(key) && !reopened.has(key) && document.nodes.length > 0;
      const drafts = answer.value.filter(isOffered);
      setState({ offeredDrafts: drafts });
      return drafts.length;
    },
    restoreDraft: (draft) => {
      setState(({ offeredDrafts }) => ({ offeredDrafts: forget(offeredDrafts, draft) }));
      reopened.add(draft.key);
      const start = startOfDraft(draft);
      const { sessions } = getState();
      // The draft of a run that is shown already is what that run was started from.
      const ofItsRun = sessions.find(({ run }) => draft.runId !== undefined && shownRunOf(run) === draft.runId);
      if (ofItsRun === undefined || isDirty(ofItsRun.project.getState())) return open(start);
      show(ofItsRun);
      return takePlace(start);
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
