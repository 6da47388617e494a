import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { KeptImport } from '../../shared/host/api';
import type { DraftKeeper } from './drafts';
import { createDraftKeeper } from './drafts';
import type { HostLink } from './hostLink';
import type { Project, ProjectStart } from './project';
import { createProject, isDirty } from './project';
import type { RunRecord, RunView } from './run';
import { createRunView } from './run';
import type { View } from './view';
import { createView } from './view';

/** What a session needs of the window around it. */
export type SessionServices = {
  readonly host: HostLink;
  /** Calls back at the next frame of the screen. */
  readonly nextFrame: (callback: () => void) => void;
  /** Names a session; two never get the same, in this window or in another. */
  readonly newId: () => string;
  /** Told when the drafts of a session cannot be written, and with null when they can again. */
  readonly onDraftTrouble: (session: Session, diagnostics: readonly Diagnostic[] | null) => void;
};

/** What a session is opened with. */
export type SessionStart = ProjectStart & {
  /** Id of the template that it is a copy of. */
  readonly template?: string;
  /** Key of the draft that it is opened from. */
  readonly draftKey?: string;
  /** The run to show. */
  readonly runId?: string;
  /** The run to show, with what it has said so far. */
  readonly run?: RunRecord;
  /** The file of another program that it was imported from. */
  readonly imported?: KeptImport;
};

/** One open network with all that belongs to it: its history, what is selected and seen of it, its run, its draft. */
export type Session = {
  /** Also the key of its draft. */
  readonly id: string;
  /** Id of the template that it was opened from; null for every other network. */
  readonly template: string | null;
  /** What it was imported from, with the weights that the file had; null for every other network. */
  readonly imported: KeptImport | null;
  readonly project: Project;
  readonly run: RunView;
  readonly view: View;
  readonly drafts: DraftKeeper;
  /** Ends the session and takes its draft from the disk; its run goes on. */
  readonly close: () => void;
  /** Lets go of everything and leaves the draft where it is: the window goes. */
  readonly dispose: () => void;
};

/** Opens a network as a session of its own. */
export function createSession(services: SessionServices, start: SessionStart): Session {
  const { host, nextFrame } = services;
  const id = services.newId();
  const project = createProject(start);
  const run = createRunView({ host, nextFrame });
  if (start.run) run.adopt(start.run);
  else if (start.runId !== undefined) void run.show(start.runId);
  const drafts = createDraftKeeper({
    key: id,
    project,
    host,
    // Until the run of a restored draft has been read, it is still the one that the draft is about.
    runId: () => shownRunOf(run) ?? start.runId ?? null,
    onRunChange: run.store.subscribe,
    ...(start.draftKey === undefined ? {} : { replaces: start.draftKey }),
    onTrouble: (diagnostics) => services.onDraftTrouble(session, diagnostics),
  });
  const session: Session = {
    id,
    template: start.template ?? null,
    imported: start.imported ?? null,
    project,
    run,
    view: createView(),
    drafts,
    close: () => {
      if (start.imported !== undefined) void host.current()?.request('import.forget', { id: start.imported.id });
      drafts.discard();
      run.dispose();
    },
    dispose: () => {
      drafts.dispose();
      run.dispose();
    },
  };
  return session;
}

/** The id of the run that is shown; null while there is none. */
export function shownRunOf(run: RunView): string | null {
  const state = run.getState();
  return 'runId' in state ? state.runId : null;
}

/** True for what a window opens with: nothing on the canvas, nothing to lose, nothing at work. */
export function isPristine({ project, run }: Session): boolean {
  const state = project.getState();
  return state.document.nodes.length === 0 && !isDirty(state) && run.getState().phase === 'idle';
}
