import { useMemo, useState } from 'react';
import { formatCount } from '../../shared/text';
import type { ClassTask } from '../../shared/schema/data';
import { labelThreshold } from '../../shared/training/answers';
import type { AnswersOf } from '../../shared/training/answers';
import { classScores, confusionOf, meanScores } from '../../shared/training/confusion';
import type { ClassScore } from '../../shared/training/confusion';
import { exactMatch, labelClassScores, summarizeLabels, type LabelClassScore } from '../../shared/training/labelScores';
import { percentText } from '../../shared/training/scoreTexts';
import { fill, useText } from '../i18n';
import { Slider } from '../ui';
import styles from './results.module.css';

/** There is room for one digit. */
const digits = 1;

/** How well each class is told apart. */
export function ClassTable({ answers }: { readonly answers: AnswersOf<ClassTask> }) {
  const scores = classScores(confusionOf(answers), answers.classes);
  return <ScoreTable scores={scores} ofPixels={answers.task === 'segmentation'} />;
}

/** How well each class is found by itself, at a threshold that the reader chooses. */
export function LabelTable({ answers }: { readonly answers: AnswersOf<'multi-label'> }) {
  const { t } = useText('results');
  const [percent, setPercent] = useState(100 * labelThreshold);
  const scores = useMemo(() => labelClassScores(answers, percent / 100), [answers, percent]);
  const all = summarizeLabels(scores, exactMatch(answers, percent / 100));
  const said = fill(t.labelsSaid, {
    threshold: `${percent} %`,
    macroF1: percentText(all.macroF1, digits),
    microF1: percentText(all.microF1, digits),
    exactMatch: percentText(all.exactMatch, digits),
  });
  return (
    <>
      <div className={styles['threshold']}>
        <Slider
          label={t.labelThreshold}
          value={percent}
          min={0}
          max={100}
          said={`${percent} %`}
          onChange={setPercent}
        />
        <p className={styles['muted']} aria-live="polite">
          {said}
        </p>
      </div>
      <ScoreTable scores={scores} />
    </>
  );
}

type ScoreTableProps = {
  readonly scores: readonly (ClassScore | LabelClassScore)[];
  readonly ofPixels?: boolean;
};

function ScoreTable({ scores, ofPixels = false }: ScoreTableProps) {
  const { t } = useText('results');
  const hasPrecisions = scores.some((score) => 'averagePrecision' in score);
  const { absent } = meanScores(scores);
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']} aria-label={t.classes}>
        <thead>
          <tr>
            <th scope="col">{t.class}</th>
            <th scope="col">{ofPixels ? t.pixels : t.count}</th>
            <th scope="col">{t.given}</th>
            <th scope="col">{t.precision}</th>
            <th scope="col">{t.recall}</th>
            <th scope="col">F1</th>
            <th scope="col">{hasPrecisions ? t.averagePrecision : t.iou}</th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ name, count, given, precision, recall, f1, iou, ...more }, index) => (
            <tr key={index}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td>{formatCount(count)}</td>
              <td>{formatCount(given)}</td>
              <td>{percentText(precision, digits)}</td>
              <td>{percentText(recall, digits)}</td>
              <td>{percentText(f1, digits)}</td>
              <td>{percentText('averagePrecision' in more ? more.averagePrecision : iou, digits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {absent.length === 0 ? null : <p className={styles['muted']}>{fill(t.absent, { names: absent.join(', ') })}</p>}
    </div>
  );
}
