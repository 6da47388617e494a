import { createRoot } from 'react-dom/client';
import type { Edge, Node } from 'reactflow';
import { useState } from 'react';
import { ReactFlow, useEdgesState, useNodesState } from 'reactflow';
import 'reactflow/dist/style.css';

/**
 * The floor of the benchmark: the same number of nodes at the same places in React Flow as it comes, with its own nodes and wires and
 * nothing of Convloom. What the app takes beyond this is the app's; what this takes, an app on React Flow cannot go below.
 */
type Network = { readonly nodes: Node[]; readonly edges: Edge[] };

function Flow({ network }: { readonly network: Network }) {
  const [nodes, , onNodesChange] = useNodesState(network.nodes);
  const [edges, , onEdgesChange] = useEdgesState(network.edges);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      fitView
      fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
      minZoom={0.08}
      panOnScroll
    />
  );
}

function Floor() {
  const [network, setNetwork] = useState<Network | null>(null);
  const open = async (): Promise<void> => {
    const answer = await fetch('./network.json');
    // Written by the benchmark for this page.
    setNetwork((await answer.json()) as Network);
  };
  return (
    <div style={{ position: 'fixed', inset: 0 }}>
      {network === null ? (
        <button type="button" onClick={() => void open()}>
          Open
        </button>
      ) : (
        <Flow network={network} />
      )}
    </div>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root element.');
createRoot(root).render(<Floor />);
