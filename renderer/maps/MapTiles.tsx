import { useState } from 'react';
import type { Plane } from '../../shared/ops/featureMaps';
import { fill, useText } from '../i18n';
import { Button } from '../ui';
import { PlaneView } from './PlaneView';
import styles from './maps.module.css';

type MapTilesProps = {
  readonly planes: readonly Plane[];
  /** The size of value that is full white on all of them, so that they can be compared. */
  readonly reach: number;
  readonly labelOf: (index: number) => string;
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
};

/** As many as are drawn before they are asked for. */
const few = 96;

/** The channels of a node side by side. */
export function MapTiles({ planes, reach, labelOf, chosen, onChoose }: MapTilesProps) {
  const { t } = useText('maps');
  const [isAll, setAll] = useState(false);
  const shown = isAll ? planes : planes.slice(0, few);
  const isOne = planes.length === 1;
  return (
    <>
      <div className={styles['tiles']}>
        {shown.map((plane, index) => (
          <button
            key={index}
            type="button"
            className={styles['tile']}
            aria-pressed={index === chosen}
            aria-label={labelOf(index)}
            onClick={() => onChoose(index)}
          >
            <PlaneView planes={[plane]} reach={reach} label={labelOf(index)} />
            {isOne ? null : (
              <span className="figures" aria-hidden="true">
                {index + 1}
              </span>
            )}
          </button>
        ))}
      </div>
      {shown.length < planes.length ? (
        <Button size="sm" variant="quiet" onClick={() => setAll(true)}>
          {fill(t.more, { count: planes.length })}
        </Button>
      ) : null}
    </>
  );
}
