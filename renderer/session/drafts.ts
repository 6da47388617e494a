import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import type { HostLink } from './hostLink';
import type { Project } from './project';
import { isDirty } from './project';

/** A draft is written this long after the last edit... */
export const draftPauseMs = 300;
/** ...and this long after the first one that is not drafted yet, however steadily edits come. The rest of the second is for writing. */
export const longestDraftWaitMs = 700;
/** A draft that could not be written is tried again after this. */
export const draftRetryMs = 2000;

/** Keeps the unsaved work of one session on the host's disk. */
export type DraftKeeper = {
  /** Writes now what is not written yet; the request has left when this returns. */
  readonly flush: () => void;
  /** True while there is work that is neither saved nor drafted. */
  readonly isBehind: () => boolean;
  /** Takes the draft from the disk: the session was closed by the user's own choice. */
  readonly discard: () => void;
  /** Stops watching; the draft stays. */
  readonly dispose: () => void;
};

export type DraftOptions = {
  /** No two sessions share it. */
  readonly key: string;
  readonly project: Project;
  /** The run that the session shows, so that it is shown again with the draft. */
  readonly runId: () => string | null;
  /** Calls back when `runId` may have changed. Gives back what ends it. */
  readonly onRunChange: (listener: () => void) => () => void;
  readonly host: HostLink;
  /** The draft that this session was opened from: it goes when this session has one of its own. */
  readonly replaces?: string;
  /** Told once when drafts cannot be written, and with null when they can again. */
  readonly onTrouble: (diagnostics: readonly Diagnostic[] | null) => void;
};

type Timer = ReturnType<typeof setTimeout>;

/** Watches a project and drafts every change of it within a second. */
export function createDraftKeeper(options: DraftOptions): DraftKeeper {
  const { key, project, runId, host, onTrouble } = options;
  /** What the disk holds under the key; null for nothing. */
  let drafted: NetworkDocument | null = null;
  let draftedRun: string | null = null;
  let replaces = options.replaces;
  let isWriting = false;
  let hasTrouble = false;
  let isOver = false;
  let timer: Timer | undefined;
  let latestAt: number | null = null;

  const wanted = (): NetworkDocument | null => {
    const state = project.getState();
    return isDirty(state) ? state.document : null;
  };
  const isSettled = (): boolean =>
    wanted() === drafted && replaces === undefined && (drafted === null || draftedRun === runId());

  const ask = async (document: NetworkDocument | null, shownRun: string | null) => {
    const { file } = project.getState();
    const old = replaces;
    if (document === null) {
      if (old !== undefined) void host.current()?.request('draft.discard', { key: old });
      return host.current()?.request('draft.discard', { key });
    }
    return host.current()?.request('draft.save', {
      key,
      path: file?.path ?? null,
      ...(file === null ? {} : { revision: file.revision }),
      ...(shownRun === null ? {} : { runId: shownRun }),
      ...(old === undefined ? {} : { replaces: old }),
      document,
    });
  };
  const settle = (isDone: boolean, reasons: readonly Diagnostic[]): void => {
    isWriting = false;
    if (isDone) {
      replaces = undefined;
      if (hasTrouble) onTrouble(null);
      hasTrouble = false;
      if (!isOver && !isSettled()) schedule();
      return;
    }
    // A host that is away is said by the connection itself, and asked again when it is back.
    if (!hasTrouble && host.isReady() && reasons.length > 0) {
      hasTrouble = true;
      onTrouble(reasons);
    }
    if (!isOver) restart(draftRetryMs);
  };
  const write = (): void => {
    clearTimeout(timer);
    latestAt = null;
    if (isSettled()) return;
    isWriting = true;
    const document = wanted();
    const shownRun = runId();
    void ask(document, shownRun).then((answer) => {
      if (answer?.ok === true) {
        drafted = document;
        draftedRun = shownRun;
      }
      settle(answer?.ok === true, answer?.ok === false ? answer.diagnostics : []);
    });
  };
  const restart = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!isWriting) write();
    }, delayMs);
  };
  const schedule = (): void => {
    if (isOver) return;
    const now = performance.now();
    latestAt ??= now + longestDraftWaitMs;
    restart(Math.max(0, Math.min(draftPauseMs, latestAt - now)));
  };

  const leaveProject = project.store.subscribe((state, previous) => {
    if (state.document !== previous.document || state.savedDocument !== previous.savedDocument) schedule();
  });
  const leaveRun = options.onRunChange(() => {
    if (drafted !== null && draftedRun !== runId()) schedule();
  });
  const leaveHost = host.onReady(() => {
    // Whether the host that is back still has what was written is not known: it may be another one.
    drafted = null;
    if (!isWriting && !isSettled()) write();
  });
  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
    leaveProject();
    leaveRun();
    leaveHost();
  };
  return {
    flush: () => {
      if (!isOver) write();
    },
    isBehind: () => {
      const document = wanted();
      return document !== null && document !== drafted;
    },
    discard: () => {
      end();
      void host.current()?.request('draft.discard', { key });
      if (replaces !== undefined) void host.current()?.request('draft.discard', { key: replaces });
    },
    dispose: end,
  };
}
