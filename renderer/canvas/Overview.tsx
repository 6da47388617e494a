import { MiniMap, useStore } from 'reactflow';
import { findNode } from '../../shared/analysis/blocks';
import { useText } from '../i18n';
import { useSession } from '../session';
import { familyColour } from '../ui/LayerGlyph';
import type { LayerFlowNode } from './flow';
import { MinimapFrames } from './MinimapFrames';
import styles from './Overview.module.css';

/** A quarter of the canvas is the most that the overview takes of its width, in pixels within bounds. */
const widths = { least: 112, most: 200 } as const;
/** Height by width. */
const proportion = 0.72;

/** The whole network, small, with what of it is in view. */
export function Overview() {
  const { t } = useText('canvas');
  const session = useSession();
  const width = useStore((state) => Math.round(Math.min(widths.most, Math.max(widths.least, state.width / 4))));
  return (
    <>
      <MiniMap<LayerFlowNode>
        className={styles['overview'] ?? ''}
        style={{ width, height: Math.round(width * proportion) }}
        ariaLabel={t.minimap}
        position="bottom-left"
        pannable
        zoomable
        nodeBorderRadius={12}
        nodeColor={(node) => {
          const family = findNode(session.project.getState().analysis, node.id)?.definition?.family;
          return family ? familyColour(family) : 'var(--wire)';
        }}
      />
      <MinimapFrames />
    </>
  );
}
