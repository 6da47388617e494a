import { create } from 'zustand';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lesson } from '../../shared/learn/lesson';
import { needsTraining } from '../../shared/learn/experiment';
import { findTrial, measureRun, trialNetworks } from '../../shared/learn/measure';
import type { TrialNetwork } from '../../shared/learn/measure';
import type { NetworkDocument } from '../../shared/schema/document';
import type { RunState } from '../../shared/training/runState';
import type { Session, Workspace } from '../session';
import { sessionPart, useSession } from '../session';
import { hostLink, useUi } from '../store';
import { keepFigure, openedLesson } from './course';

/** The networks of the open lesson's experiment. */
const useNetworks = create<{ readonly lesson: Lesson | null; readonly networks: readonly TrialNetwork[] }>(() => ({
  lesson: null,
  networks: [],
}));

/** What a session has to do with the open lesson. */
type Trials = {
  /** The trial whose network is on the canvas. */
  readonly shown: TrialNetwork | null;
  /** The trial that the run at work is of. */
  readonly training: TrialNetwork | null;
};

const trialsOf = sessionPart(() => createStore<Trials>(() => ({ shown: null, training: null })));

/** Sessions that a lesson opened, and the networks there that lessons can show again: nothing is lost when one is replaced. */
const openedByLesson = new WeakSet<Session>();
const repeatable = new WeakSet<NetworkDocument>();

/** Fetches the networks of a lesson, unless they are here. */
async function loadNetworks(lesson: Lesson): Promise<void> {
  if (useNetworks.getState().lesson === lesson) return;
  const answer = await hostLink.current()?.request('templates.open', { id: lesson.experiment.template });
  if (answer?.ok !== true || openedLesson() !== lesson) return;
  useNetworks.setState({ lesson, networks: trialNetworks(answer.value, lesson.experiment) });
}

/** Finds out which trial is on the canvas. One that needs no training is thereby done. */
function recognise(session: Session): void {
  const { lesson, networks } = useNetworks.getState();
  if (lesson === null || lesson !== openedLesson()) {
    trialsOf(session).setState({ shown: null });
    return;
  }
  const { document, analysis } = session.project.getState();
  const shown = findTrial(lesson.experiment, networks, document, analysis);
  trialsOf(session).setState({ shown });
  if (shown === null) return;
  repeatable.add(document);
  if (!needsTraining(lesson.experiment)) keepFigure(lesson, shown.trial.id, shown.trial.figure);
}

/** Notes which trial a run is of when it is asked for, and what it gave when it is through. */
function followRun(session: Session, run: RunState): void {
  const trials = trialsOf(session);
  if (run.phase === 'requesting') trials.setState(({ shown }) => ({ training: shown }));
  if (run.phase !== 'finished' || run.reason !== 'completed') return;
  const { training } = trials.getState();
  const { lesson } = useNetworks.getState();
  const last = run.epochs.at(-1);
  if (lesson === null || training === null || last === undefined) return;
  if (!lesson.experiment.trials.includes(training.trial)) return;
  const figure = measureRun(lesson.experiment.measure, last);
  if (figure !== null) keepFigure(lesson, training.trial.id, figure);
}

/** Ticks off what the open lesson proposes as it is done on a session's canvas. Gives back what ends it. */
export function watchTrials(session: Session): () => void {
  const load = (): void => {
    const lesson = openedLesson();
    if (lesson !== undefined) void loadNetworks(lesson);
    recognise(session);
  };
  const leave = [
    hostLink.onReady(load),
    useUi.subscribe((state, previous) => {
      const isOther = state.layout['lesson'] !== previous.layout['lesson'];
      if (isOther || state.hiddenPanels !== previous.hiddenPanels) load();
    }),
    useNetworks.subscribe(() => recognise(session)),
    session.project.store.subscribe((state, previous) => {
      if (state.document !== previous.document) recognise(session);
    }),
    session.run.store.subscribe((state, previous) => {
      if (state.phase !== previous.phase) followRun(session, state);
    }),
  ];
  load();
  return () => leave.forEach((end) => end());
}

/**
 * Shows a trial of the open lesson: where another trial of it is, as an edit that can be undone; else as a network of its own.
 */
export function showTrial(workspace: Workspace, lesson: Lesson, trialId: string): void {
  const { lesson: loaded, networks } = useNetworks.getState();
  const network = networks.find(({ trial }) => trial.id === trialId);
  if (loaded !== lesson || network === undefined) return;
  const session = workspace.active();
  const { document } = session.project.getState();
  if (trialsOf(session).getState().shown !== null) {
    session.project.edit(network.trial.label, [{ type: 'replaceDocument', document: network.document }]);
  } else if (openedByLesson.has(session) && repeatable.has(document)) {
    openedByLesson.add(workspace.replace({ document: network.document }));
  } else {
    openedByLesson.add(workspace.open({ document: network.document }));
  }
}

/** The networks of a lesson are here, and what this component's session has to do with them. */
export function useTrials(lesson: Lesson): Trials & { readonly isReady: boolean } {
  const isReady = useNetworks((state) => state.lesson === lesson);
  return { ...useStore(trialsOf(useSession())), isReady };
}
