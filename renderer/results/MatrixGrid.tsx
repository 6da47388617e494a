import type { KeyboardEvent } from 'react';
import { useRef, useState } from 'react';
import { formatCount } from '../../shared/text';
import type { ClassTask } from '../../shared/schema/data';
import type { AnswersOf } from '../../shared/training/answers';
import { cellShades, commonestConfusions, confusionOf, type ConfusionMatrix } from '../../shared/training/confusion';
import { fill, useText } from '../i18n';
import { useScored } from './scored';
import type { Cell } from './scored';
import styles from './results.module.css';

/** Of more classes nobody reads every cell. */
const mostClasses = 40;
const mostListed = 60;

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

type ClassAnswers = AnswersOf<ClassTask>;

/** The confusion matrix. A cell of samples opens their pictures. */
export function MatrixGrid({ answers }: { readonly answers: ClassAnswers }) {
  const matrix = confusionOf(answers);
  return answers.classes.length > mostClasses ? (
    <Confusions matrix={matrix} answers={answers} />
  ) : (
    <Grid matrix={matrix} answers={answers} />
  );
}

type MatrixProps = { readonly matrix: ConfusionMatrix; readonly answers: ClassAnswers };

function isSame(a: Cell | null, b: Cell): boolean {
  return a?.truth === b.truth && a.given === b.given;
}

function Grid({ matrix, answers: { classes, task } }: MatrixProps) {
  const { t } = useText('results');
  const { cell, choose } = useScored();
  // One stop of the Tab key; arrows go from cell to cell.
  const [at, setAt] = useState<Cell>({ truth: 0, given: 0 });
  const table = useRef<HTMLTableElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const clamp = (value: number): number => Math.max(0, Math.min(classes.length - 1, value));
    const next = { truth: clamp(at.truth + step[0]), given: clamp(at.given + step[1]) };
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.truth} ${next.given}"]`)?.focus();
  };
  return (
    <div className={styles['scroll']}>
      <table ref={table} className={styles['matrix']} aria-label={t.matrixLabel} onKeyDown={move}>
        <thead>
          <tr>
            <th scope="col" className={styles['corner']}>
              {t.truth} ↓ {t.given} →
            </th>
            {classes.map((name, index) => (
              <th key={index} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, truth) => {
            const shades = cellShades(row, truth);
            return (
              <tr key={truth}>
                <th scope="row" title={classes[truth]}>
                  {classes[truth]}
                </th>
                {row.map((count, given) => {
                  const here = { truth, given };
                  const label = fill(truth === given ? t.hit : t.cell, {
                    truth: classes[truth] ?? '',
                    given: classes[given] ?? '',
                    count: formatCount(count),
                  });
                  const look = {
                    'data-hit': truth === given ? true : undefined,
                    style: { '--share': (shades[given] ?? 0).toFixed(3) } as React.CSSProperties,
                    className: styles['cell'],
                  };
                  const shown = count === 0 ? '' : formatCount(count);
                  return (
                    <td key={given}>
                      {task === 'segmentation' ? (
                        <span {...look} title={label}>
                          {shown}
                        </span>
                      ) : (
                        <button
                          {...look}
                          type="button"
                          data-cell={`${truth} ${given}`}
                          tabIndex={isSame(at, here) ? 0 : -1}
                          aria-label={label}
                          title={label}
                          aria-pressed={isSame(cell, here)}
                          onFocus={() => setAt(here)}
                          onClick={() => choose(isSame(cell, here) ? null : here)}
                        >
                          {shown}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The largest cells off the diagonal, of a matrix that is too large to be shown. */
function Confusions({ matrix, answers: { classes, task } }: MatrixProps) {
  const { t } = useText('results');
  const { cell, choose } = useScored();
  return (
    <>
      <p className={styles['muted']}>{fill(t.moreClasses, { count: formatCount(classes.length) })}</p>
      <ul className={styles['confusions']}>
        {commonestConfusions(matrix, mostListed).map(({ count, ...here }) => {
          const words = fill(t.cell, {
            truth: classes[here.truth] ?? '',
            given: classes[here.given] ?? '',
            count: formatCount(count),
          });
          return (
            <li key={`${here.truth} ${here.given}`}>
              {task === 'segmentation' ? (
                words
              ) : (
                <button type="button" aria-pressed={isSame(cell, here)} onClick={() => choose(here)}>
                  {words}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
