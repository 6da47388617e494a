import type { HostTensor } from '../../shared/ops/tensor';
import { folded } from './colours';
import { PlaneView } from './PlaneView';
import { planeOf } from '../../shared/ops/featureMaps';
import { spanOf } from './scoreSpan';
import styles from './maps.module.css';

type ScoreBarsProps = { readonly tensor: HostTensor; readonly names: readonly string[]; readonly sample?: number };

/** Longer vectors are pictures, not bars. */
const mostBars = 24;

/** The values of a vector: bars from a line at zero while they are few. */
export function ScoreBars({ tensor, names, sample = 0 }: ScoreBarsProps) {
  const plane = planeOf(tensor, sample, 0);
  if (plane.width > mostBars)
    return <PlaneView planes={[folded(plane)]} label={`${plane.width}`} className={styles['vector'] ?? ''} />;
  const span = spanOf(plane.values);
  return (
    <ol className={styles['bars']}>
      {[...plane.values].map((value, at) => {
        const { left, width } = span.barOf(value);
        return (
          <li key={at}>
            <span>{names[at] ?? at + 1}</span>
            <span className={styles['track']} aria-hidden="true">
              <i data-negative={value < 0 ? true : undefined} style={{ left: `${left}%`, width: `${width}%` }} />
              <b style={{ left: `${span.zero}%` }} />
            </span>
            <span className="figures">{value.toFixed(3).replace('-', '−')}</span>
          </li>
        );
      })}
    </ol>
  );
}
