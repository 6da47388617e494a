import { Table } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { ModelRef, TablePrediction } from '../../shared/host/api';
import { fill, useText } from '../i18n';
import { currentHost } from '../store';
import { Button, Failures } from '../ui';
import styles from './TryIt.module.css';

/** Rows that are listed; the command line prints all of them. */
const shownRows = 100;

/** The likeliest class of a row with its probability, all that are given where there may be several, or its value. */
function answerOf(
  { classes, threshold, answers }: TablePrediction,
  index: number,
  none: string,
): readonly [name: string, figure: string] {
  if (classes.length === 0) return ['', String(Number((answers[index] ?? 0).toPrecision(6)))];
  const own = answers.subarray(index * classes.length, (index + 1) * classes.length);
  if (threshold !== undefined) {
    const given = classes
      .map((name, place) => ({ name, probability: own[place] ?? 0 }))
      .filter(({ probability }) => probability >= threshold)
      .sort((a, b) => b.probability - a.probability);
    return [given.length === 0 ? none : given.map(({ name }) => name).join(', '), ''];
  }
  const best = own.indexOf(Math.max(...own));
  return [classes[best] ?? '', `${(100 * (own[best] ?? 0)).toFixed(1)} %`];
}

/** Pick a table, and see what the trained network says of each row. */
export function TryTable({ model }: { readonly model: ModelRef }) {
  const { t } = useText('training');
  const picker = useRef<HTMLInputElement>(null);
  const [prediction, setPrediction] = useState<TablePrediction | null>(null);
  const [findings, setFindings] = useState<readonly Diagnostic[]>([]);
  const load = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const answer = await currentHost()?.request('model.predictTable', {
      model,
      table: { bytes, name: file.name },
    });
    if (answer === undefined) return;
    setPrediction(answer.ok ? answer.value : null);
    setFindings(answer.ok ? answer.value.warnings : answer.diagnostics);
  };
  return (
    <div className={styles['try']}>
      <div className={styles['left']}>
        <div className={styles['buttons']}>
          <Button size="sm" icon={<Table size={14} aria-hidden />} onClick={() => picker.current?.click()}>
            {t.table}
          </Button>
          <input
            ref={picker}
            type="file"
            accept=".csv,.tsv,.txt,.parquet,text/csv"
            hidden
            aria-label={t.table}
            onChange={(event) => {
              void load(event.target.files?.[0]);
              // The same file again, changed meanwhile, is a new question.
              event.target.value = '';
            }}
          />
        </div>
      </div>
      <div className={styles['right']}>
        {prediction === null ? (
          <p className={styles['hint']}>{t.tableHint}</p>
        ) : (
          <ol className={styles['rows']} aria-label={t.predictions}>
            {Array.from(prediction.rows.subarray(0, shownRows), (row, index) => {
              const [name, figure] = answerOf(prediction, index, t.noneGiven);
              return (
                <li key={row}>
                  <span className="figures">{fill(t.rowOf, { row })}</span>
                  <span>{name}</span>
                  <span className="figures">{figure}</span>
                </li>
              );
            })}
          </ol>
        )}
        {prediction !== null && prediction.rows.length > shownRows ? (
          <p className={styles['hint']}>{fill(t.moreRows, { count: prediction.rows.length - shownRows })}</p>
        ) : null}
        <Failures diagnostics={findings} />
      </div>
    </div>
  );
}
