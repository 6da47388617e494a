import type { DataLook, SampleRef } from '../../shared/host/dataLook';
import type { TrainingConfig } from '../../shared/schema/training';
import { fill, useText } from '../i18n';
import { useRequest } from '../store/useRequest';
import { EmptyState, Failures, formatCount } from '../ui';
import { sampleName } from './Gallery';
import { Thumb, thumbAt } from './Thumb';
import styles from './data.module.css';

/** Groups that are shown with their pictures, and pictures of each. */
const mostGroups = 40;
const mostOfGroup = 5;

/** Copies, and pictures that are scored on and look as one that is trained on, side by side. */
export function AlikeView({ look, question }: { readonly look: DataLook; readonly question: TrainingConfig }) {
  const { t } = useText('data');
  const { duplicates, nearlyEqual } = look;
  const pairs = nearlyEqual.pairs.slice(0, mostGroups).map(({ scored, trained }) => [scored, trained]);
  const groups = duplicates.groups.slice(0, mostGroups).map((group) => group.slice(0, mostOfGroup));
  if (duplicates.count === 0 && nearlyEqual.count === 0) {
    return <EmptyState title={t.noCopies} hint={t.noCopiesHint} />;
  }
  return (
    <div className={styles['scroll']} role="group" aria-label={t.alike} tabIndex={0}>
      {duplicates.count === 0 ? null : (
        <section>
          <h3>
            {fill(t.copies, { count: formatCount(duplicates.count), across: formatCount(duplicates.acrossCount) })}
          </h3>
          <Groups groups={groups} question={question} />
        </section>
      )}
      {nearlyEqual.count === 0 ? null : (
        <section>
          <h3>{fill(t.nearly, { count: formatCount(nearlyEqual.count) })}</h3>
          <Groups groups={pairs} question={question} />
        </section>
      )}
    </div>
  );
}

type GroupsProps = { readonly groups: readonly (readonly SampleRef[])[]; readonly question: TrainingConfig };

function Groups({ groups, question }: GroupsProps) {
  const { t } = useText('data');
  const only = groups.flat().map(({ part, index }) => ({ part, index }));
  const { value, diagnostics } = useRequest('data.gallery', {
    config: question,
    part: null,
    classIndex: null,
    from: 0,
    count: only.length,
    only,
  });
  let at = 0;
  const rows = groups.map((group) => group.map((sample) => ({ sample, at: at++ })));
  return (
    <>
      <Failures diagnostics={diagnostics} />
      <ul className={styles['sets']}>
        {rows.map((row) => (
          <li key={row[0]?.at}>
            {row.map(({ sample, at: place }) =>
              value === null || value.items[place] === undefined ? (
                <span key={place} className={styles['path']}>
                  {sampleName(sample, t)}
                </span>
              ) : (
                <Thumb
                  key={place}
                  picture={thumbAt(value, place)}
                  label={sampleName(sample, t)}
                  caption={sample.name === null ? sampleName(sample, t) : t[sample.part]}
                  isMasked={false}
                />
              ),
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What was left out, file by file, with the reason. */
export function BrokenView({ broken: { count, list } }: Pick<DataLook, 'broken'>) {
  const { t, pick } = useText('data');
  if (count === 0) return <EmptyState title={t.nothingBroken} hint={t.nothingBrokenHint} />;
  return (
    <div className={styles['scroll']} role="group" aria-label={t.broken} tabIndex={0}>
      <p>
        {fill(t.brokenCount, { count: formatCount(count) })}
        {count > list.length ? `, ${fill(t.listed, { count: list.length })}` : null}
      </p>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t.file}</th>
            <th scope="col">{t.reason}</th>
          </tr>
        </thead>
        <tbody>
          {list.map(({ name, reason }, at) => (
            <tr key={`${at} ${name}`}>
              <td className={styles['path']}>{name}</td>
              <td>{pick(reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
