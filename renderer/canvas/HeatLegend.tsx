import { X } from 'lucide-react';
import { formatHeat, heatTicks, heatUnits } from '../../shared/analysis/heat';
import { figureChoices } from '../../shared/schema/figures';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { IconButton } from '../ui/IconButton';
import { formatCount } from '../ui/numbers';
import { chooseHeat, useHeatMap, useHeatMeasure } from './heat';
import styles from './HeatLegend.module.css';

/** The colours of the heat with their numbers; nothing while there is no heat. */
export function HeatLegend() {
  const { t, pick } = useText('seeing');
  const session = useSession();
  const measure = useHeatMeasure();
  const heat = useHeatMap();
  if (measure === null || heat === null) return null;
  const name = pick(figureChoices.heat[measure]);
  const total = measure === 'memory' ? formatHeat(measure, heat.total) : formatCount(heat.total);
  return (
    // No landmark: two networks side by side have one each.
    <div role="group" className={styles['legend']} aria-label={t.heatScale}>
      <p className={styles['title']} title={`${total} ${pick(heatUnits[measure])}`}>
        {fill(t.heatTotal, { measure: name, total })}
      </p>
      <IconButton
        size="sm"
        side="top"
        label={t.heatOff}
        icon={<X size={14} />}
        onClick={() => chooseHeat(session, null)}
      />
      <div className={styles['bar']} />
      <ol className={`${styles['ticks'] ?? ''} figures`}>
        {heatTicks(heat).map(({ at, value }) => (
          <li key={at}>{formatHeat(measure, value)}</li>
        ))}
      </ol>
    </div>
  );
}
