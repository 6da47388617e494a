import { useEffect } from 'react';
import type { ModelRef, RunSummary } from '../../shared/host/api';
import { fill, useText } from '../i18n';
import { FolderField } from '../dialogs/FolderField';
import { useRun, useSession } from '../session';
import { useRequest } from '../store/useRequest';
import { NumberField, Select } from '../ui';
import { formatWhen } from '../ui/when';
import { beginningOf, useBeginning } from './beginning';
import styles from './ConfigForm.module.css';

/** The most seeds that are trained in turn. */
const mostSeeds = 100;
/** Runs that are offered to start from. */
const offeredRuns = 20;

/** The value of the one item that stands for a model; '' is a start by the seed. */
function valueOf(from: ModelRef | null): string {
  if (from === null) return '';
  return from.type === 'run' ? `run ${from.runId}` : 'path';
}

/** Where the weights start, and from how many seeds. */
export function BeginningFields({ isActive }: { readonly isActive: boolean }) {
  const { t, language } = useText('training');
  const session = useSession();
  const { from, seeds } = useBeginning();
  const store = beginningOf(session);
  const runs = useRequest('run.list', {});
  const { reload } = runs;
  const phase = useRun((run) => run.phase);
  useEffect(() => reload(), [phase, reload]);
  const items = [
    { value: '', label: t.startBySeed },
    ...startable(runs.value ?? [], from).map((run) => ({
      value: `run ${run.id}`,
      label: fill(t.startFromRun, {
        name: run.name === '' ? run.id : run.name,
        when: formatWhen(run.startedAt, language),
      }),
    })),
    { value: 'path', label: t.startFromFile },
  ];
  const choose = (value: string): void => {
    if (value === '') store.setState({ from: null });
    else if (value === 'path') store.setState({ from: { type: 'path', path: session.imported?.path ?? '' } });
    else store.setState({ from: { type: 'run', runId: value.slice('run '.length) } });
  };
  return (
    <>
      <div className={styles['choice']}>
        <span>{t.startFrom}</span>
        <Select label={t.startFrom} value={valueOf(from)} items={items} isDisabled={isActive} onChange={choose} />
      </div>
      <NumberField
        label={t.seeds}
        value={seeds}
        min={1}
        max={mostSeeds}
        step={1}
        isInteger
        isDisabled={isActive}
        onChange={(value) => store.setState({ seeds: value })}
      />
      {from?.type === 'path' ? (
        <div className={styles['whole']}>
          <FolderField
            label={t.startPath}
            placeholder={t.startPath}
            path={from.path}
            isDisabled={isActive}
            onTake={(path) => store.setState({ from: { type: 'path', path } })}
          />
        </div>
      ) : null}
    </>
  );
}

/** Runs with weights, the newest first, and the one that is chosen whatever its age. */
function startable(runs: readonly RunSummary[], from: ModelRef | null): readonly RunSummary[] {
  const whole = runs.filter(({ lastEpoch, state }) => lastEpoch !== null && state !== 'running');
  const chosen = from?.type === 'run' ? from.runId : null;
  return whole.filter(({ id }, index) => index < offeredRuns || id === chosen);
}
