import { useStore } from 'zustand';
import type { ModelRef } from '../../../shared/host/api';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { TrainingConfig } from '../../../shared/schema/training';
import { isRunActive, type RunState } from '../../../shared/training/runState';
import type { RunView } from '../../session';
import { createRunView } from '../../session/run';
import { hostLink, remember, useUi } from '../../store';
import { useEngines } from '../../training/engineStore';
import { trainingConfig } from '../../training/useTrainingConfig';

/** Runs of networks that are in no tab, by what they are of: an exhibit that is opened again finds its own trained. */
const views = new Map<string, RunView>();

/** What decides what a run of a network gives, without names and places. */
function keyOf({ nodes, edges, train }: NetworkDocument): string {
  const bare = JSON.stringify([nodes.map(({ id, kind, params }) => [id, kind, params]), edges, train]);
  let hash = 0;
  for (const character of bare) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return `exhibit.run.${hash.toString(36)}.${bare.length}`;
}

function viewOf(document: NetworkDocument): RunView {
  const key = keyOf(document);
  const known = views.get(key);
  if (known !== undefined) return known;
  const view = createRunView({ host: hostLink, nextFrame: (callback) => void requestAnimationFrame(callback) });
  views.set(key, view);
  const before = useUi.getState().layout[key];
  if (typeof before === 'string') void view.show(before);
  view.store.subscribe((state) => {
    if (state.phase === 'finished') remember(key, state.runId);
  });
  return view;
}

/** A training that an exhibit can start, and what came of it. */
export type ExhibitTraining = {
  readonly run: RunState;
  readonly model: ModelRef | null;
  readonly train: () => void;
};

/** Enough for a network of digits to have learned, and short enough to be waited for. */
const shortEpochs = 2;

/** As a network says, but short. */
export function shortConfig(document: NetworkDocument, engine: TrainingConfig['engine']): TrainingConfig {
  const config = trainingConfig(document, engine);
  return { ...config, epochs: Math.min(shortEpochs, config.epochs) };
}

/** Trains a network that is in no tab. The same document gives the same training. */
export function useTraining(document: NetworkDocument): ExhibitTraining {
  const view = viewOf(document);
  const run = useStore(view.store);
  const engine = useEngines((state) => state.choice);
  return {
    run,
    model: run.phase === 'finished' ? { type: 'run', runId: run.runId } : null,
    train: () => {
      if (!isRunActive(run)) void view.start(shortConfig(document, engine), document);
    },
  };
}
