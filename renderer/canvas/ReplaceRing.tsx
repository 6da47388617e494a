import { ViewportPortal } from 'reactflow';
import { findLayer } from '../../shared/layers';
import { titleOfChoice } from '../../shared/layers/names';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { flowOf } from './flow';
import { nodeHeight, nodeWidth, shownInputs, wiredPorts } from './geometry';
import { useLayerDrag, useWireDrop } from './layerDrag';
import styles from './ReplaceRing.module.css';

/** Around the node that the layer in the hand would replace, and says so. */
export function ReplaceRing() {
  const session = useSession();
  const { t, pick } = useText('building');
  const id = useWireDrop(({ sessionId, nodeId }) => (sessionId === session.id ? nodeId : null));
  const drag = useLayerDrag((state) => state.drag);
  const document = useProject((state) => state.document);
  const place = id === null ? undefined : flowOf(session).shownPlace(id);
  const node = document.nodes.find((one) => one.id === id);
  const definition = drag ? findLayer(drag.kind) : undefined;
  if (!place || !node || !drag || !definition) return null;
  const height = nodeHeight(shownInputs(document, node, wiredPorts(document).get(node.id) ?? 0));
  return (
    <ViewportPortal>
      <div
        className={styles['ring']}
        style={{ width: nodeWidth, height, transform: `translate(${place.x}px, ${place.y}px)` }}
      >
        <span role="status">
          {fill(t.replaceHere, { layer: pick(titleOfChoice({ definition, params: drag.params })) })}
        </span>
      </div>
    </ViewportPortal>
  );
}
