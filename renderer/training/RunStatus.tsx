import type { RunState } from '../../shared/training/runState';
import { formatBytes } from '../../shared/text';
import { isRunActive } from '../../shared/training/runState';
import type { RunEvent } from '../../shared/training/events';
import { deviceText } from '../../shared/training/deviceText';
import { lastScore } from '../../shared/training/runTable';
import { lossPartNames } from '../../shared/training/lossParts';
import type { LossParts } from '../../shared/training/lossParts';
import { watchedMetric, type WatchedMetric } from '../../shared/training/watching';
import { fill, useText, type Messages } from '../i18n';
import { useMetrics, useRun, useSession } from '../session';
import { Button, Failures, formatCount } from '../ui';
import { formatSeconds } from '../ui/units';
import { useBeginning } from './beginning';
import { shortScore } from './chartNumbers';
import { useEngines } from './engineStore';
import { hasMend } from './Preflight';
import { useDataInfo } from './useDataInfo';
import { useTrainingConfig } from './useTrainingConfig';
import styles from './TrainingPanel.module.css';

/** How far, how good, how fast, how long, and what it takes of the machine: a bar and figures, and what runs it. */
export function RunStatus() {
  const { t } = useText('training');
  const run = useRun();
  const { project } = useSession();
  const metrics = useMetrics();
  const started = 'started' in run ? run.started : null;
  const last = metrics.last;
  const total = started === null ? 0 : started.epochs * started.stepsPerEpoch;
  const share =
    run.phase === 'finished' && run.reason === 'completed' ? 1 : total === 0 ? 0 : (last?.step ?? 0) / total;
  const epoch = metrics.epochs.at(-1)?.event ?? null;
  const validating = 'validating' in run ? run.validating : undefined;
  const usage = validating?.usage ?? metrics.usage;
  const score = epoch === null ? null : lastScore(epoch);
  const metric = useScoreMetric(score?.metric);
  const isActive = isRunActive(run);
  return (
    <section className={styles['status']} aria-label={t.progress}>
      <div
        className={styles['progress']}
        role="progressbar"
        aria-label={t.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        data-waiting={isActive && last === null ? true : undefined}
      >
        <i style={{ transform: `scaleX(${share})` }} />
      </div>
      <dl className={styles['figures']}>
        <Figure
          label={t.epoch}
          value={started === null ? '–' : fill(t.epochOf, { epoch: last?.epoch ?? 0, epochs: started.epochs })}
          note={last === null ? undefined : fill(t.stepOf, { step: last.step, steps: total })}
        />
        <Figure
          label={t[`validation_${metric}`]}
          value={score === null ? '–' : shortScore(score.metric, score.value)}
          note={partsNote(epoch?.valLossParts, t) ?? baselineNote(started, metric, t)}
        />
        <Figure
          label={t.samplesPerSecond}
          value={last === null ? '–' : formatCount(Math.round(last.imagesPerSecond))}
        />
        {usage === null ? null : (
          <Figure
            label={t.trainerMemory}
            value={formatBytes(usage.memoryBytes)}
            note={fill(t.trainerCores, { cores: usage.cores.toFixed(1) })}
          />
        )}
        <Figure
          label={isActive ? t.timeLeft : t.timeTaken}
          value={
            isActive
              ? last === null
                ? '–'
                : formatSeconds(last.secondsLeft)
              : run.phase === 'finished'
                ? formatSeconds(run.seconds)
                : '–'
          }
        />
      </dl>
      <PhaseLine run={run} />
      <GoOn run={run} />
      <BestLine run={run} />
      {run.phase === 'failed' ? <Failures diagnostics={run.diagnostics} onFix={project.applyFix} /> : null}
      {'warnings' in run ? <Failures diagnostics={run.warnings.filter((finding) => !hasMend(finding))} /> : null}
    </section>
  );
}

/** The score of the last epoch, and before there is one that which the data will have. */
function useScoreMetric(last: WatchedMetric | undefined): WatchedMetric {
  const config = useTrainingConfig();
  const info = useDataInfo(config);
  if (last !== undefined) return last;
  const task = info?.value?.task ?? 'classification';
  return watchedMetric({ ...config, watch: 'auto' }, task) ?? 'accuracy';
}

/** What an answer would score that has learned nothing; there is no such answer for values. */
function baselineNote(
  started: Extract<RunEvent, { type: 'started' }> | null,
  metric: WatchedMetric,
  t: Messages<'training'>,
): string | undefined {
  if (started === null || metric === 'loss') return undefined;
  const { labels, ...others } = started.baseline;
  const value = metric === 'macroF1' ? labels?.macroF1 : others[metric];
  if (value == null) return undefined;
  const words = { accuracy: t.baseline, meanIou: t.baseline, macroF1: t.baselineLabels, psnr: t.baselinePicture }[
    metric
  ];
  return fill(words, { value: shortScore(metric, value) });
}

/** What a perceptual loss is made of. */
function partsNote(parts: LossParts | undefined, t: Messages<'training'>): string | undefined {
  if (parts === undefined) return undefined;
  const said = lossPartNames.flatMap((part) =>
    parts[part] === undefined ? [] : [`${t[`part_${part}`]} ${parts[part].toFixed(4)}`],
  );
  return said.join(', ');
}

function Figure({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figures">{value}</dd>
      {note === undefined ? null : <dd className={styles['note']}>{note}</dd>}
    </div>
  );
}

/** What is done before the first step, in words: how far the pictures are read, as far as they are not. */
export function usePreparing(run: RunState): string {
  const { t } = useText('training');
  const reading = 'reading' in run ? run.reading : undefined;
  if (reading !== undefined && reading.done < reading.total) {
    return fill(t.reading, { done: formatCount(reading.done), total: formatCount(reading.total) });
  }
  return run.phase === 'requesting' && reading === undefined ? t.starting : t.preparing;
}

/** A run that was stopped goes on from where it is, in place. */
function GoOn({ run }: { readonly run: RunState }) {
  const { t } = useText('training');
  const { run: view } = useSession();
  if (run.phase !== 'finished' || run.reason !== 'stopped') return null;
  return (
    <Button size="sm" onClick={() => void view.resume(run.runId)}>
      {t.goOn}
    </Button>
  );
}

/** The best epoch so far, and how long a run with early stopping still waits for a better one. */
function BestLine({ run }: { readonly run: RunState }) {
  const { t } = useText('training');
  const watch = 'epochs' in run ? run.epochs.at(-1)?.watch : undefined;
  if (watch === undefined) return null;
  const { metric, best, bestEpoch, patienceLeft } = watch;
  const score = shortScore(metric, best);
  const words = [
    fill(t.bestEpoch, { epoch: bestEpoch, metric: t[`watch_${metric}`], score }),
    ...(patienceLeft === null ? [] : [fill(t.patienceLeft, { count: patienceLeft })]),
  ];
  const early = run.phase === 'finished' ? run.early : undefined;
  return (
    <p className={styles['best']}>
      {words.join(', ')} {early === undefined ? null : fill(t.endedEarly, { epoch: early.epoch })}
    </p>
  );
}

/** Where the run stands, in a sentence. */
function PhaseLine({ run }: { readonly run: RunState }) {
  const { t, pick } = useText('training');
  const reports = useEngines((state) => state.reports);
  const started = 'started' in run ? run.started : null;
  const engine = reports?.find((report) => report.id === started?.engine)?.label ?? started?.engine ?? '';
  const { under } = useBeginning();
  const series = under === null || !isRunActive(run) ? '' : fill(t.seedsUnder, under);
  const on = started === null ? '' : fill(t.runsOn, { engine, device: pick(deviceText(started.device)) });
  const preparing = usePreparing(run);
  const validating = 'validating' in run ? run.validating : undefined;
  const shown = { done: formatCount(validating?.done ?? 0), total: formatCount(validating?.total ?? 0) };
  const phases: Readonly<Record<RunState['phase'], string>> = {
    idle: t.phaseIdle,
    requesting: preparing,
    preparing,
    running: validating === undefined ? t.phaseRunning : fill(t.phaseValidating, shown),
    stopping: t.phaseStopping,
    finished: run.phase === 'finished' && run.reason === 'stopped' ? t.phaseStopped : t.phaseFinished,
    failed: run.phase === 'failed' && run.diagnostics.length === 0 ? t.phaseKilled : t.phaseFailed,
  };
  return (
    <p className={styles['phase']} role="status" data-phase={run.phase}>
      {[series, phases[run.phase], on].filter((words) => words !== '').join(' ')}
    </p>
  );
}
