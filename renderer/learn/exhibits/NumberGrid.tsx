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
    <div
      className={classes(styles['grid'], 'figures')}
      role="group"
      aria-label={label}
      style={{ gridTemplateColumns: `repeat(${rows[0]?.length ?? 1}, minmax(44px, 1fr))` }}
    >
      {rows.flat().map((value, at) => (
        <span key={at} style={tint(value, reach)}>
          {shortNumber(value, places)}
        </span>
      ))}
    </div>
  );
}

/** How bright a colour is to the eye, as WCAG reckons it. */
function luminance(channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The value's colour, with the ink that is legible on it: black and white reach the same contrast at 0.179. */
function tint(value: number, reach: number) {
  const colour = colourOf(value, reach);
  return { background: `rgb(${colour.join(' ')})`, color: luminance(colour) > 0.179 ? '#000' : '#fff' };
}
