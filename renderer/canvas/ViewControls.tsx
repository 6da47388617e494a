import { Map as MapIcon, Maximize2, Minimize2 } from 'lucide-react';
import { useStore } from 'reactflow';
import { actionOf } from '../actions';
import { ActionButton } from '../actions/ActionButton';
import { useText } from '../i18n';
import { useUi } from '../store/ui';
import { IconButton } from '../ui/IconButton';
import { FieldRow, ViewMenu, WireLegend } from './ViewMenu';
import styles from './ViewControls.module.css';

type ViewControlsProps = { readonly hasMinimap: boolean; readonly onToggleMinimap: () => void };

/** Zoom, fit, overview, and the canvas by itself. */
export function ViewControls({ hasMinimap, onToggleMinimap }: ViewControlsProps) {
  const { t } = useText('canvas');
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const isAlone = useUi((state) => state.isCanvasAlone);
  return (
    <div role="toolbar" aria-label={t.view} className={styles['controls']}>
      <ViewMenu>
        <WireLegend />
        <FieldRow />
      </ViewMenu>
      <ActionButton action={actionOf('zoomOut')} size="sm" side="top" />
      <span className={`${styles['percent'] ?? ''} figures`}>{percent} %</span>
      <ActionButton action={actionOf('zoomIn')} size="sm" side="top" />
      <ActionButton action={actionOf('fit')} size="sm" side="top" />
      <IconButton
        size="sm"
        side="top"
        label={t.minimap}
        icon={<MapIcon size={15} />}
        isPressed={hasMinimap}
        onClick={onToggleMinimap}
      />
      <ActionButton
        action={actionOf('alone')}
        size="sm"
        side="top"
        icon={isAlone ? <Minimize2 size={15} /> : <Maximize2 size={15} />}
      />
    </div>
  );
}
