import { CircleCheck } from 'lucide-react';
import { useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { onPicture, sizeRows, sizesQuestion } from '../../../../shared/learn/exhibits/sizes';
import type { SizeRow } from '../../../../shared/learn/exhibits/sizes';
import { fill, useText } from '../../../i18n';
import { NumberField, TextInput } from '../../../ui';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

/** The largest picture that can be asked for. */
const largest = 2048;

/** Every size of a U-Net, worked out by the reader and checked by the analyser. */
export function SizesView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('exhibits');
  const own = inputShapeOf(network.analysis)?.[0] ?? 572;
  const [asked, setAsked] = useState(own);
  const [fitting, setFitting] = useState(own);
  const analysis = useMemo(
    () => onPicture(network.document, network.analysis, fitting) ?? network.analysis,
    [network.document, network.analysis, fitting],
  );
  const rows = useMemo(() => sizeRows(analysis), [analysis]);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const found = new Set(rows.filter(({ node, after }) => Number(typed[node] || NaN) === after).map(({ node }) => node));
  const change = (side: number): void => {
    setAsked(side);
    if (onPicture(network.document, network.analysis, side) === null) return;
    setFitting(side);
    setTyped({});
  };
  return (
    <>
      <div className={styles['controls']}>
        <NumberField label={t.picture} value={asked} min={1} max={largest} isInteger onChange={change} />
        <span>{t.pictureHint}</span>
        <span role="status">{fill(t.found, { done: found.size, all: rows.length })}</span>
      </div>
      {asked === fitting ? null : (
        <p className={styles['muted']} role="status">
          {t.noSize}
        </p>
      )}
      <Rows rows={rows} typed={typed} found={found} onType={(node, value) => setTyped({ ...typed, [node]: value })} />
      <QuestionCard exhibit={exhibit} question={sizesQuestion(rows, found)} />
    </>
  );
}

type RowsProps = {
  readonly rows: readonly SizeRow[];
  readonly typed: Readonly<Record<string, string>>;
  readonly found: ReadonlySet<string>;
  readonly onType: (node: string, value: string) => void;
};

function Rows({ rows, typed, found, onType }: RowsProps) {
  const { t, pick } = useText('exhibits');
  const table = useRef<HTMLTableElement>(null);
  const base = useId();
  const goOn = (event: KeyboardEvent<HTMLInputElement>, at: number): void => {
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    table.current?.querySelectorAll('input')[at + by]?.focus();
  };
  return (
    <div className={styles['scrolled']}>
      <table ref={table} className={styles['sizes']}>
        <thead>
          <tr>
            <th scope="col">{t.layer}</th>
            <th scope="col">{t.goesIn}</th>
            <th scope="col">{t.comesOut}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node, says, before, formula }, at) => {
            const isFound = found.has(node);
            // What goes in is what came out above: to be known only once that was found.
            const above = rows[at - 1];
            const isKnown = above === undefined || above.after !== before || found.has(above.node);
            return (
              <tr key={node}>
                <th scope="row" id={`${base}${at}`}>
                  {node} <span className={styles['muted']}>{pick(says)}</span>
                </th>
                <td className="figures">{isKnown ? before : '?'}</td>
                <td>
                  <TextInput
                    size="sm"
                    isFigure
                    inputMode="numeric"
                    aria-label={fill(t.heightAfter, { node })}
                    aria-invalid={typed[node] !== undefined && typed[node] !== '' && !isFound ? true : undefined}
                    value={typed[node] ?? ''}
                    onChange={(event) => onType(node, event.target.value)}
                    onKeyDown={(event) => goOn(event, at)}
                  />
                </td>
                <td className={styles['muted']}>
                  {isFound ? (
                    <>
                      <CircleCheck size={14} aria-hidden className={styles['tick']} /> <code>{formula}</code>
                    </>
                  ) : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
