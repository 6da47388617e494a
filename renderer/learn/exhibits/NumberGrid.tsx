import { classes } from '../../ui';
import { colourOf, reachOf } from '../../maps/colours';
import styles from './exhibits.module.css';

type NumberGridProps = {
  readonly label: string;
  readonly rows: readonly (readonly number[])[];
  readonly places?: number;
};

/** A number as it is printed beside others: a minus sign, and few places. */
export function shortNumber(value: number, places = 2): string {
  return value
    .toFixed(places)
    .replace('-', '−')
    .replace(/^−(0(?:\.0+)?)$/, '$1');
}

/** A number of any size with three or four digits that count. */
export function figure(value: number, digits = 4): string {
  const size = Math.abs(value);
  const isPlain = value === 0 || (size >= 1e-3 && size < 1e5);
  return (isPlain ? value.toPrecision(digits) : value.toExponential(digits - 1)).replaceAll('-', '−');
}

/** A few numbers in rows, each tinted by its size. */
export function NumberGrid({ label, rows, places = 2 }: NumberGridProps) {
  const reach = reachOf(rows.flat());
  return (
    <table className={classes(styles['grid'], 'figures')} aria-label={label}>
      <tbody>
        {rows.map((row, y) => (
          <tr key={y}>
            {row.map((value, x) => (
              <td key={x} style={tint(value, reach)}>
                {shortNumber(value, places)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The value's colour, with ink that is legible on it. */
function tint(value: number, reach: number) {
  const [red, green, blue] = colourOf(value, reach);
  const isBright = 0.299 * red + 0.587 * green + 0.114 * blue > 130;
  return { background: `rgb(${red} ${green} ${blue})`, color: isBright ? '#10131a' : '#f2f4f8' };
}
