import type { ModelRef } from '../../shared/host/api';
import { useText } from '../i18n';
import { FolderField } from '../dialogs/FolderField';
import { useSession } from '../session';
import { NumberField, Select } from '../ui';
import { beginningOf, useBeginning } from './beginning';
import { useOfferedRuns } from './offeredRuns';
import styles from './ConfigForm.module.css';

/** The most seeds that are trained in turn. */
const mostSeeds = 100;
/** The value of the one item that stands for a model; '' is a start by the seed. */
function valueOf(from: ModelRef | null): string {
  if (from === null) return '';
  return from.type === 'run' ? `run ${from.runId}` : 'path';
}

/** Where the weights start, and from how many seeds. */
export function BeginningFields({ isActive }: { readonly isActive: boolean }) {
  const { t } = useText('training');
  const session = useSession();
  const { from, seeds } = useBeginning();
  const store = beginningOf(session);
  const runs = useOfferedRuns(from?.type === 'run' ? from.runId : null);
  const items = [
    { value: '', label: t.startBySeed },
    ...runs.map(({ id, label }) => ({ value: `run ${id}`, label })),
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
