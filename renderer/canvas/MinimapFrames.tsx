import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useStoreApi } from 'reactflow';
import { areaOfFrame } from '../../shared/layout/frames';
import { useProject } from '../session';
import { familyColour } from '../ui/LayerGlyph';
import { useFlow } from './flow';
import { areaIn } from './frames';
import styles from './Frames.module.css';

/** The frames of the canvas in its minimap, which knows nodes alone, but draws in the places of the canvas. */
export function MinimapFrames() {
  const store = useStoreApi();
  const frames = useProject(({ document }) => document.frames);
  const room = useFlow((state) => state.room);
  const [map, setMap] = useState<Element | null>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      setMap(store.getState().domNode?.querySelector('.react-flow__minimap-svg') ?? null);
    });
    return () => cancelAnimationFrame(frame);
  }, [store]);
  if (map === null || frames === undefined) return null;
  return createPortal(
    frames.map((frame) => (
      <rect
        key={frame.id}
        {...areaIn(room.toShown, areaOfFrame(frame))}
        className={styles['mapped']}
        stroke={frame.color === undefined ? 'var(--mute)' : familyColour(frame.color)}
        rx={12}
      />
    )),
    map,
  );
}
