import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { InspectRequest, ModelRef } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { sessionPart, useProject, useRun, useSession } from '../session';

/** A network that can be looked into, with the weights to look with. */
export type Inspected = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly model: ModelRef | null;
  readonly seed: number;
  /** The output that answers; '' for a network without one. Of several it is the one that `document` trains. */
  readonly output: string;
  /** The data that its pictures come from. */
  readonly spec: string;
};

/** The network of this component's session, with the weights of its run, else of the model that it was imported from. */
export function useInspected(): Inspected {
  const { imported } = useSession();
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const runId = useRun((run) => (run.phase === 'finished' ? run.runId : null));
  const path = imported?.path ?? null;
  const [chosen] = useChosenOutput();
  return useMemo(() => {
    const { data, seed } = { ...defaultTrainingConfig, ...document.train };
    const ofImport: ModelRef | null = path === null ? null : { type: 'path', path };
    const model: ModelRef | null = runId === null ? ofImport : { type: 'run', runId };
    const { outputs } = analysis;
    const trained = document.train?.output;
    const output = [chosen, trained].find((id) => id != null && outputs.includes(id)) ?? outputs[0] ?? '';
    // Whoever is asked about the network takes the output that its settings name.
    const asked = outputs.length > 1 ? { ...document, train: { ...document.train, output } } : document;
    return { document: asked, analysis, model, seed, output, spec: data };
  }, [document, analysis, runId, path, chosen]);
}

const chosenOutputs = sessionPart(() => createStore<{ readonly output: string | null }>(() => ({ output: null })));

/** Which of several outputs is looked at; null: the one that is trained. */
export function useChosenOutput(): readonly [output: string | null, choose: (output: string) => void] {
  const store = chosenOutputs(useSession());
  return [useStore(store, (state) => state.output), (output) => store.setState({ output })];
}

/** A question about a network: its values for some samples, and what else is wanted. */
export function questionOf(
  { document, model, seed }: Pick<Inspected, 'document' | 'model' | 'seed'>,
  rest: Pick<InspectRequest, 'samples'> & Partial<InspectRequest>,
): InspectRequest {
  return { document, model, seed, mode: 'infer', nodes: 'all', weights: 'all', backward: null, ...rest };
}
