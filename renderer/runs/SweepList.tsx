import { useState, type ReactNode } from 'react';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { isTrialDone, type Sweep } from '../../shared/training/sweep';
import { fill, useText } from '../i18n';
import { currentHost } from '../store';
import { Button, classes, notifyDiagnostics, Select } from '../ui';
import { useSweeps } from './useSweeps';
import styles from './RunsPanel.module.css';

const newSweep = '';

function tell(answer: Result<unknown> | undefined): void {
  if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
}

type SweepWords = Readonly<Record<'one' | 'fresh' | 'pick' | 'stop', string>>;

type SweepListProps = {
  /** Which sweeps belong here. */
  readonly belongs: (sweep: Sweep) => boolean;
  /** What one is called here, a new one, which of them is chosen, and to stop one. */
  readonly words: SweepWords;
  /** Puts a new one together, and tells when it was started. */
  readonly form: (onStart: (sweepId: string) => void) => ReactNode;
  /** What one has come to. */
  readonly outcome: (sweep: Sweep) => ReactNode;
};

/** A sweep that is put together, or one that was started: how far it is, what can be done with it, and what came out. */
export function SweepList({ belongs, words, form, outcome }: SweepListProps) {
  const { sweeps: all, reload } = useSweeps();
  const [wanted, setWanted] = useState<string | null>(null);
  const sweeps = all.filter(belongs);
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
          label={words.pick}
          value={sweep === undefined ? newSweep : chosen}
          items={[
            { value: newSweep, label: words.fresh },
            ...sweeps.map(({ id, name, vary }) => ({ value: id, label: name, hint: vary.join(' ') })),
          ]}
          onChange={setWanted}
        />
      )}
      {sweep === undefined ? (
        form(setWanted)
      ) : (
        <>
          <SweepBar sweep={sweep} words={words} onForget={() => void forget(sweep.id)} />
          {outcome(sweep)}
        </>
      )}
    </div>
  );
}

type SweepBarProps = { readonly sweep: Sweep; readonly words: SweepWords; readonly onForget: () => void };

/** How far a sweep is; stops it, goes on with it, or takes it off the list. */
function SweepBar({ sweep, words, onForget }: SweepBarProps) {
  const { t } = useText('runs');
  const { id, name, state, trials } = sweep;
  const done = trials.filter(isTrialDone).length;
  const stop = async (): Promise<void> => tell(await currentHost()?.request('sweep.stop', { sweepId: id }));
  const goOn = async (): Promise<void> => tell(await currentHost()?.request('sweep.resume', { sweepId: id }));
  return (
    <div className={styles['bar']}>
      <span role="status" className="figures">
        {fill(t[`sweepState_${state}`], {
          done: state === 'running' ? Math.min(done + 1, trials.length) : done,
          count: trials.length,
        })}
      </span>
      <progress aria-label={words.one} max={trials.length} value={done} />
      <span className={styles['space']} />
      {state === 'running' ? (
        <Button size="sm" onClick={() => void stop()}>
          {words.stop}
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
  );
}
