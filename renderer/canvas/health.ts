import { useStore } from 'zustand';
import type { NodeMeasures, RunHeat } from '../../shared/analysis/heat';
import type { LayerLook } from '../../shared/training/events';
import type { RunState } from '../../shared/training/runState';
import type { Session } from '../session';
import { rootOf, useSession } from '../session';
import { measuresIn } from './measures';

/** The layers of a run at the end of the last epoch that looked at them. */
export type LastLook = { readonly epoch: number; readonly layers: readonly LayerLook[] };

const looks = new WeakMap<readonly LayerLook[], LastLook>();
const measures = new WeakMap<readonly LayerLook[], { readonly [M in RunHeat]: NodeMeasures }>();

/** The last look of the shown run; null where there was none. The same object for the same look. */
function lastLook(run: RunState): LastLook | null {
  const last = 'epochs' in run ? run.epochs.findLast(({ layers }) => layers !== undefined) : undefined;
  if (last?.layers === undefined) return null;
  const known = looks.get(last.layers) ?? { epoch: last.epoch, layers: last.layers };
  looks.set(last.layers, known);
  return known;
}

function measuresOf({ layers }: LastLook): { readonly [M in RunHeat]: NodeMeasures } {
  const of = (measure: RunHeat): NodeMeasures =>
    Object.fromEntries(
      layers.flatMap(({ nodeId, [measure]: value }) => (value === null ? [] : [[nodeId, value] as const])),
    );
  const known = measures.get(layers) ?? { gradient: of('gradient'), dead: of('dead') };
  measures.set(layers, known);
  return known;
}

function measuredBy(run: RunState, session: Session, measure: RunHeat): NodeMeasures | null {
  const look = lastLook(run);
  return look === null ? null : measuresIn(session, measuresOf(look)[measure]);
}

/** What the shown run measured of a session's nodes at the end of its last epoch; null where it has not. */
export function layerMeasures(session: Session, measure: RunHeat): NodeMeasures | null {
  return measuredBy(rootOf(session).run.getState(), session, measure);
}

/** As {@link layerMeasures}, of this component's session. Null asks for nothing: a thousand cards need not look at each step of a run. */
export function useLayerMeasures(measure: RunHeat | null): NodeMeasures | null {
  const session = useSession();
  return useStore(rootOf(session).run.store, (run) => (measure === null ? null : measuredBy(run, session, measure)));
}

/** The last look of the run that this component's network shows. */
export function useLastLook(): LastLook | null {
  return useStore(rootOf(useSession()).run.store, lastLook);
}

/** Calls back when the shown run has looked at its layers again. Gives back what ends it. */
export function onLook(session: Session, listener: () => void): () => void {
  return rootOf(session).run.store.subscribe((state, previous) => {
    if (lastLook(state) !== lastLook(previous)) listener();
  });
}
