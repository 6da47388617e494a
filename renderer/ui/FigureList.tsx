import styles from './FigureList.module.css';
import { classes } from './classes';

export type FigureListProps = {
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** 'lines': one below the other, the value at the right. 'columns': side by side, the value under its label. */
  readonly layout?: 'lines' | 'columns';
};

/** Figures with their names. */
export function FigureList({ rows, layout = 'lines' }: FigureListProps) {
  return (
    <dl className={classes(styles['list'], styles[layout])}>
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
