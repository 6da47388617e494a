import { X } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { earlyStopRules, mostTrials, type EarlyStopRule } from '../../shared/schema/sweeps';
import { text } from '../../shared/text';
import { parseVary, planTrials, suggestValues, tryAssignment, varyTargets } from '../../shared/transforms/vary';
import { fill, useText } from '../i18n';
import { useProject } from '../session';
import { currentHost } from '../store';
import { Button, Failures, IconButton, notifyDiagnostics, NumberField, Segments, Select, TextInput } from '../ui';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { useSweepDraft } from './sweepDraft';
import styles from './RunsPanel.module.css';

const kinds = { grid: text('All of them', '全部组合'), random: text('At random', '随机') } as const;
type Kind = keyof typeof kinds;

/** Puts a sweep of the open network together, says how many trials it has and which do not fit, and starts it. */
export function SweepForm({ onStart }: { readonly onStart: (sweepId: string) => void }) {
  const { t, pick, language } = useText('runs');
  const [draft, change] = useSweepDraft();
  const { rows, isRandom, count, earlyStop } = draft;
  const document = useProject((state) => state.document);
  const config = useTrainingConfig();
  const targets = useMemo(() => varyTargets(document, config), [document, config]);
  const deferred = useDeferredValue(rows);
  const trials = isRandom ? count : 'grid';
  const plan = useMemo(() => {
    const read = deferred.map(({ target, values }) => parseVary(`${target}=${values}`, targets));
    const wrong = read.flatMap((one) => (one.ok ? [] : one.diagnostics));
    if (wrong.length > 0) return { wrong, count: 0, bad: 0 };
    const varies = read.flatMap((one) => (one.ok ? [one.value] : []));
    if (varies.length === 0) return { wrong: [], count: 0, bad: 0 };
    const planned = planTrials(varies, trials, config.seed);
    if (!planned.ok) return { wrong: planned.diagnostics, count: 0, bad: 0 };
    const bad = planned.value.filter((one) => !tryAssignment({ document, config }, one).ok).length;
    return { wrong: [], count: planned.value.length, bad };
  }, [deferred, targets, trials, document, config]);
  const start = async (): Promise<void> => {
    const answer = await currentHost()?.request('sweep.start', {
      document,
      config,
      vary: rows.map(({ target, values }) => `${target}=${values}`),
      trials,
      earlyStop,
    });
    if (answer?.ok === true) onStart(answer.value.sweep.id);
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
  };
  const setRow = (at: number, values: string): void =>
    change({ rows: rows.map((row, index) => (index === at ? { ...row, values } : row)) });
  const free = targets.filter(({ name }) => !rows.some(({ target }) => target === name));
  return (
    <form
      className={styles['form']}
      aria-label={t.newSweep}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <p className={styles['muted']}>{t.sweepHint}</p>
      {rows.map(({ target, values }, at) => {
        const found = targets.find(({ name }) => name === target);
        const name = found === undefined ? target : pick(found.label);
        return (
          <div key={target} className={styles['vary']}>
            <span title={target}>{name}</span>
            <TextInput
              size="sm"
              aria-label={fill(t.values, { name })}
              placeholder={t.valuesHint}
              value={values}
              onChange={(event) => setRow(at, event.target.value)}
            />
            <IconButton
              size="sm"
              label={fill(t.removeTarget, { name })}
              icon={<X size={14} aria-hidden />}
              onClick={() => change({ rows: rows.filter((_, index) => index !== at) })}
            />
          </div>
        );
      })}
      <Select
        label={t.addTarget}
        value=""
        items={[
          { value: '', label: t.addTarget },
          ...free.map(({ name, label }) => ({ value: name, label: pick(label), hint: name })),
        ]}
        onChange={(name) => {
          const found = targets.find((one) => one.name === name);
          if (found !== undefined) change({ rows: [...rows, { target: name, values: suggestValues(found) }] });
        }}
      />
      <div className={styles['bar']}>
        <Segments<Kind>
          label={t.trials}
          value={isRandom ? 'random' : 'grid'}
          choice={kinds}
          language={language}
          onChange={(kind) => change({ isRandom: kind === 'random' })}
        />
        {isRandom ? (
          <NumberField
            label={t.count}
            value={count}
            min={1}
            max={mostTrials}
            step={1}
            onChange={(next) => change({ count: next })}
          />
        ) : null}
        <Select<EarlyStopRule>
          label={t.earlyStop}
          value={earlyStop}
          items={earlyStopRules.map(({ value, label, doc }) => ({ value, label: pick(label), hint: pick(doc) }))}
          onChange={(next) => change({ earlyStop: next })}
        />
      </div>
      <Failures diagnostics={plan.wrong} />
      <div className={styles['bar']}>
        <Button type="submit" variant="primary" disabled={plan.count === plan.bad}>
          {plan.count === 0 ? t.startSweepPlain : fill(t.startSweep, { count: plan.count - plan.bad })}
        </Button>
        {plan.count === 0 ? null : (
          <span className={styles['muted']} role="status">
            {fill(plan.bad === 0 ? t.plannedAll : t.planned, { count: plan.count, bad: plan.bad })}
          </span>
        )}
      </div>
    </form>
  );
}
