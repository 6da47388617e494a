import { useEffect, useId, useMemo, useState } from 'react';
import type { HostRequests } from '../../shared/host/api';
import { useClassWords } from '../i18n';
import { useReadyHost } from '../store';
import { useRequest } from '../store/useRequest';
import type { Answer } from '../store/useRequest';
import type { Inspected } from './inspected';
import { unusable } from './useInspection';

type FeatureName = 'model.nearest' | 'model.embed';

/** What a question about features asks beside whose they are. */
export type Asked<N extends FeatureName> = Omit<HostRequests[N][0], 'document' | 'model' | 'seed' | 'spec' | 'ticket'>;

/** An answer about features, and how far it is. */
export type FeatureAnswer<N extends FeatureName> = Answer<HostRequests[N][1]> & {
  readonly progress: { readonly done: number; readonly total: number } | null;
};

/**
 * Asks what a network's features tell, with fresh weights where those of the model do not fit, as a look does. Null asks nothing. A question
 * that nobody waits for any more is given up.
 */
export function useFeatures<N extends FeatureName>(
  name: N,
  { document, model, seed, spec }: Inspected,
  asked: Asked<N> | null,
): FeatureAnswer<N> {
  const ticket = useId();
  const host = useReadyHost();
  const [progress, setProgress] = useState<FeatureAnswer<N>['progress']>(null);
  useEffect(
    () =>
      host?.on('run.measuring', ({ ticket: whose, done, total }) => {
        if (whose === ticket) setProgress(done < total ? { done, total } : null);
      }),
    [host, ticket],
  );
  const question = (own: Inspected['model']): HostRequests[N][0] | null =>
    asked === null ? null : ({ ...asked, document, model: own, seed, spec, ticket } as HostRequests[N][0]);
  const first = useRequest(name, question(model), { isLong: true });
  const isUnusable = model !== null && first.diagnostics.some(({ code }) => unusable.has(code));
  const second = useRequest(name, isUnusable ? question(null) : null, { isLong: true });
  const answer = isUnusable ? second : first;
  const classWords = useClassWords(spec);
  const value = useMemo(() => {
    if (answer.value === null) return null;
    const { facts } = answer.value;
    return { ...answer.value, facts: { ...facts, classes: classWords(facts.classes) } };
  }, [answer.value, classWords]);
  return { ...answer, value, progress: answer.isLoading ? progress : null };
}
