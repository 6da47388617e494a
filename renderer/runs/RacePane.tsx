import { useCallback, useMemo, useState } from 'react';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { noOutput } from '../../shared/diagnostics/catalog/training';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { RunSummary } from '../../shared/host/api';
import { descents, descentTarget } from '../../shared/schema/sweeps';
import { samplesPerStep, trainingFields, type TrainingConfig } from '../../shared/schema/training';
import {
  descentLabel,
  isRace,
  raceConfig,
  raceRow,
  raceVary,
  raceWords,
  type RaceRow,
} from '../../shared/training/race';
import { isRunActive } from '../../shared/training/runState';
import { durationText, scoreText } from '../../shared/training/runTable';
import type { SweepTrial } from '../../shared/training/sweep';
import { applyAssignment } from '../../shared/transforms/vary';
import { fill, useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useProject, useRun } from '../session';
import { currentHost } from '../store';
import { Forecast } from '../training/BeforeTraining';
import { useMetricsOf } from '../training/overlay';
import { OverlaidCharts } from '../training/OverlaidCharts';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { Button, Failures, formatCount, notifyDiagnostics, NumberField } from '../ui';
import { SweepList } from './SweepList';
import { TrialName, TrialState } from './TrialCells';
import styles from './RunsPanel.module.css';

/** The race of descents: batch, mini-batch and stochastic from one start, and what came out. */
export function RacePane({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t } = useText('runs');
  return (
    <SweepList
      belongs={isRace}
      words={{ one: t.race, fresh: t.newRace, pick: t.pickRace, stop: t.stopRace }}
      form={(onStart) => <RaceForm onStart={onStart} />}
      outcome={({ id, trials }) => (
        <RaceOutcome trials={trials} runs={runs.filter(({ variant }) => variant?.group === id)} />
      )}
    />
  );
}

const withoutOutput = noOutput();

/** The same object each time: what is read of the project is compared by it. */
function missingOutput({ outputs }: NetworkAnalysis): Diagnostic | undefined {
  return outputs.length === 0 ? withoutOutput : undefined;
}

/** Says what a race of the open network would be, and starts it. */
function RaceForm({ onStart }: { readonly onStart: (sweepId: string) => void }) {
  const { t, pick } = useText('runs');
  const document = useProject((state) => state.document);
  const own = useTrainingConfig();
  const isTraining = useRun(isRunActive);
  const [said, setSaid] = useState<Partial<Pick<TrainingConfig, 'epochs' | 'learningRate'>>>({});
  const config = useMemo(() => ({ ...raceConfig(own), ...said }), [own, said]);
  // A descent changes settings alone: what is wrong with the network is wrong for all.
  const networkFault = useProject(
    ({ analysis }) => analysis.diagnostics.find(({ severity }) => severity === 'error') ?? missingOutput(analysis),
  );
  const settings = useMemo(
    () => descents.map(({ value }) => applyAssignment({ document, config }, { [descentTarget]: value })),
    [document, config],
  );
  const single = settings[descents.findIndex(({ value }) => value === 'stochastic')];
  const [fault] = [networkFault ?? [], ...settings.map((one) => (one.ok ? [] : one.diagnostics))].flat();
  const start = async (): Promise<void> => {
    const answer = await currentHost()?.request('sweep.start', {
      document,
      config,
      vary: raceVary,
      trials: 'grid',
      earlyStop: 'none',
    });
    if (answer?.ok === true) onStart(answer.value.sweep.id);
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
  };
  const { epochs, learningRate } = trainingFields;
  return (
    <form
      className={styles['form']}
      aria-label={t.newRace}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <p className={styles['muted']}>{fill(t.raceHint, { size: formatCount(samplesPerStep(config)) })}</p>
      <div className={styles['bar']}>
        <NumberField
          label={pick(epochs.label)}
          value={config.epochs}
          min={epochs.min}
          max={epochs.max}
          isInteger
          onChange={(value) => setSaid({ ...said, epochs: value })}
        />
        <NumberField
          label={pick(learningRate.label)}
          value={config.learningRate}
          min={learningRate.step}
          max={learningRate.max}
          step={learningRate.step}
          onChange={(value) => setSaid({ ...said, learningRate: value })}
        />
      </div>
      {single?.ok !== true ? null : (
        <div className={styles['bar']}>
          <span className={styles['muted']}>{t.raceLongest}</span>
          <Forecast config={single.value.config} isActive={isTraining} />
        </div>
      )}
      <Failures diagnostics={fault === undefined ? [] : [fault]} />
      <div className={styles['bar']}>
        <Button type="submit" variant="primary" disabled={networkFault !== undefined || !settings.some(({ ok }) => ok)}>
          {t.startRace}
        </Button>
        <Button type="button" variant="quiet" onClick={() => openLesson('mini-batch')}>
          {t.raceLesson}
        </Button>
      </div>
    </form>
  );
}

type RaceOutcomeProps = { readonly trials: readonly SweepTrial[]; readonly runs: readonly RunSummary[] };

/** What happened, in words, in figures, and as curves. */
function RaceOutcome({ trials, runs }: RaceOutcomeProps) {
  const { pick } = useText('runs');
  // As the trials are, not as the table of runs is sorted.
  const raced = useMemo(() => trials.flatMap(({ runId }) => runs.find(({ id }) => id === runId) ?? []), [trials, runs]);
  const metrics = useMetricsOf(raced);
  const rows = trials.flatMap((trial): RaceRow[] => {
    const run = raced.find(({ id }) => id === trial.runId);
    const started = metrics.get(trial.runId ?? '')?.started ?? null;
    const row = raceRow(trial, run === undefined ? null : { config: run.config, started });
    return row === null ? [] : [row];
  });
  const nameOf = useCallback(
    ({ id, variant }: RunSummary) => (variant === undefined ? id : pick(variant.label)),
    [pick],
  );
  return (
    <>
      <p>{pick(raceWords(rows))}</p>
      <RaceTable rows={rows} trials={trials} />
      {raced.length === 0 ? null : (
        <div className={styles['raceCurves']}>
          <OverlaidCharts runs={raced} nameOf={nameOf} over="samples" />
        </div>
      )}
    </>
  );
}

type RaceTableProps = { readonly rows: readonly RaceRow[]; readonly trials: readonly SweepTrial[] };

function RaceTable({ rows, trials }: RaceTableProps) {
  const { t, pick } = useText('runs');
  return (
    <table className={styles['runs']} aria-label={t.race}>
      <thead>
        <tr>
          <th scope="col">{t.descent}</th>
          <th scope="col" data-number>
            {t.samplesPerStep}
          </th>
          <th scope="col" data-number>
            {t.steps}
          </th>
          <th scope="col" data-number>
            {t.time}
          </th>
          <th scope="col" data-number>
            {t.best}
          </th>
          <th scope="col">{t.state}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ descent, state, samplesPerStep: size, steps, seconds, score }) => {
          const trial = trials.find(({ assignment }) => assignment[descentTarget] === descent);
          return (
            <tr key={descent}>
              <th scope="row">
                <TrialName runId={trial?.runId ?? null} name={pick(descentLabel(descent))} />
              </th>
              <td data-number className="figures">
                {size === null ? '–' : formatCount(size)}
              </td>
              <td data-number className="figures">
                {formatCount(steps)}
              </td>
              <td data-number className="figures">
                {seconds === null ? '–' : durationText(seconds)}
              </td>
              <td data-number className="figures">
                {score === null ? '–' : scoreText(score.metric, score.value)}
              </td>
              <TrialState state={state} why={trial?.why ?? null} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
