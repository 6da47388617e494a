import { actionOf, keysOf } from '../actions';
import { useText } from '../i18n';
import { Tooltip } from '../ui/Tooltip';
import { showVolumes, useShowsVolumes } from './networkView';
import styles from './Volumes.module.css';

/** The two ways to see the network, one of which is chosen. */
export function ViewSwitch() {
  const { t } = useText('volumes');
  const showsVolumes = useShowsVolumes();
  const views = [
    { isVolumes: false, label: t.graphView },
    { isVolumes: true, label: t.volumesView },
  ];
  return (
    <div role="group" aria-label={t.views} className={styles['switch']}>
      {views.map(({ isVolumes, label }) => (
        <Tooltip key={label} text={t.toggleVolumes} side="top" {...keysOf(actionOf('volumes'))}>
          <button type="button" aria-pressed={isVolumes === showsVolumes} onClick={() => showVolumes(isVolumes)}>
            {label}
          </button>
        </Tooltip>
      ))}
    </div>
  );
}

/** The same in the corner of the canvas. */
export function CanvasViewSwitch() {
  return (
    <div className={styles['onCanvas']}>
      <ViewSwitch />
    </div>
  );
}
