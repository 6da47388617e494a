import { useStore } from 'zustand';
import type { NodeMeasures } from '../../shared/analysis/heat';
import type { LayerLook } from '../../shared/training/events';
import type { RunState } from '../../shared/training/runState';
import type { Session } from '../session';
import { rootOf, useSession } from '../session';
import { measuresIn } from './measures';

/** The layers of a run at the end of the last epoch that looked at them. */
export type LastLook = { readonly epoch: number; readonly layers: readonly LayerLook[] };

/** What a run says last of its layers. */
export type LayerMeasure = 'gradient' | 'dead';

const looks = new WeakMap<readonly LayerLook[], LastLook>();
const measures = new WeakMap<readonly LayerLook[], { readonly [M in LayerMeasure]: NodeMeasures }>();

/** The last look of the shown run; null where there was none. The same object for the same look. */
function lastLook(run: RunState): LastLook | null {
  const last = 'epochs' in run ? run.epochs.findLast(({ layers }) => layers !== undefined) : undefined;
  if (last?.layers === undefined) return null;
  const known = looks.get(last.layers) ?? { epoch: last.epoch, layers: last.layers };
  looks.set(last.layers, known);
  return known;
}

function measuresOf({ layers }: LastLook): { readonly [M in LayerMeasure]: NodeMeasures } {
  const of = (measure: LayerMeasure): NodeMeasures =>
    Object.fromEntries(
      layers.flatMap(({ nodeId, [measure]: value }) => (value === null ? [] : [[nodeId, value] as const])),
    );
  const known = measures.get(layers) ?? { gradient: of('gradient'), dead: of('dead') };
  measures.set(layers, known);
  return known;
}

/** What the shown run measured of a session's nodes at the end of its last epoch; null where it has not. */
export function layerMeasures(session: Session, measure: LayerMeasure): NodeMeasures | null {
  const look = lastLook(rootOf(session).run.getState());
  return look === null ? null : measuresIn(session, measuresOf(look)[measure]);
}

/** The last look of the run that this component's network shows. */
export function useLastLook(): LastLook | null {
  return useStore(rootOf(useSession()).run.store, lastLook);
}

/** As {@link layerMeasures}, of this component's session. */
export function useLayerMeasures(): { readonly [M in LayerMeasure]: NodeMeasures | null } {
  const session = useSession();
  const look = useLastLook();
  const of = (measure: LayerMeasure): NodeMeasures | null =>
    look === null ? null : measuresIn(session, measuresOf(look)[measure]);
  return { gradient: of('gradient'), dead: of('dead') };
}

/** Calls back when the shown run has looked at its layers again. Gives back what ends it. */
export function onLook(session: Session, listener: () => void): () => void {
  return rootOf(session).run.store.subscribe((state, previous) => {
    if (lastLook(state) !== lastLook(previous)) listener();
  });
}
