import { useMemo } from 'react';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { InspectRequest, ModelRef } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { useProject, useRun, useSession } from '../session';

/** A network that can be looked into, with the weights to look with. */
export type Inspected = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly model: ModelRef | null;
  readonly seed: number;
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
  return useMemo(() => {
    const { data, seed } = { ...defaultTrainingConfig, ...document.train };
    const ofImport: ModelRef | null = path === null ? null : { type: 'path', path };
    const model: ModelRef | null = runId === null ? ofImport : { type: 'run', runId };
    return { document, analysis, model, seed, spec: data };
  }, [document, analysis, runId, path]);
}

/** A question about a network: its values for some samples, and what else is wanted. */
export function questionOf(
  { document, model, seed }: Pick<Inspected, 'document' | 'model' | 'seed'>,
  rest: Pick<InspectRequest, 'samples'> & Partial<InspectRequest>,
): InspectRequest {
  return { document, model, seed, mode: 'infer', nodes: 'all', weights: 'all', backward: null, ...rest };
}
