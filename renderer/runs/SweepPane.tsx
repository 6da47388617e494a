import type { RunSummary } from '../../shared/host/api';
import { isRace } from '../../shared/training/race';
import { errorText } from '../../shared/training/runTable';
import { trialError, type SweepTrial } from '../../shared/training/sweep';
import { trialLabel } from '../../shared/transforms/vary';
import { useText } from '../i18n';
import { SweepForm } from './SweepForm';
import { SweepList } from './SweepList';
import { TrialName, TrialState } from './TrialCells';
import { Tradeoff } from './Tradeoff';
import styles from './RunsPanel.module.css';

/** Sweeps: what each errs for what it costs, and its trials. */
export function SweepPane({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useText('runs');
  return (
    <SweepList
      belongs={(sweep) => !isRace(sweep)}
      words={{ one: t.sweep, fresh: t.newSweep, pick: t.pickSweep, stop: t.stopSweep }}
      form={(onStart) => <SweepForm onStart={onStart} />}
      outcome={({ id, trials }) => {
        const own = runs.filter(({ variant }) => variant?.group === id);
        return (
          <>
            {own.length === 0 ? null : <Tradeoff runs={own} chosen={[]} />}
            <TrialTable trials={trials} />
          </>
        );
      }}
    />
  );
}

function TrialTable({ trials }: { readonly trials: readonly SweepTrial[] }) {
  const { t, pick } = useText('runs');
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
          return (
            <tr key={index}>
              <th scope="row">
                <TrialName runId={runId} name={pick(trialLabel(trial.assignment))} />
              </th>
              <td data-number className="figures">
                {error === null ? '–' : errorText(metric ?? 'loss', error)}
              </td>
              <TrialState state={trial.state} why={why} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
