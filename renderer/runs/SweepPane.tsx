import { useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { scoreText } from '../../shared/training/runTable';
import { isTrialDone, trialError, type Sweep, type SweepTrial } from '../../shared/training/sweep';
import { trialLabel } from '../../shared/transforms/vary';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { currentHost } from '../store';
import { Button, classes, notifyDiagnostics, Select } from '../ui';
import { SweepForm } from './SweepForm';
import { Tradeoff } from './Tradeoff';
import { useSweeps } from './useSweeps';
import styles from './RunsPanel.module.css';

const newSweep = '';

function tell(answer: Result<unknown> | undefined): void {
  if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
}

/** A sweep that is put together, or one that was started: how far it is, what came out, and its front. */
export function SweepPane({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useText('runs');
  const { sweeps, reload } = useSweeps();
  const [wanted, setWanted] = useState<string | null>(null);
  // One that is at work is shown unless something else is wanted.
  const chosen = wanted ?? sweeps.find(({ state }) => state === 'running')?.id ?? newSweep;
  const sweep = sweeps.find(({ id }) => id === chosen);
  const forget = async (id: string): Promise<void> => {
    tell(await currentHost()?.request('sweep.forget', { sweepId: id }));
    setWanted(newSweep);
    reload();
  };
  return (
    <div className={classes(styles['sweep'], 'scroller')}>
      {sweeps.length === 0 ? null : (
        <Select
          label={t.pickSweep}
          value={sweep === undefined ? newSweep : chosen}
          items={[
            { value: newSweep, label: t.newSweep },
            ...sweeps.map(({ id, name, vary }) => ({ value: id, label: name, hint: vary.join(' ') })),
          ]}
          onChange={setWanted}
        />
      )}
      {sweep === undefined ? (
        <SweepForm onStart={(id) => setWanted(id)} />
      ) : (
        <SweepOutcome sweep={sweep} runs={runs} onForget={() => void forget(sweep.id)} />
      )}
    </div>
  );
}

type SweepOutcomeProps = {
  readonly sweep: Sweep;
  readonly runs: readonly RunSummary[];
  readonly onForget: () => void;
};

function SweepOutcome({ sweep, runs, onForget }: SweepOutcomeProps) {
  const { t } = useText('runs');
  const { id, name, state, trials } = sweep;
  const done = trials.filter(isTrialDone).length;
  const own = runs.filter(({ variant }) => variant?.group === id);
  const stop = async (): Promise<void> => tell(await currentHost()?.request('sweep.stop', { sweepId: id }));
  const goOn = async (): Promise<void> => tell(await currentHost()?.request('sweep.resume', { sweepId: id }));
  return (
    <>
      <div className={styles['bar']}>
        <span role="status" className="figures">
          {fill(t[`sweepState_${state}`], {
            done: state === 'running' ? Math.min(done + 1, trials.length) : done,
            count: trials.length,
          })}
        </span>
        <progress aria-label={t.sweep} max={trials.length} value={done} />
        <span className={styles['space']} />
        {state === 'running' ? (
          <Button size="sm" onClick={() => void stop()}>
            {t.stopSweep}
          </Button>
        ) : (
          <>
            {state === 'stopped' ? (
              <Button size="sm" variant="primary" onClick={() => void goOn()}>
                {t.goOn}
              </Button>
            ) : null}
            <Button size="sm" variant="quiet" aria-label={fill(t.forget, { name })} onClick={onForget}>
              {t.forgetIt}
            </Button>
          </>
        )}
      </div>
      {own.length === 0 ? null : <Tradeoff runs={own} chosen={[]} />}
      <TrialTable trials={trials} />
    </>
  );
}

function TrialTable({ trials }: { readonly trials: readonly SweepTrial[] }) {
  const { t, pick } = useText('runs');
  const session = useSession();
  const rows = trials
    .map((trial, index) => ({ trial, index, error: trialError(trial) }))
    .sort((a, b) => (a.error ?? Infinity) - (b.error ?? Infinity) || a.index - b.index);
  return (
    <table className={styles['runs']} aria-label={t.trials}>
      <thead>
        <tr>
          <th scope="col">{t.trial}</th>
          <th scope="col" data-number>
            {t.error}
          </th>
          <th scope="col">{t.state}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ trial, index, error }) => {
          const { runId, metric, why } = trial;
          const words = pick(trialLabel(trial.assignment));
          return (
            <tr key={index}>
              <th scope="row">
                {runId === null ? (
                  words
                ) : (
                  <button type="button" className={styles['name']} onClick={() => void session.run.show(runId)}>
                    {words}
                  </button>
                )}
              </th>
              <td data-number className="figures">
                {error === null ? '–' : scoreText(metric ?? 'loss', error)}
              </td>
              <td title={why === null ? undefined : pick(why)} className={styles['reason']}>
                {t[`trial_${trial.state}`]}
                {why === null ? null : <span className={styles['muted']}> {pick(why)}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
