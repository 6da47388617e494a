import { useEffect, useId, useMemo, useState } from 'react';
import type { DataLook } from '../../shared/host/dataLook';
import { isWholeDataSpec } from '../../shared/schema/data';
import { defaultTrainingConfig, readingOf, type TrainingConfig } from '../../shared/schema/training';
import { useClassWords } from '../i18n';
import { inputShapeOf } from '../learn/exhibits/shapes';
import { useProject } from '../session';
import { useReadyHost } from '../store';
import { useRequest } from '../store/useRequest';
import type { Answer } from '../store/useRequest';

/** How far the reading of pictures is. */
export type Progress = { readonly done: number; readonly total: number };

/** What of a configuration decides which samples there are: another learning rate is no other question. */
export function useDataQuestion(config: TrainingConfig): TrainingConfig {
  const { data, testFraction, share, splitBy, maskValues, targets, annotations, fit } = config;
  return useMemo(
    () => ({
      ...defaultTrainingConfig,
      data,
      ...readingOf({
        testFraction,
        share,
        splitBy,
        annotations,
        fit,
        ...(maskValues === undefined ? {} : { maskValues }),
        ...(targets === undefined ? {} : { targets }),
      }),
    }),
    [data, testFraction, share, splitBy, maskValues, targets, annotations, fit],
  );
}

/** What the data of a configuration hold, and how far the look at them is; nothing is asked before they are named whole. */
export function useDataLook(question: TrainingConfig): Answer<DataLook> & { readonly progress: Progress | null } {
  const ticket = useId();
  const analysis = useProject((state) => state.analysis);
  const host = useReadyHost();
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(
    () =>
      host?.on('run.measuring', ({ ticket: whose, done, total }) => {
        if (whose === ticket) setProgress(done < total ? { done, total } : null);
      }),
    [host, ticket],
  );
  const input = inputShapeOf(analysis);
  const answer = useRequest('data.look', isWholeDataSpec(question.data) ? { config: question, input, ticket } : null, {
    isLong: true,
    keepsLast: true,
  });
  // Of the same data what was seen stays while they are read in another way; what others hold is nothing to these.
  const isOfThese = !answer.isLoading || answer.value?.info.spec === question.data;
  const classWords = useClassWords(question.data);
  const value = useMemo(() => {
    if (!isOfThese || answer.value === null) return null;
    const { info } = answer.value;
    return { ...answer.value, info: { ...info, classes: classWords(info.classes) } };
  }, [isOfThese, answer.value, classWords]);
  return { ...answer, value, progress };
}
