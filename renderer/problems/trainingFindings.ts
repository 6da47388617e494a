import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { drawnAs } from '../../shared/analysis/blocks';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { TrainingData } from '../../shared/compile/trainingChecks';
import { checkTraining } from '../../shared/compile/trainingChecks';
import { trainingNeedsWeights } from '../../shared/diagnostics/catalog/trainingAdvice';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { isWholeDataSpec } from '../../shared/schema/data';
import type { TrainingConfig } from '../../shared/schema/training';
import { defaultTrainingConfig, readingOf } from '../../shared/schema/training';
import { checkSettings } from '../../shared/training/checkSettings';
import type { ProjectState, Session } from '../session';
import { sessionPart, useSession } from '../session';
import { hostLink } from '../store/host';

type Project = Pick<ProjectState, 'document' | 'analysis'>;
type Findings = readonly Diagnostic[];

const none: Findings = [];

/** Large networks take tens of milliseconds to check: that waits until the shapes of an edit are on the screen. */
const pauseMs = 60;

/** The settings of a document; the engine is the machine's choice and never in the way. */
function settingsOf({ document }: Project): TrainingConfig {
  return { ...defaultTrainingConfig, ...document.train, engine: 'auto' };
}

/** What decides what the data are: their name, and how they are read. */
function questionOf(settings: TrainingConfig): string {
  return JSON.stringify([settings.data, readingOf(settings)]);
}

/** What is wrong with training a network on its data, or worth knowing; settings first. Nothing while there is no network. */
export function findTrainingProblems(project: Project, data: TrainingData | null): Findings {
  if (project.document.nodes.length === 0) return none;
  const config = settingsOf(project);
  return [
    ...checkSettings(config),
    ...(data === null ? withoutWeights(project) : checkTraining(project.document, project.analysis, data, config)),
  ];
}

/** An Input alone learns from no data at all: that needs no host to be known. */
function withoutWeights({ analysis }: Project): Findings {
  return analysis.ok && analysis.totals.trainableParams === 0 ? [trainingNeedsWeights()] : none;
}

const partOf = sessionPart((_session) => {
  const store = createStore<{ readonly findings: Findings; readonly isDataAsked: boolean }>(() => ({
    findings: none,
    isDataAsked: false,
  }));
  const known: { question: string | null; data: TrainingData | null } = { question: null, data: null };
  const last: { of: readonly unknown[]; findings: Findings } = { of: [], findings: none };
  return { store, known, last };
});

/** As {@link findTrainingProblems}, of a session as it stands, with what is known of its data. */
export function trainingProblems(session: Session): Findings {
  const project = session.project.getState();
  const { known, last } = partOf(session);
  const data = known.question === questionOf(settingsOf(project)) ? known.data : null;
  // Every key that is pressed asks.
  if (last.of[0] === project.document && last.of[1] === data) return last.findings;
  last.of = [project.document, data];
  last.findings = findTrainingProblems(project, data);
  return last.findings;
}

function refresh(session: Session): void {
  const { store } = partOf(session);
  const findings = trainingProblems(session);
  if (findings.length > 0 || store.getState().findings.length > 0) store.setState({ findings });
}

/** Asks the host again what the session's data is: a folder may have been mended since. */
export async function askForData(session: Session): Promise<void> {
  const settings = settingsOf(session.project.getState());
  const { data: spec } = settings;
  const question = questionOf(settings);
  const { known } = partOf(session);
  if (known.question !== question) {
    known.data = null;
    partOf(session).store.setState({ isDataAsked: false });
  }
  known.question = question;
  const answer = isWholeDataSpec(spec)
    ? await hostLink.current()?.request('data.info', { spec, reading: readingOf(settings) })
    : undefined;
  if (known.question !== question) return;
  // A lost host has not said that the data is gone: what it said before stands.
  if (answer !== undefined) known.data = answer.ok ? answer.value : null;
  refresh(session);
  partOf(session).store.setState({ isDataAsked: true });
}

/** Keeps the findings of a session in step with its network and its data while it is shown. Gives back what ends it. */
export function watchTraining(session: Session): () => void {
  const { project } = session;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leaveData = (): void => undefined;
  const leaveHost = hostLink.onReady((host) => {
    void askForData(session);
    leaveData();
    leaveData = host.on('data.changed', () => void askForData(session));
  });
  const leaveProject = project.store.subscribe((state, previous) => {
    if (state.document === previous.document) return;
    if (questionOf(settingsOf(state)) !== partOf(session).known.question) void askForData(session);
    clearTimeout(timer);
    timer = setTimeout(() => refresh(session), pauseMs);
  });
  refresh(session);
  return () => {
    clearTimeout(timer);
    leaveHost();
    leaveData();
    leaveProject();
  };
}

/** What stands between this component's network and a good run on its data. */
export function useTrainingProblems(): Findings {
  return useStore(partOf(useSession()).store, (state) => state.findings);
}

/** Whether the data of this component's network have been asked for: until then nobody knows whether they fit. */
export function useIsDataAsked(): boolean {
  return useStore(partOf(useSession()).store, (state) => state.isDataAsked);
}

const byDrawnNode = new WeakMap<Findings, ReadonlyMap<string, Findings>>();

/** Findings by the node that they are drawn at, sorted once: every node of a canvas asks for its own. */
function findingsAt(findings: Findings, analysis: NetworkAnalysis): ReadonlyMap<string, Findings> {
  const known = byDrawnNode.get(findings);
  if (known) return known;
  const lists = new Map<string, Diagnostic[]>();
  for (const finding of findings) {
    const { nodeId } = finding.at;
    if (nodeId === undefined) continue;
    const drawn = drawnAs(analysis, nodeId);
    const list = lists.get(drawn);
    if (list) list.push(finding);
    else lists.set(drawn, [finding]);
  }
  byDrawnNode.set(findings, lists);
  return lists;
}

/** The training findings of one drawn node of a session, as they were found last. */
export function trainingProblemsOf(session: Session, nodeId: string): Findings {
  const { findings } = partOf(session).store.getState();
  if (findings.length === 0) return none;
  return findingsAt(findings, session.project.getState().analysis).get(nodeId) ?? none;
}

/** As {@link trainingProblemsOf}, of this component's session. */
export function useTrainingProblemsOf(nodeId: string): Findings {
  const session = useSession();
  return useStore(partOf(session).store, () => trainingProblemsOf(session, nodeId));
}

/** Calls back when the training findings of a session are others. Gives back what ends it. */
export function onTrainingProblems(session: Session, listener: () => void): () => void {
  return partOf(session).store.subscribe((state, previous) => {
    if (state.findings !== previous.findings) listener();
  });
}
