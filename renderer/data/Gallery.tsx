import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { DataLook, SampleRef } from '../../shared/host/dataLook';
import { dataParts, hasNamedClasses, type DataPart } from '../../shared/schema/data';
import type { TrainingConfig } from '../../shared/schema/training';
import { text } from '../../shared/text';
import { en, zh } from '../i18n/data';
import { fill, useText, type Messages } from '../i18n';
import { useRequest } from '../store/useRequest';
import { EmptyState, Failures, formatCount, IconButton, Segments, Select } from '../ui';
import { Thumb, thumbAt } from './Thumb';
import styles from './data.module.css';

const perPage = 60;

const parts = {
  all: text(en.allParts, zh.allParts),
  train: text(en.train, zh.train),
  validation: text(en.validation, zh.validation),
  test: text(en.test, zh.test),
} as const;

export const maskChoice = { shown: text(en.shown, zh.shown), hidden: text(en.hidden, zh.hidden) } as const;

/** What a sample is called: its file, or its place. */
export function sampleName({ name, index, part }: SampleRef, t: Messages<'data'>): string {
  return name === null
    ? fill(t.sampleNumber, { index: index + 1, part: t[part] })
    : fill(t.sampleOf, { name, part: t[part] });
}

/** The class of a sample, or all of them where there may be any number; undefined where it has none of its own. */
function captionOf({ classIndex, labels }: SampleRef, classes: readonly string[], none: string): string | undefined {
  if (labels === undefined) return classes[classIndex ?? -1];
  return labels.length === 0 ? none : labels.map((index) => classes[index] ?? '').join(', ');
}

type GalleryProps = {
  readonly look: DataLook;
  readonly question: TrainingConfig;
  readonly classIndex: number | null;
  readonly onClass: (classIndex: number | null) => void;
};

/** The pictures of one part and class, a page at a time. */
export function Gallery({ look, question, classIndex, onClass }: GalleryProps) {
  const { t, language } = useText('data');
  const [part, setPart] = useState<DataPart | 'all'>('all');
  const [page, setPage] = useState(0);
  const [masks, setMasks] = useState<keyof typeof maskChoice>('shown');
  const filter = `${part} ${classIndex ?? ''}`;
  const [paged, setPaged] = useState(filter);
  if (paged !== filter) {
    setPaged(filter);
    setPage(0);
  }
  const from = page * perPage;
  const answer = useRequest(
    'data.gallery',
    { config: question, part: part === 'all' ? null : part, classIndex, from, count: perPage },
    { keepsLast: true },
  );
  const { value } = answer;
  const { classes, task } = look.info;
  const without = dataParts.filter((one) => !look.parts.some((own) => own.part === one));
  const total = value?.total ?? 0;
  const last = Math.min(total, from + perPage);
  return (
    <>
      <div className={styles['bar']}>
        {hasNamedClasses(task) ? (
          <Select
            label={t.ofClass}
            value={classIndex === null ? '' : String(classIndex)}
            items={[
              { value: '', label: t.allClasses },
              ...classes.map((name, index) => ({ value: String(index), label: name })),
            ]}
            onChange={(chosen) => onClass(chosen === '' ? null : Number(chosen))}
          />
        ) : null}
        <Segments
          label={t.part}
          value={part}
          choice={
            Object.fromEntries(
              Object.entries(parts).filter(([name]) => !without.some((one) => one === name)),
            ) as typeof parts
          }
          language={language}
          onChange={setPart}
        />
        {task === 'segmentation' ? (
          <Segments label={t.masks} value={masks} choice={maskChoice} language={language} onChange={setMasks} />
        ) : null}
        <span className={styles['space']} />
        <span className={styles['muted']} role="status">
          {total === 0
            ? null
            : fill(t.range, { first: formatCount(from + 1), last: formatCount(last), total: formatCount(total) })}
        </span>
        <IconButton
          size="sm"
          label={t.earlier}
          icon={<ChevronLeft size={15} />}
          disabled={page === 0}
          onClick={() => setPage(page - 1)}
        />
        <IconButton
          size="sm"
          label={t.later}
          icon={<ChevronRight size={15} />}
          disabled={last >= total}
          onClick={() => setPage(page + 1)}
        />
      </div>
      <Failures diagnostics={answer.diagnostics} />
      {value === null ? (
        <EmptyState title={t.looking} />
      ) : total === 0 ? (
        <EmptyState title={t.noneSuch} hint={t.noneSuchHint} />
      ) : (
        <div
          className={styles['gallery']}
          role="group"
          aria-label={t.pictures}
          tabIndex={0}
          data-pairs={value.targets === null ? undefined : true}
        >
          {value.items.map((item, at) => {
            const name = captionOf(item, classes, t.noLabels);
            return (
              <Thumb
                key={`${item.part} ${item.index}`}
                picture={thumbAt(value, at)}
                label={sampleName(item, t)}
                isMasked={masks === 'shown'}
                {...(name === undefined ? {} : { caption: name })}
              />
            );
          })}
        </div>
      )}
    </>
  );
}
