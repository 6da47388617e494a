import { useMemo } from 'react';
import type { ModelRef, RunSummary } from '../../shared/host/api';
import { fill, useText } from '../i18n';
import { useProject, useRun, useSession } from '../session';
import { useRequest } from '../store/useRequest';

/** Weights that an export can take along; the key is for lists. */
export type WeightChoice = { readonly key: string; readonly label: string; readonly model: ModelRef | null };

/** Of the newest past runs: a longer list is read by nobody. */
const mostOffered = 50;
const noRuns: readonly RunSummary[] = [];

/** The weights at hand for the network: none, those of the run that is shown, those it was imported with, those of past runs of its name. */
export function useWeightChoices(): readonly WeightChoice[] {
  const { t } = useText('exports');
  const { imported } = useSession();
  const name = useProject((state) => state.document.name);
  const shown = useRun((run) => (run.phase === 'finished' ? run.runId : null));
  const { value } = useRequest('run.list', {});
  const runs = value ?? noRuns;
  return useMemo(() => {
    const ofRun = (runId: string, label: string): WeightChoice => ({
      key: `run ${runId}`,
      label,
      model: { type: 'run', runId },
    });
    const path = imported?.path ?? null;
    const past = runs
      .filter((run) => run.name === name && run.id !== shown && (run.state === 'completed' || run.state === 'stopped'))
      .slice(0, mostOffered);
    return [
      { key: 'none', label: t.withoutWeights, model: null },
      ...(shown === null ? [] : [ofRun(shown, t.ofShownRun)]),
      ...(path === null
        ? []
        : [
            {
              key: 'imported',
              label: fill(t.ofImport, { name: imported?.name ?? '' }),
              model: { type: 'path', path } as const,
            },
          ]),
      ...past.map(({ id }) => ofRun(id, fill(t.ofRun, { id }))),
    ];
  }, [t, imported, name, shown, runs]);
}
