import { formatCount } from '../../shared/text';
import type { ClassTask } from '../../shared/schema/data';
import type { AnswersOf } from '../../shared/training/answers';
import { classScores, confusionOf, meanScores } from '../../shared/training/confusion';
import { percentText } from '../../shared/training/scoreTexts';
import { fill, useText } from '../i18n';
import styles from './results.module.css';

/** There is room for one digit. */
const digits = 1;

/** How well each class is told apart. */
export function ClassTable({ answers }: { readonly answers: AnswersOf<ClassTask> }) {
  const { t } = useText('results');
  const scores = classScores(confusionOf(answers), answers.classes);
  const { absent } = meanScores(scores);
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']} aria-label={t.classes}>
        <thead>
          <tr>
            <th scope="col">{t.class}</th>
            <th scope="col">{answers.task === 'segmentation' ? t.pixels : t.count}</th>
            <th scope="col">{t.given}</th>
            <th scope="col">{t.precision}</th>
            <th scope="col">{t.recall}</th>
            <th scope="col">F1</th>
            <th scope="col">{t.iou}</th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ name, count, given, precision, recall, f1, iou }, index) => (
            <tr key={index}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td>{formatCount(count)}</td>
              <td>{formatCount(given)}</td>
              <td>{percentText(precision, digits)}</td>
              <td>{percentText(recall, digits)}</td>
              <td>{percentText(f1, digits)}</td>
              <td>{percentText(iou, digits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {absent.length === 0 ? null : <p className={styles['muted']}>{fill(t.absent, { names: absent.join(', ') })}</p>}
    </div>
  );
}
