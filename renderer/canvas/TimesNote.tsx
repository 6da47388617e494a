import { RotateCw } from 'lucide-react';
import { engineTable } from '../../shared/schema/engines';
import { formatMilliseconds } from '../../shared/text';
import { deviceText } from '../../shared/training/deviceText';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { Button } from '../ui/Button';
import { Failures } from '../ui/Failures';
import { IconButton } from '../ui/IconButton';
import { measureHeat } from './heat';
import styles from './HeatLegend.module.css';
import { stopMeasuring, useLayerTimes, useMeasuring } from './times';

/** Where the times of the heat come from, how far their measurement is, and what begins or ends it. */
export function TimesNote() {
  const { t, pick } = useText('seeing');
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
  if (times === null) {
    return (
      <div className={styles['times']}>
        {trouble.length > 0 ? <Failures diagnostics={trouble} /> : <p>{hasBefore ? t.timesOld : t.timesNone}</p>}
        <Button size="sm" onClick={() => void measureHeat(session)}>
          {hasBefore ? t.timesAgain : t.timesMeasure}
        </Button>
      </div>
    );
  }
  const { batchSize, layersMs, stepMs } = times;
  const device = pick(deviceText(times.device));
  const engine = engineTable.find(({ id }) => id === times.engine)?.label ?? times.engine;
  return (
    <div className={styles['times']}>
      <p>{fill(t.timesSum, { layers: formatMilliseconds(layersMs), step: formatMilliseconds(stepMs) })}</p>
      <p className={styles['mute']}>{fill(t.timesOn, { engine, device, batch: batchSize })}</p>
    </div>
  );
}

/** Measures anew what is measured already. */
export function MeasureAgain() {
  const { t } = useText('seeing');
  const session = useSession();
  const isMeasured = useLayerTimes() !== null;
  const { progress } = useMeasuring();
  if (!isMeasured || progress !== null) return null;
  return (
    <IconButton
      size="sm"
      side="top"
      label={t.timesAgain}
      icon={<RotateCw size={13} />}
      onClick={() => void measureHeat(session)}
    />
  );
}
