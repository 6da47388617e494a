import { useText } from '../i18n';
import { useProject } from '../session';
import { NetworkSummary } from './NetworkSummary';
import { NodeInspector } from './NodeInspector';
import { SelectionSummary } from './SelectionSummary';
import styles from './Inspector.module.css';

/** The right panel: the selected node, the selected nodes together, or the network. */
export function Inspector() {
  const { t } = useText('inspector');
  const selection = useProject((state) => state.selection);
  const document = useProject((state) => state.document);
  const ids = [...selection];
  const [only] = ids;
  const node = ids.length === 1 ? document.nodes.find((one) => one.id === only) : undefined;
  return (
    <aside className={styles['inspector']} aria-label={t.inspector}>
      {node !== undefined ? (
        <NodeInspector node={node} />
      ) : ids.length > 1 ? (
        <SelectionSummary ids={ids} />
      ) : (
        <NetworkSummary />
      )}
    </aside>
  );
}
