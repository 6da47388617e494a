import { ChartSpline, Play, Trash2, Workflow } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { isSeedGroup, meanAndDeviation } from '../../shared/training/seedSeries';
import { isRunActive } from '../../shared/training/runState';
import { lastScore, runName, type RunScore } from '../../shared/training/runTable';
import { fill, useText } from '../i18n';
import { openRunNetwork } from '../dialogs/fileActions';
import { toggleRun, useChosenRuns } from '../runs/chosenRuns';
import { DeleteRun } from '../runs/DeleteRun';
import { useRun, useSession, useWorkspace } from '../session';
import { showDockTab } from '../store';
import type { Answer } from '../store/useRequest';
import { Button, EmptyState, formatCount, IconButton } from '../ui';
import { formatWhen } from '../ui/when';
import { shortScore } from './chartNumbers';
import styles from './PastRuns.module.css';

/** Older ones are found in the table of all runs. */
const mostListed = 100;

/** The score a run ended with; a loss alone says too little of it. */
function endScore({ lastEpoch }: RunSummary): Pick<RunScore, 'metric' | 'value'> | null {
  const score = lastEpoch === null ? null : lastScore(lastEpoch);
  return score?.metric === 'loss' ? null : score;
}

function quality(run: RunSummary): string {
  const score = endScore(run);
  return score === null ? '–' : shortScore(score.metric, score.value);
}

/** By the newest run of each series of seeds what the series came to. */
function seedGroups(
  runs: readonly RunSummary[],
  say: (words: { readonly count: number; readonly mean: string; readonly deviation: string }) => string,
): ReadonlyMap<string, string> {
  const members = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const group = run.variant?.group;
    if (group !== undefined && isSeedGroup(group)) members.set(group, [...(members.get(group) ?? []), run]);
  }
  return new Map(
    [...members.values()].flatMap(([newest, ...others]): [string, string][] => {
      if (newest === undefined || others.length === 0) return [];
      const scores = [newest, ...others].flatMap((run) => endScore(run) ?? []);
      const isPictures = scores[0]?.metric === 'psnr';
      const { mean, deviation } = meanAndDeviation(scores.map(({ value }) => (isPictures ? value : 100 * value)));
      if (mean === null || deviation === null) return [];
      const unit = isPictures ? 'dB' : '%';
      return [
        [newest.id, say({ count: scores.length, mean: `${mean.toFixed(2)} ${unit}`, deviation: deviation.toFixed(2) })],
      ];
    }),
  );
}

/** Runs kept on disk, newest first: look at one's curve, take its network back, or delete it. */
export function PastRuns({ answer }: { readonly answer: Answer<readonly RunSummary[]> }) {
  const { t, language } = useText('training');
  const workspace = useWorkspace();
  const session = useSession();
  const [doomed, setDoomed] = useState<readonly RunSummary[]>([]);
  const shown = useRun((run) => ('runId' in run ? run.runId : null));
  const phase = useRun((run) => run.phase);
  const isBusy = useRun(isRunActive);
  const chosen = useChosenRuns((state) => state.ids);
  const { value, reload } = answer;
  useEffect(() => reload(), [phase, reload]);
  // The host gives the newest first.
  const all = value ?? [];
  const runs = all.slice(0, mostListed);
  const groups = seedGroups(all, (one) => fill(t.seedGroup, one));
  if (runs.length === 0) return <EmptyState title={t.noRuns} hint={t.noRunsHint} />;
  return (
    <>
      <ul className={styles['runs']} aria-label={t.pastRuns}>
        {runs.map((run) => (
          <li key={run.id} data-shown={shown === run.id ? true : undefined}>
            <button type="button" className={styles['run']} onClick={() => void session.run.show(run.id)}>
              <span className={styles['name']}>{runName(run, language)}</span>
              <span className={styles['detail']}>
                {formatWhen(run.startedAt, language)}, {run.config.data}
                {run.snapshot === undefined ? null : (
                  <span title={fill(t.snapshotOf, { snapshot: run.snapshot })}> ({run.snapshot.slice(0, 8)})</span>
                )}
                , {fill(t.epochCount, { count: run.lastEpoch?.epoch ?? 0 })}
                {run.state === 'completed' ? null : <>, {t[`state_${run.state}`]}</>}
              </span>
              {groups.has(run.id) ? <span className={styles['detail']}>{groups.get(run.id)}</span> : null}
            </button>
            <input
              type="checkbox"
              aria-label={fill(t.overlay, { name: run.name })}
              title={fill(t.overlay, { name: run.name })}
              checked={chosen.includes(run.id)}
              onChange={() => toggleRun(run.id)}
            />
            <span className="figures">{quality(run)}</span>
            <span className={styles['actions']}>
              {run.state === 'completed' || run.state === 'running' ? null : (
                <IconButton
                  size="sm"
                  label={fill(t.resumeRun, { name: run.name })}
                  icon={<Play size={14} aria-hidden />}
                  disabled={isBusy}
                  onClick={() => void session.run.resume(run.id)}
                />
              )}
              <IconButton
                size="sm"
                label={fill(t.showCurve, { name: run.name })}
                icon={<ChartSpline size={14} aria-hidden />}
                onClick={() => void session.run.show(run.id)}
              />
              <IconButton
                size="sm"
                label={fill(t.useNetwork, { name: run.name })}
                icon={<Workflow size={14} aria-hidden />}
                onClick={() => void openRunNetwork(workspace, run.id)}
              />
              <IconButton
                size="sm"
                label={fill(t.deleteRun, { name: run.name })}
                icon={<Trash2 size={14} aria-hidden />}
                disabled={run.state === 'running'}
                onClick={() => setDoomed([run])}
              />
            </span>
          </li>
        ))}
      </ul>
      {all.length > runs.length ? (
        <Button size="sm" variant="quiet" onClick={() => showDockTab('runs')}>
          {fill(t.olderRuns, { count: formatCount(all.length - runs.length) })}
        </Button>
      ) : null}
      <DeleteRun runs={doomed} onClose={() => setDoomed([])} onDone={reload} />
    </>
  );
}
