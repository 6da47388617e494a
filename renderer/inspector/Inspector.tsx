import { useFrameState } from '../canvas/frameStore';
import { useText } from '../i18n';
import { useLevel, useProject } from '../session';
import { FrameInspector } from './FrameInspector';
import { BlockSummary } from './BlockSummary';
import { NetworkSummary } from './NetworkSummary';
import { NodeInspector } from './NodeInspector';
import { SelectionSummary } from './SelectionSummary';
import styles from './Inspector.module.css';

/** What is on the canvas as a whole: the network, or the block that was gone into. */
function Summary() {
  const { block } = useLevel();
  return block === null ? <NetworkSummary /> : <BlockSummary key={block} block={block} />;
}

/** The right panel: the selected node, the selected nodes together, or the network. */
export function Inspector() {
  const { t } = useText('inspector');
  const selection = useProject((state) => state.selection);
  const document = useProject((state) => state.document);
  const frames = useFrameState(({ selected }) => selected);
  const ids = [...selection];
  const [only] = ids;
  const node = ids.length === 1 ? document.nodes.find((one) => one.id === only) : undefined;
  const frame = ids.length === 0 && frames.size === 1 ? document.frames?.find(({ id }) => frames.has(id)) : undefined;
  return (
    <aside className={styles['inspector']} aria-label={t.inspector}>
      {node !== undefined ? (
        <NodeInspector node={node} />
      ) : ids.length > 1 ? (
        <SelectionSummary ids={ids} />
      ) : frame !== undefined ? (
        <FrameInspector key={frame.id} frame={frame} />
      ) : (
        <Summary />
      )}
    </aside>
  );
}
