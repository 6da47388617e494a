import { useEffect, useState } from 'react';
import type { HostApi } from '../../../shared/host/api';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import { success } from '../../../shared/diagnostics/diagnostic';
import {
  descend,
  descentKinds,
  descentSteps,
  lossNetwork,
  lossWeights,
  points,
  samplesAt,
} from '../../../shared/learn/exhibits/descent';
import type { Descent, DescentStep, Theta } from '../../../shared/learn/exhibits/descent';
import { useReadyHost } from '../../store';
import { questionOf } from '../../maps/inspected';

/** The three ways down from one start. Shorter than {@link descentSteps} while they are walked. */
export type Paths = Readonly<Record<Descent, readonly DescentStep[]>>;

/** The loss as a network; one object, so that all questions are about the same. */
export const lossDocument = lossNetwork();
/** Its weights for all the points. */
export const allPoints = lossWeights(points.map((_, at) => at));

/** A change of the learning rate by its slider passes many values: the walk begins when it rests. */
const restMs = 120;

async function stepAt(
  host: HostApi,
  theta: Theta,
  samples: readonly number[],
  signal: AbortSignal,
): Promise<Result<DescentStep>> {
  const answer = await host.request(
    'model.inspect',
    questionOf(
      { document: lossDocument, model: null, seed: 1 },
      {
        samples: { from: 'values', values: Float32Array.from(theta) },
        nodes: ['theta'],
        weights: [],
        backward: { of: 'score', class: 0 },
        put: lossWeights(samples),
      },
    ),
    signal,
  );
  if (!answer.ok) return answer;
  const [a = 0, b = 0] = answer.value.gradients['theta']?.data ?? [];
  return success({ theta, gradient: [a, b], loss: answer.value.target ?? 0 });
}

type Walked = { readonly key: string; readonly paths: Paths; readonly diagnostics: readonly Diagnostic[] };

const nowhere: Paths = { bgd: [], sgd: [], mbgd: [] };

/** Walks down the loss surface on the engine, each step from the gradient of the one before. */
export function usePaths(start: Theta, rate: number): Omit<Walked, 'key'> {
  const host = useReadyHost();
  const key = JSON.stringify([start, rate]);
  const [walked, setWalked] = useState<Walked>({ key: '', paths: nowhere, diagnostics: [] });
  useEffect(() => {
    if (host === null) return undefined;
    const giving = new AbortController();
    const walk = async (): Promise<void> => {
      const paths: Record<Descent, DescentStep[]> = { bgd: [], sgd: [], mbgd: [] };
      for (let step = 0; step <= descentSteps; step++) {
        for (const kind of descentKinds) {
          const last = paths[kind].at(-1);
          const theta = last === undefined ? start : descend(last.theta, last.gradient, rate);
          const found = await stepAt(host, theta, samplesAt(kind, step), giving.signal);
          if (giving.signal.aborted) return;
          if (!found.ok) {
            setWalked({ key, paths: { ...paths }, diagnostics: found.diagnostics });
            return;
          }
          paths[kind] = [...paths[kind], found.value];
        }
        setWalked({ key, paths: { ...paths }, diagnostics: [] });
      }
    };
    const timer = setTimeout(() => void walk(), restMs);
    return () => {
      clearTimeout(timer);
      giving.abort();
    };
    // `key` stands for the start and the rate.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host, key]);
  return walked.key === key ? walked : { paths: nowhere, diagnostics: [] };
}
