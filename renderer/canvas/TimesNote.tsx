import { engineTable } from '../../shared/schema/engines';
import { formatMilliseconds } from '../../shared/text';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { Button } from '../ui/Button';
import { Failures } from '../ui/Failures';
import { measureHeat } from './heat';
import styles from './HeatLegend.module.css';
import { stopMeasuring, useLayerTimes, useMeasuring } from './times';

/** Where the times of the heat come from, how far their measurement is, and what begins or ends it. */
export function TimesNote() {
  const { t } = useText('seeing');
  const session = useSession();
  const times = useLayerTimes();
  const { progress, trouble, hasBefore } = useMeasuring();
  if (progress !== null) {
    const { done, total } = progress;
    const words = total === 0 ? t.timesStarting : fill(t.timesRunning, { done, total });
    return (
      <div className={styles['times']}>
        <p className="figures">{words}</p>
        <progress aria-label={words} max={Math.max(total, 1)} value={total === 0 ? undefined : done} />
        <Button size="sm" onClick={() => stopMeasuring(session)}>
          {t.timesStop}
        </Button>
      </div>
    );
  }
  const measure = (
    <Button size="sm" onClick={() => void measureHeat(session)}>
      {times === null && !hasBefore ? t.timesMeasure : t.timesAgain}
    </Button>
  );
  if (times === null) {
    return (
      <div className={styles['times']}>
        {trouble.length > 0 ? <Failures diagnostics={trouble} /> : <p>{hasBefore ? t.timesOld : t.timesNone}</p>}
        {measure}
      </div>
    );
  }
  const { device, batchSize, layersMs, stepMs } = times;
  const engine = engineTable.find(({ id }) => id === times.engine)?.label ?? times.engine;
  return (
    <div className={styles['times']}>
      <p>{fill(t.timesSum, { layers: formatMilliseconds(layersMs), step: formatMilliseconds(stepMs) })}</p>
      <p className={styles['mute']}>{fill(t.timesOn, { engine, device, batch: batchSize })}</p>
      {measure}
    </div>
  );
}
