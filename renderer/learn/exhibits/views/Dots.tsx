import { useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { fill, useText } from '../../../i18n';
import { PlaneView } from '../../../maps/PlaneView';
import type { Cell } from '../../../maps/PlaneView';
import styles from '../exhibits.module.css';
import { useModeName, usePooled } from './PoolingView';

const side = 12;
/** Told apart by their brightness, also after the pool. */
const brightness = { a: 1, b: 0.55 } as const;

/** Where a brightness is on a map; null where nothing has it. */
function columnOf(values: Float32Array, width: number, wanted: number): number | null {
  const at = values.findIndex((value) => Math.abs(value - wanted) < 1e-6);
  return at === -1 ? null : at % width;
}

/** Two dots and what a max pool leaves of them: what was left of the other is never right of it. */
export function Dots() {
  const { t } = useText('learn');
  const nameOf = useModeName();
  const [a, setA] = useState<Cell>({ row: 3, column: 2 });
  const [b, setB] = useState<Cell>({ row: 6, column: 7 });
  const [isNextA, setNextA] = useState(true);
  const board = useMemo(() => {
    const values = new Float32Array(side * side);
    values[b.row * side + b.column] = brightness.b;
    values[a.row * side + a.column] = brightness.a;
    return { height: side, width: side, values };
  }, [a, b]);
  const pooled = usePooled(board, 2)?.['max'];
  const find = (wanted: number): number | null =>
    pooled === undefined ? null : columnOf(pooled.values, pooled.width, wanted);
  const [left, right] = [find(brightness.a), find(brightness.b)];
  const words =
    left === null || right === null || left === right ? t.sameColumn : left < right ? t.stillLeft : t.rightOf;
  const place = (cell: Cell): void => (isNextA ? setA(cell) : setB(cell));
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const within = (value: number): number => Math.max(0, Math.min(side - 1, value));
    setB(({ row, column }) => ({ row: within(row + step[0]), column: within(column + step[1]) }));
  };
  return (
    <section className={styles['column']} aria-label={t.dots}>
      <h3>{t.dots}</h3>
      <div className={styles['columns']}>
        <div className={styles['column']}>
          <div
            // A board has no role of its own; it takes the arrow keys as a slider of two axes would.
            role="application"
            aria-label={t.dots}
            tabIndex={0}
            onKeyDown={move}
            onPointerUp={() => setNextA(!isNextA)}
            className={styles['small']}
          >
            <PlaneView planes={[board]} reach={1} label={t.dots} onPick={place} />
          </div>
          <p className={styles['muted']}>{t.dotsHint}</p>
        </div>
        <div className={styles['column']}>
          {pooled === undefined ? null : (
            <PlaneView planes={[pooled]} reach={1} label={nameOf('max')} className={styles['small'] ?? ''} />
          )}
          {pooled !== undefined && a.column < b.column ? <p role="status">{fill(t.leftOf, { after: words })}</p> : null}
        </div>
      </div>
    </section>
  );
}
