import { Expand, Map as MapIcon, Maximize2, Minimize2, Minus, Plus } from 'lucide-react';
import { useStore } from 'reactflow';
import { useText } from '../i18n';
import { toggleCanvasAlone, useUi } from '../store/ui';
import { IconButton } from '../ui/IconButton';
import { fitNetwork, zoomIn, zoomOut } from './view';
import styles from './ViewControls.module.css';

type ViewControlsProps = { readonly hasMinimap: boolean; readonly onToggleMinimap: () => void };

/** Zoom, fit, overview, and the canvas by itself. */
export function ViewControls({ hasMinimap, onToggleMinimap }: ViewControlsProps) {
  const { t } = useText('canvas');
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const isAlone = useUi((state) => state.isCanvasAlone);
  return (
    <div role="toolbar" aria-label={t.view} className={styles['controls']}>
      <IconButton size="sm" side="top" label={t.zoomOut} keys="Mod+-" icon={<Minus size={15} />} onClick={zoomOut} />
      <span className={`${styles['percent'] ?? ''} figures`}>{percent} %</span>
      <IconButton size="sm" side="top" label={t.zoomIn} keys="Mod+=" icon={<Plus size={15} />} onClick={zoomIn} />
      <IconButton size="sm" side="top" label={t.fitView} keys="0" icon={<Expand size={15} />} onClick={fitNetwork} />
      <IconButton
        size="sm"
        side="top"
        label={t.minimap}
        icon={<MapIcon size={15} />}
        isPressed={hasMinimap}
        onClick={onToggleMinimap}
      />
      <IconButton
        size="sm"
        side="top"
        label={isAlone ? t.restore : t.maximise}
        keys="M"
        icon={isAlone ? <Minimize2 size={15} /> : <Maximize2 size={15} />}
        onClick={toggleCanvasAlone}
      />
    </div>
  );
}
