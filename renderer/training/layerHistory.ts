import type { LayerLook, RunEvent } from '../../shared/training/events';

type Epoch = Extract<RunEvent, { type: 'epoch' }>;

/** What a run said of one layer, an entry for each epoch that looked. */
export type LayerHistory = {
  readonly nodeId: string;
  readonly gradients: readonly LayerLook['gradient'][];
  readonly dead: readonly LayerLook['dead'][];
};

/** The layers of a run in the order in which values flow, each with all that was measured of it. */
export function layerHistory(epochs: readonly Epoch[]): readonly LayerHistory[] {
  const looks = epochs.flatMap(({ layers }) => (layers === undefined ? [] : [layers]));
  return (looks[0] ?? []).map(({ nodeId }) => {
    const own = looks.flatMap((look) => look.find((one) => one.nodeId === nodeId) ?? []);
    return { nodeId, gradients: own.map(({ gradient }) => gradient), dead: own.map(({ dead }) => dead) };
  });
}
