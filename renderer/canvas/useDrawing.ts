import { useLayoutEffect } from 'react';
import { useStoreApi } from 'reactflow';
import { useSession } from '../session';
import type { Detail } from './detail';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { flowOf } from './flow';

const none: readonly WireFlowEdge[] = [];

/** What React Flow is given of the wires: from far they are one drawing, and only the selected ones are its own, so that it can let go of them. */
function ownWires(edges: readonly WireFlowEdge[], detail: Detail): readonly WireFlowEdge[] {
  if (detail !== 'mark') return edges;
  const selected = edges.filter((edge) => edge.selected === true);
  return selected.length === 0 ? none : selected;
}

/**
 * Gives React Flow the nodes and wires of this component's session whenever they change. They go to its store and not through props: those
 * would render the canvas with all that is on it at each step of a drag, to say that one node has moved.
 */
export function useDrawing(detail: Detail): void {
  const flow = flowOf(useSession());
  const reactFlow = useStoreApi<LayerFlowNode, WireFlowEdge>();
  useLayoutEffect(() => {
    let given: { readonly nodes: readonly LayerFlowNode[]; readonly edges: readonly WireFlowEdge[] } | null = null;
    const give = (): void => {
      const { nodes, edges } = flow.store.getState();
      const own = ownWires(edges, detail);
      const { setNodes, setEdges } = reactFlow.getState();
      // React Flow asks for mutable arrays and does not change them.
      if (nodes !== given?.nodes) setNodes(nodes as LayerFlowNode[]);
      if (own !== given?.edges) setEdges(own as WireFlowEdge[]);
      given = { nodes, edges: own };
    };
    give();
    return flow.store.subscribe(give);
  }, [flow, reactFlow, detail]);
}
