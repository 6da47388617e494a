import { ViewportPortal } from 'reactflow';
import { sharingGroup } from '../../shared/analysis/sharedWeights';
import { cardArea } from '../../shared/layout/frames';
import type { Position } from '../../shared/schema/document';
import { useText } from '../i18n';
import { useProject } from '../session';
import styles from './Guides.module.css';
import { useWiring } from './wiring';

/** From the card that is pointed at, or selected alone, a line to each that computes with the same weights. */
export function SharedWeightLines() {
  const { t } = useText('canvas');
  const hovered = useWiring((state) => state.hoverNode);
  const selection = useProject((state) => state.selection);
  const analysis = useProject((state) => state.analysis);
  const nodes = useProject((state) => state.document.nodes);
  const [only] = selection;
  const id = hovered ?? (selection.size === 1 ? only : undefined);
  const group = id === undefined ? [] : sharingGroup(analysis, id);
  if (group.length === 0) return null;
  const feet = new Map(
    nodes.flatMap((node) => {
      if (node.position === undefined || !group.includes(node.id)) return [];
      const { x, y, width, height } = cardArea(node.position);
      return [[node.id, { x: x + width / 2, y: y + height }] as const];
    }),
  );
  const from = feet.get(id ?? '');
  if (from === undefined) return null;
  return (
    <ViewportPortal>
      <svg className={styles['shared']} role="img" aria-label={t.sharedWeights}>
        {[...feet].map(([other, to]) => (other === id ? null : <path key={other} d={sagging(from, to)} />))}
      </svg>
    </ViewportPortal>
  );
}

/** A line from foot to foot, hanging below the cards, where no wire runs. */
function sagging(from: Position, to: Position): string {
  const sag = 36 + Math.hypot(to.x - from.x, to.y - from.y) / 8;
  return `M${from.x} ${from.y}Q${(from.x + to.x) / 2} ${Math.max(from.y, to.y) + sag} ${to.x} ${to.y}`;
}
