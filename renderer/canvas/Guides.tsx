import { ViewportPortal } from 'reactflow';
import styles from './Guides.module.css';
import { useGuides } from './guides';

/** The lines that dragged nodes have snapped to. */
export function Guides() {
  const guides = useGuides();
  if (guides.length === 0) return null;
  return (
    <ViewportPortal>
      <svg className={styles['guides']} aria-hidden="true">
        {guides.map(({ axis, at, from, to }) => (
          <path key={`${axis} ${at}`} d={axis === 'x' ? `M${at} ${from}V${to}` : `M${from} ${at}H${to}`} />
        ))}
      </svg>
    </ViewportPortal>
  );
}
