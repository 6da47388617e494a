import { ChartScatter, Flag, Gauge, Hourglass } from 'lucide-react';
import { useState } from 'react';
import type { RunForecast } from '../../shared/host/api';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { TrainingConfig } from '../../shared/schema/training';
import { formatBytes } from '../../shared/text';
import type { RateSweep } from '../../shared/training/rateSweep';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { showRace, showSweep } from '../runs/chosenRuns';
import { currentHost } from '../store';
import { Button, Dialog, Failures, formatCount } from '../ui';
import { formatSeconds } from '../ui/units';
import styles from './BeforeTraining.module.css';
import { RateCurve } from './RateCurve';
import { setSetting } from './useTrainingConfig';

type Props = { readonly config: TrainingConfig; readonly isActive: boolean };

type Asked<T> = { readonly value: T | null; readonly diagnostics: readonly Diagnostic[] };

const nothing = { value: null, diagnostics: [] } as const;

/** What can be asked before a run: which learning rate, how long, and in how much memory. */
export function BeforeTraining({ config, isActive }: Props) {
  const { t } = useText('training');
  const { t: runs } = useText('runs');
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  return isEmpty ? null : (
    <div className={styles['before']} role="group" aria-label={t.beforeTraining}>
      <FindRate config={config} isActive={isActive} />
      <Forecast config={config} isActive={isActive} />
      <Button size="sm" icon={<ChartScatter size={14} aria-hidden />} title={t.sweepHint} onClick={showSweep}>
        {t.sweep}
      </Button>
      <Button size="sm" icon={<Flag size={14} aria-hidden />} title={runs.raceOpen} onClick={showRace}>
        {t.race}
      </Button>
    </div>
  );
}

function FindRate({ config, isActive }: Props) {
  const { t, pick } = useText('training');
  const session = useSession();
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [answer, setAnswer] = useState<Asked<RateSweep>>(nothing);
  const find = async (): Promise<void> => {
    const host = currentHost();
    if (host === null) return;
    setOpen(true);
    setBusy(true);
    setAnswer(nothing);
    setDone(0);
    const ticket = `sweep ${session.id}`;
    const release = host.on('run.measuring', (progress) => {
      if (progress.ticket === ticket) setDone(progress.done / progress.total);
    });
    const { document } = session.project.getState();
    const found = await host.request('run.findRate', { document, config, ticket });
    release();
    setBusy(false);
    setAnswer(found.ok ? { value: found.value, diagnostics: [] } : { value: null, diagnostics: found.diagnostics });
  };
  const { value, diagnostics } = answer;
  const suggested = value?.suggested ?? null;
  const take = (): void => {
    if (suggested !== null) setSetting(session, 'learningRate', suggested);
    setOpen(false);
  };
  return (
    <>
      <Button
        size="sm"
        icon={<Gauge size={14} aria-hidden />}
        disabled={isActive || isBusy}
        onClick={() => void find()}
      >
        {t.findRate}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        width="md"
        title={t.findRate}
        description={t.findRateHint}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{t.close}</Button>
            {suggested === null ? null : (
              <Button variant="primary" disabled={isActive} onClick={take}>
                {fill(t.takeRate, { rate: suggested })}
              </Button>
            )}
          </>
        }
      >
        {isBusy ? (
          <p role="status">
            {t.sweeping} <progress aria-label={t.sweeping} value={done} max={1} />
          </p>
        ) : null}
        {value === null ? null : (
          <>
            <RateCurve points={value.points} suggested={suggested} />
            <p>{pick(value.why)}</p>
          </>
        )}
        <Failures diagnostics={diagnostics} />
      </Dialog>
    </>
  );
}

/** How long a run with these settings would take, and in how much memory, by some steps of it. */
export function Forecast({ config, isActive }: Props) {
  const { t } = useText('training');
  const session = useSession();
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Asked<RunForecast>>(nothing);
  /** What the shown forecast is of: with other settings it is none. */
  const [asked, setAsked] = useState<TrainingConfig | null>(null);
  const ask = async (): Promise<void> => {
    setBusy(true);
    setAnswer(nothing);
    const { document } = session.project.getState();
    const found = await currentHost()?.request('run.forecast', { document, config });
    setBusy(false);
    setAsked(config);
    if (found !== undefined)
      setAnswer(found.ok ? { value: found.value, diagnostics: [] } : { value: null, diagnostics: found.diagnostics });
  };
  const { value, diagnostics } = asked === config ? answer : nothing;
  return (
    <>
      <Button
        size="sm"
        icon={<Hourglass size={14} aria-hidden />}
        disabled={isActive || isBusy}
        onClick={() => void ask()}
      >
        {isBusy ? t.forecasting : t.forecast}
      </Button>
      {value === null ? null : (
        <p className={styles['forecast']} role="status">
          {fill(t.forecastSays, {
            total: formatSeconds(value.totalSeconds),
            epoch: formatSeconds(value.secondsPerEpoch),
            step: (1000 * value.secondsPerStep).toFixed(1),
            memory: formatBytes(value.memoryBytes),
            available: formatBytes(value.availableBytes),
            steps: formatCount(value.steps),
          })}
          {value.isRecomputing ? ` ${t.forecastRecomputes}` : null}
        </p>
      )}
      <Failures diagnostics={diagnostics} />
    </>
  );
}
