import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NodeMeasures } from '../../shared/analysis/heat';
import { structureDigest } from '../../shared/document/digest';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { LayerTime, LayerTimes } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Session } from '../session';
import { rootOf, sessionPart, useSession } from '../session';
import { currentHost } from '../store';
import { useEngines } from '../training/engineStore';
import { trainingConfig } from '../training/useTrainingConfig';
import { measuresIn, prefixOf } from './measures';

/** What was measured, with the milliseconds by node as heat has them. */
type Measured = { readonly value: LayerTimes; readonly times: NodeMeasures };

type TimesState = {
  /** By network, engine, batch size and optimizer: what is undone or chosen again needs no second measurement. */
  readonly measured: ReadonlyMap<string, Measured>;
  /** While it is being measured: how many layers of how many are done, and what gives it up. */
  readonly progress: { readonly done: number; readonly total: number; readonly cancel: () => void } | null;
  /** What the last measurement could not do. */
  readonly trouble: readonly Diagnostic[];
};

/** The times of a network's layers; those of its blocks are among them, so ask for that of the {@link rootOf} a session. */
const timesOf = sessionPart(() =>
  createStore<TimesState>(() => ({ measured: new Map(), progress: null, trouble: [] })),
);

const digests = new WeakMap<NetworkDocument, string>();

/** What decides how long a network takes. */
function keyOf(document: NetworkDocument, engine: TrainingConfig['engine']): string {
  const digest = digests.get(document) ?? structureDigest(document);
  digests.set(document, digest);
  const { batchSize, optimizer, output = '' } = trainingConfig(document, engine);
  return [digest, engine, batchSize, optimizer, output].join(' ');
}

function find(session: Session, measured: TimesState['measured'], engine: TrainingConfig['engine']): Measured | null {
  if (measured.size === 0) return null;
  return measured.get(keyOf(rootOf(session).project.getState().document, engine)) ?? null;
}

/** The times of a session's nodes as the network is now; null while they are not measured. */
export function nodeTimes(session: Session): NodeMeasures | null {
  const { measured } = timesOf(rootOf(session)).getState();
  const found = find(session, measured, useEngines.getState().choice);
  return found === null ? null : measuresIn(session, found.times);
}

/** As {@link nodeTimes}, of this component's session. The same object as long as it says the same. */
export function useNodeTimes(): NodeMeasures | null {
  const session = useSession();
  const found = useMeasured();
  return found === null ? null : measuresIn(session, found.times);
}

function useMeasured(): Measured | null {
  const session = useSession();
  const root = rootOf(session);
  const measured = useStore(timesOf(root), (state) => state.measured);
  const engine = useEngines((state) => state.choice);
  return useStore(root.project.store, () => find(session, measured, engine));
}

/** What was measured of a node of this component's session alone; null for a block, and while nothing is known. */
export function useLayerTime(id: string): LayerTime | null {
  const session = useSession();
  const { nodes = {} } = useLayerTimes() ?? {};
  const flat = prefixOf(session) + id;
  return Object.hasOwn(nodes, flat) ? (nodes[flat] ?? null) : null;
}

/** The measurement of the network as it is now; null where there is none. */
export function useLayerTimes(): LayerTimes | null {
  return useMeasured()?.value ?? null;
}

/** How a measurement stands, and whether there was one of the network as it was before. */
export function useMeasuring(): Omit<TimesState, 'measured'> & { readonly hasBefore: boolean } {
  const store = timesOf(rootOf(useSession()));
  const progress = useStore(store, (state) => state.progress);
  const trouble = useStore(store, (state) => state.trouble);
  const hasBefore = useStore(store, (state) => state.measured.size > 0);
  return { progress, trouble, hasBefore };
}

/** Calls back when other times are known, or those of another engine count. Gives back what ends it. */
export function onTimes(session: Session, listener: () => void): () => void {
  const leaveTimes = timesOf(rootOf(session)).subscribe((state, previous) => {
    if (state.measured !== previous.measured) listener();
  });
  const leaveEngine = useEngines.subscribe((state, previous) => {
    if (state.choice !== previous.choice) listener();
  });
  return () => {
    leaveTimes();
    leaveEngine();
  };
}

/** Gives a measurement up. */
export function stopMeasuring(session: Session): void {
  timesOf(rootOf(session)).getState().progress?.cancel();
}

/** Measures the layers of a session's network on the engine in use. Resolves with whether their times are known then. */
export async function measureTimes(session: Session): Promise<boolean> {
  const root = rootOf(session);
  const store = timesOf(root);
  const host = currentHost();
  if (host === null || store.getState().progress !== null) return false;
  const { document } = root.project.getState();
  const engine = useEngines.getState().choice;
  const key = keyOf(document, engine);
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  const ticket = `${root.id} ${key}`.slice(0, 200);
  store.setState({ progress: { done: 0, total: 0, cancel }, trouble: [] });
  const leave = host.on('run.measuring', (told) => {
    if (told.ticket === ticket) store.setState({ progress: { done: told.done, total: told.total, cancel } });
  });
  const question = { document, config: trainingConfig(document, engine), ticket };
  const answer = await host.request('run.measureLayers', question, controller.signal);
  leave();
  if (!answer.ok) {
    store.setState({ progress: null, trouble: controller.signal.aborted ? [] : answer.diagnostics });
    return false;
  }
  const { value } = answer;
  const times = Object.fromEntries(Object.entries(value.nodes).map(([id, { ms }]) => [id, ms]));
  const measured = new Map([...store.getState().measured, [key, { value, times }]]);
  store.setState({ progress: null, measured });
  return true;
}
