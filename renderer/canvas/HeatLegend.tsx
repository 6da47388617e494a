import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { formatHeat, heatTicks, heatUnits, isMeasured, isOfRun } from '../../shared/analysis/heat';
import { figureChoices } from '../../shared/schema/figures';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { IconButton } from '../ui/IconButton';
import { formatCount } from '../ui/numbers';
import { chooseHeat, useHeatMap, useHeatMeasure } from './heat';
import styles from './HeatLegend.module.css';
import { MeasureAgain, TimesNote } from './TimesNote';
import { useLastLook } from './health';
import { clearLegend } from './view';

/** The colours of the heat with their numbers; nothing while there is no heat. */
export function HeatLegend() {
  const { t, pick } = useText('seeing');
  const session = useSession();
  const measure = useHeatMeasure();
  const heat = useHeatMap();
  const isKnown = heat !== null && heat.values.size > 0;
  const legend = useRef<HTMLDivElement>(null);
  const isShown = measure !== null && heat !== null;
  // How high it is hangs on what it says: the scale, how far a measurement is, or why there is none.
  useEffect(() => {
    if (legend.current === null) return undefined;
    const observer = new ResizeObserver(() => clearLegend(session));
    observer.observe(legend.current);
    return () => observer.disconnect();
  }, [session, isShown]);
  if (measure === null || heat === null) return null;
  const name = pick(figureChoices.heat[measure]);
  const isCounted = measure === 'params' || measure === 'macs';
  const total = heat.total === null ? '' : isCounted ? formatCount(heat.total) : formatHeat(measure, heat.total);
  return (
    // No landmark: two networks side by side have one each.
    <div ref={legend} role="group" data-legend={measure} className={styles['legend']} aria-label={t.heatScale}>
      <p className={styles['title']} title={isKnown ? `${total} ${pick(heatUnits[measure])}`.trim() : undefined}>
        {isKnown && !isMeasured(measure) ? fill(t.heatTotal, { measure: name, total }) : name}
      </p>
      <span className={styles['buttons']}>
        {measure === 'time' ? <MeasureAgain /> : null}
        <IconButton
          size="sm"
          side="top"
          label={t.heatOff}
          icon={<X size={14} />}
          onClick={() => chooseHeat(session, null)}
        />
      </span>
      {isKnown ? (
        <>
          <div className={styles['bar']} />
          <ol className={`${styles['ticks'] ?? ''} figures`}>
            {heatTicks(measure, heat).map(({ at, value }) => (
              <li key={at}>{formatHeat(measure, value)}</li>
            ))}
          </ol>
        </>
      ) : null}
      {measure === 'time' ? <TimesNote /> : null}
      {isOfRun(measure) ? <LookNote /> : null}
    </div>
  );
}

/** Of which epoch the numbers of a run's layers are, or how there come to be some. */
function LookNote() {
  const { t } = useText('seeing');
  const look = useLastLook();
  return <p className={styles['mute']}>{look === null ? t.lookNone : fill(t.lookOf, { epoch: look.epoch })}</p>;
}
