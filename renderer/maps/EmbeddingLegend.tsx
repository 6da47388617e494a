import { useMemo } from 'react';
import { classMark, markPath, valueColour } from '../../shared/figures/classMarks';
import type { ClassMark } from '../../shared/figures/classMarks';
import type { Embedding } from '../../shared/host/api';
import { isOfClasses } from '../../shared/schema/data';
import { fill, useText } from '../i18n';
import { Button, formatCount } from '../ui';
import { sampleWord } from './sampleWords';
import styles from './maps.module.css';

type EmbeddingLegendProps = {
  readonly embedding: Embedding;
  readonly isWrong: (point: number) => boolean;
  /** Classes that are not drawn. */
  readonly hidden: ReadonlySet<number>;
  readonly onHide: (hidden: ReadonlySet<number>) => void;
};

function Mark({ mark: { colour, shape } }: { readonly mark: ClassMark }) {
  return (
    <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">
      <path d={markPath(shape, 4.4)} fill={colour} />
    </svg>
  );
}

/** Which mark is which class, each to be hidden and shown again; or how values are coloured. */
export function EmbeddingLegend({ embedding, isWrong, hidden, onHide }: EmbeddingLegendProps) {
  const { t } = useText('maps');
  const { facts, truth } = embedding;
  const counts = useMemo(
    () => facts.classes.map((_, index) => truth.filter((value) => value === index).length),
    [facts.classes, truth],
  );
  const wrong = useMemo(() => truth.filter((_, point) => isWrong(point)).length, [truth, isWrong]);
  if (!isOfClasses(facts.task)) return <ValueLegend embedding={embedding} />;
  const toggle = (index: number): void => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    onHide(next);
  };
  // What no sample is needs no line.
  const present = counts.flatMap((count, index) => (count > 0 ? [index] : []));
  return (
    <div className={styles['legend']} role="group" aria-label={t.legend}>
      {present.map((index) => (
        <button key={index} type="button" aria-pressed={!hidden.has(index)} onClick={() => toggle(index)}>
          <Mark mark={classMark(index)} />
          <span>{facts.classes[index]}</span>
          <span className="figures">{formatCount(counts[index] ?? 0)}</span>
        </button>
      ))}
      {present.length > 1 ? (
        <Button size="sm" variant="quiet" onClick={() => onHide(hidden.size > 0 ? new Set() : new Set(present))}>
          {hidden.size > 0 ? t.showAll : t.hideAll}
        </Button>
      ) : null}
      {facts.task === 'classification' ? (
        <p className={styles['muted']}>
          <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">
            <circle r="5.5" fill="none" stroke="currentColor" />
          </svg>{' '}
          {fill(t.wrongMark, { count: formatCount(wrong) })}
        </p>
      ) : null}
      {present.length === 1 ? <p className={styles['muted']}>{t.oneClass}</p> : null}
    </div>
  );
}

function ValueLegend({ embedding: { facts, truth } }: Pick<EmbeddingLegendProps, 'embedding'>) {
  const { t } = useText('maps');
  const known = useMemo(() => truth.filter((value) => !Number.isNaN(value)).sort(), [truth]);
  const [least, most] = [sampleWord(facts, known[0]), sampleWord(facts, known.at(-1))];
  if (least === null || most === null) return null;
  return (
    <div className={styles['legend']} role="group" aria-label={t.legend}>
      {[
        { share: 1, value: most },
        { share: 0, value: least },
      ].map(({ share, value }) => (
        <p key={share} className="figures">
          <Mark mark={{ colour: valueColour(share), shape: 'circle' }} /> {value}
        </p>
      ))}
    </div>
  );
}
