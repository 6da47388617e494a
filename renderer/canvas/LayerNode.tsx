import { memo } from 'react';
import type { NodeProps } from 'reactflow';
import { BlockFrame } from './BlockFrame';
import { useDetail } from './detail';
import type { LayerFlowNode } from './flow';
import { useFlow } from './flow';
import { LayerCard } from './LayerCard';
import { LayerMark } from './LayerMark';

/** The one node of the canvas, for every kind of layer: a card, or a mark where a card could not be read. */
export const LayerNode = memo(function LayerNode(props: NodeProps<LayerFlowNode>) {
  const isMark = useDetail() === 'mark';
  return isMark ? <LayerMark node={props.data.node} isSelected={props.selected} /> : <ReadableNode {...props} />;
});

/** A card, with its inside where it is open. */
function ReadableNode({ id, data, selected, dragging }: NodeProps<LayerFlowNode>) {
  const frame = useFlow(({ frames }) => frames.get(id));
  const card = { id, data, selected, dragging, isOpen: frame !== undefined };
  return frame === undefined ? (
    <LayerCard {...card} />
  ) : (
    <BlockFrame frame={frame}>
      <LayerCard {...card} />
    </BlockFrame>
  );
}
