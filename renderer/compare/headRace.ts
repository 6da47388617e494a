import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { structureDigest } from '../../shared/document/digest';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { StepMeasure } from '../../shared/host/api';
import type { TrainingConfig } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import { fittingBatch, timedMemoryShare, type BuiltHead } from '../../shared/transforms/headLab';
import type { OwnHead } from '../../shared/transforms/ownHead';
import type { Session } from '../session';
import { runEnded, sessionPart, useSession } from '../session';
import { currentHost, useHost } from '../store';

type HeadRace = {
  /** Id of the head that is being trained now. */
  readonly current: string | null;
  /** Id of the head whose step is being timed now. */
  readonly timed: string | null;
  /** Heads of the user's own, beside those that are built. */
  readonly own: readonly OwnHead[];
  /** How long a step takes, by the digest of the network. */
  readonly measured: ReadonlyMap<string, StepMeasure>;
  /** What the last measurement could not do. */
  readonly trouble: readonly Diagnostic[];
};

/** What a session does with the heads of its network; what their training came to is in the runs. */
export const headRaceOf = sessionPart(() =>
  createStore<HeadRace>(() => ({ current: null, timed: null, own: [], measured: new Map(), trouble: [] })),
);

/** The head race of this component's session. */
export function useHeadRace(): HeadRace {
  return useStore(headRaceOf(useSession()));
}

/** Sets a head of the user's own beside the others, in place of one of the same name. */
export function addOwnHead(session: Session, own: OwnHead): void {
  headRaceOf(session).setState((race) => ({ own: [...race.own.filter(({ name }) => name !== own.name), own] }));
}

/** Takes a head of the user's own away again. */
export function removeOwnHead(session: Session, name: string): void {
  headRaceOf(session).setState((race) => ({ own: race.own.filter((one) => one.name !== name) }));
}

/** Names the runs of one race; the time of its start tells races apart. */
function newGroup(): string {
  return `heads-${Date.now().toString(36)}`;
}

/**
 * Trains each head in turn, with the same settings and seed. Stopping one stops the rest. Each run says which head it is and of which
 * race: there the outcome is kept, not in the document.
 */
export async function trainHeads(session: Session, heads: readonly BuiltHead[], config: TrainingConfig): Promise<void> {
  const { run: view } = session;
  const race = headRaceOf(session);
  const group = newGroup();
  for (const { id, label, document } of heads) {
    race.setState({ current: id });
    const variant = { group, label, head: id, network: structureDigest(document) };
    await view.start(config, document, { variant });
    if (isRunActive(view.getState())) await runEnded(view);
    const run = view.getState();
    if (run.phase !== 'finished' || run.reason !== 'completed') break;
  }
  race.setState({ current: null });
}

/** Times a training step of each head, all with one batch size that has room in memory. */
export async function measureHeads(
  session: Session,
  heads: readonly BuiltHead[],
  config: TrainingConfig,
): Promise<void> {
  const race = headRaceOf(session);
  const memory = useHost.getState().info?.memoryBytes ?? 0;
  const batchSize = fittingBatch(heads, config, memory * timedMemoryShare);
  race.setState({ trouble: [], measured: new Map() });
  for (const { id, document } of heads) {
    race.setState({ timed: id });
    const answer = await currentHost()?.request('run.measure', { document, config: { ...config, batchSize } });
    if (answer === undefined) break;
    if (!answer.ok) {
      race.setState({ trouble: answer.diagnostics });
      break;
    }
    const { value } = answer;
    race.setState(({ measured }) => ({ measured: new Map([...measured, [structureDigest(document), value]]) }));
  }
  race.setState({ timed: null });
}
