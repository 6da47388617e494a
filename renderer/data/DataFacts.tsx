import type { DataLook } from '../../shared/host/dataLook';
import { ignoredWord, writeMaskValues } from '../../shared/schema/maskValues';
import { text } from '../../shared/text';
import { en, zh } from '../i18n/data';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { setTraining, useTrainingConfig } from '../training/useTrainingConfig';
import { Button, formatCount, formatShape } from '../ui';
import styles from './data.module.css';

type DataFactsProps = {
  readonly look: DataLook;
  readonly classIndex: number | null;
  readonly onClass: (classIndex: number | null) => void;
};

/** What was found, in numbers. */
export function DataFacts({ look, classIndex, onClass }: DataFactsProps) {
  const { t, pick } = useText('data');
  const { info, sizes, sizeCount } = look;
  const counts = {
    train: formatCount(info.trainCount),
    validation: formatCount(info.validationCount),
    test: formatCount(info.testCount ?? 0),
  };
  return (
    <>
      <p title={pick(info.split)}>{fill(info.testCount === undefined ? t.parts : t.partsAndTest, counts)}</p>
      <Adaptation look={look} />
      <Balance look={look} classIndex={classIndex} onClass={onClass} />
      <Values look={look} />
      <Columns look={look} />
      {sizes.length === 0 ? null : (
        <section>
          <h3>{t.sizes}</h3>
          <ul className={styles['list']}>
            {sizes.slice(0, 6).map(({ height, width, channels, count }) => (
              <li key={`${height} ${width} ${channels}`} className="figures">
                {fill(t.sizeOf, { size: formatShape([height, width, channels]), count: formatCount(count) })}
              </li>
            ))}
            {sizeCount > 6 ? <li className={styles['muted']}>{fill(t.moreSizes, { count: sizeCount - 6 })}</li> : null}
          </ul>
        </section>
      )}
      {info.targetShape === undefined ? null : <p>{fill(t.becomes, { size: formatShape(info.targetShape) })}</p>}
      {info.snapshot === undefined ? null : (
        <p className={styles['muted']} title={t.snapshotHint}>
          {fill(t.snapshot, { snapshot: info.snapshot.slice(0, 12) })}
        </p>
      )}
    </>
  );
}

/** How many of each class there are; a bar shows only the pictures of its class. */
function Balance({ look: { info, parts }, classIndex, onClass }: DataFactsProps) {
  const { t } = useText('data');
  const counted = parts.flatMap((part) => (part.classCounts === null ? [] : [part.classCounts]));
  if (counted.length === 0) return null;
  const totals = info.classes.map((_, index) => counted.reduce((sum, counts) => sum + (counts[index] ?? 0), 0));
  // Samples with any number of classes are counted once for each: the share is then that of the samples.
  const all = Math.max(
    1,
    info.task === 'multi-label'
      ? parts.reduce((sum, { count }) => sum + count, 0)
      : totals.reduce((sum, count) => sum + count, 0),
  );
  const most = Math.max(1, ...totals);
  return (
    <section>
      <h3>{t.balance}</h3>
      <ul className={styles['bars']}>
        {info.classes.map((name, index) => {
          const count = totals[index] ?? 0;
          const share = ((100 * count) / all).toFixed(1);
          const words = info.task === 'segmentation' ? `${share} %` : formatCount(count);
          return (
            <li key={`${index} ${name}`}>
              <button
                type="button"
                aria-pressed={classIndex === index}
                title={fill(t.balanceOf, { name, count: formatCount(count), share })}
                onClick={() => onClass(classIndex === index ? null : index)}
              >
                <span className={styles['name']}>{name}</span>
                <span className={styles['track']}>
                  <span style={{ width: `${(100 * count) / most}%` }} />
                </span>
                <span className="figures">{words}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What the masks hold, as a table that can be kept in the settings. */
function Values({ look: { values, info } }: { readonly look: DataLook }) {
  const { t } = useText('data');
  const session = useSession();
  const { maskValues } = useTrainingConfig();
  if (values.length === 0) return null;
  const table = writeMaskValues(
    values.map(({ value, classIndex }) => ({ value, word: classIndex === null ? ignoredWord : String(classIndex) })),
  );
  return (
    <section>
      <h3>{t.values}</h3>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t.value}</th>
            <th scope="col">{t.share}</th>
            <th scope="col">{t.ofClass}</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ value, share, classIndex }) => (
            <tr key={value}>
              <td className="figures">{value}</td>
              <td className="figures">{(100 * share).toFixed(1)} %</td>
              <td>{classIndex === null ? t.noClass : (info.classes[classIndex] ?? classIndex)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {maskValues === undefined ? (
        <Button size="sm" title={t.keepValuesHint} onClick={() => setTraining(session, { maskValues: table })}>
          {t.keepValues}
        </Button>
      ) : null}
    </section>
  );
}

function Columns({ look: { columns } }: { readonly look: DataLook }) {
  const { t } = useText('data');
  if (columns.length === 0) return null;
  return (
    <section>
      <h3>{t.columns}</h3>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t.column}</th>
            <th scope="col">{t.mean}</th>
            <th scope="col">{t.deviation}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, mean, deviation }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="figures">{mean.toPrecision(4)}</td>
              <td className="figures">{deviation.toPrecision(4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What pictures go through to come to the Input, why, and an Input that would lose less. */
function Adaptation({ look: { adaptation, sizes } }: { readonly look: DataLook }) {
  const { t, pick } = useText('data');
  const session = useSession();
  const inputId = useProject((state) => state.analysis.inputs[0]);
  if (sizes.length === 0 || inputId === undefined) return null;
  if (adaptation === null) return <p className={styles['muted']}>{t.adaptationFits}</p>;
  const { from, to, changed, reason, input } = adaptation;
  const change = (shape: readonly number[]): void => {
    const label = text(en.changedInput, zh.changedInput);
    session.project.edit(label, [{ type: 'setParams', id: inputId, params: { shape } }], 'record');
  };
  return (
    <section>
      <h3>{t.adaptation}</h3>
      <p>
        {fill(t.adapts, { count: formatCount(changed), from: formatShape(from), to: formatShape(to) })}{' '}
        <span className={styles['muted']}>{pick(reason)}</span>
      </p>
      {input === null ? null : (
        <Button size="sm" onClick={() => change(input)}>
          {fill(t.changeInput, { shape: formatShape(input) })}
        </Button>
      )}
    </section>
  );
}
