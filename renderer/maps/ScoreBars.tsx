import type { HostTensor } from '../../shared/ops/tensor';
import { reachOf } from './colours';
import { folded } from './colours';
import { PlaneView } from './PlaneView';
import { planeOf } from '../../shared/ops/featureMaps';
import styles from './maps.module.css';

type ScoreBarsProps = { readonly tensor: HostTensor; readonly names: readonly string[]; readonly sample?: number };

/** Longer vectors are pictures, not bars. */
const mostBars = 24;

/** The values of a vector: bars while they are few. */
export function ScoreBars({ tensor, names, sample = 0 }: ScoreBarsProps) {
  const plane = planeOf(tensor, sample, 0);
  if (plane.width > mostBars)
    return <PlaneView planes={[folded(plane)]} label={`${plane.width}`} className={styles['vector'] ?? ''} />;
  const reach = reachOf(plane.values) || 1;
  return (
    <ol className={styles['bars']}>
      {[...plane.values].map((value, at) => (
        <li key={at}>
          <span>{names[at] ?? at + 1}</span>
          <i
            data-negative={value < 0 ? true : undefined}
            style={{ transform: `scaleX(${Math.abs(value) / reach})` }}
            aria-hidden="true"
          />
          <span className="figures">{value.toFixed(3).replace('-', '−')}</span>
        </li>
      ))}
    </ol>
  );
}
