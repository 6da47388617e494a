import { fill, useText } from '../i18n';
import { useRun } from '../session';
import styles from './TrainingPanel.module.css';

/** So many names are written out. */
const shownNames = 12;

/** What the shown run took over of other weights, and on opening what not, with the reason. */
export function StartLine() {
  const { t } = useText('training');
  const report = useRun((run) => ('started' in run ? (run.started?.from ?? null) : null));
  if (report === null) return null;
  const { source, carried, fresh, unused, frozen } = report;
  const listed = (names: readonly string[]): string => {
    const shown = names.slice(0, shownNames).join(', ');
    return names.length > shownNames ? fill(t.andMore, { names: shown, count: names.length - shownNames }) : shown;
  };
  const absent = fresh.filter(({ found }) => found === null).map(({ name }) => name);
  const misfits = fresh.flatMap(({ name, shape, found }) =>
    found === null ? [] : [`${name} [${found.join(', ')}] → [${shape.join(', ')}]`],
  );
  const lines = [
    ...(frozen.length === 0 ? [] : [fill(t.frozenOf, { count: frozen.length })]),
    ...(absent.length === 0 ? [] : [fill(t.freshAbsent, { names: listed(absent) })]),
    ...(misfits.length === 0 ? [] : [fill(t.freshShape, { names: listed(misfits) })]),
    ...(unused.length === 0 ? [] : [fill(t.unusedOf, { names: listed(unused) })]),
  ];
  return (
    <details className={styles['start']}>
      <summary>
        {fill(t.startedFrom, { source, carried: carried.length, count: carried.length + fresh.length })}
      </summary>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </details>
  );
}
