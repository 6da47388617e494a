import type { Diagnostic } from '../../diagnostics/diagnostic';
import { canConnect, edgePort, freePort } from '../../editing/connect';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { freshNodeId } from '../../document/ids';
import { guessLayer, paramsOfChoice } from '../../layers/names';
import { defaultParams } from '../../layers/params';
import { isMerge } from '../../layers/traits';
import { nearestWord } from '../../nearest';
import { text } from '../../text';
import type { Candidate, FixContext } from './context';

/** Mends for findings about ids, kinds and wires. */
export function wiringCandidates(context: FixContext, diagnostic: Diagnostic): readonly Candidate[] {
  const { nodeId, port = 0 } = diagnostic.at;
  switch (diagnostic.code) {
    case 'graph/duplicate-id':
      return renameDuplicate(context, diagnostic);
    case 'graph/dangling-edge':
      return mendDangling(context, diagnostic);
    case 'graph/missing-input':
      return nodeId === undefined ? [] : wireInput(context, nodeId, port);
    case 'graph/no-such-port':
      return nodeId === undefined ? [] : movePort(context, nodeId, port);
    case 'graph/port-taken':
      return nodeId === undefined ? [] : untanglePort(context, nodeId, port);
    case 'graph/cycle':
      return cutCycle(context, diagnostic.related ?? []);
    case 'layers/unknown-kind':
      return nodeId === undefined ? [] : changeKind(context, nodeId);
    default:
      return [];
  }
}

/** `nodes[3].id` or `edges[0].from` gives the index. */
function indexIn(path: string | undefined): number {
  return Number(/\[(\d+)\]/.exec(path ?? '')?.[1] ?? -1);
}

function renameDuplicate({ source: document }: FixContext, { at }: Diagnostic): readonly Candidate[] {
  const index = indexIn(at.path);
  const node = document.nodes[index];
  if (node === undefined) return [];
  const id = freshNodeId(document, node.kind);
  const renamed = { ...document, nodes: document.nodes.with(index, { ...node, id }) };
  return [
    {
      title: text(`Rename the second one to “${id}”`, `将第二个改名为“${id}”`),
      edits: [{ type: 'replaceDocument', document: renamed }],
    },
    {
      title: text('Remove the second one', '移除第二个'),
      edits: [{ type: 'replaceDocument', document: { ...document, nodes: document.nodes.toSpliced(index, 1) } }],
    },
  ];
}

function mendDangling({ source: document }: FixContext, { at }: Diagnostic): readonly Candidate[] {
  const edge = document.edges[indexIn(at.path)];
  if (edge === undefined) return [];
  const ids = document.nodes.map(({ id }) => id);
  const end = at.path?.endsWith('.from') === true ? 'from' : 'to';
  const nearest = nearestWord(edge[end], ids);
  const candidates: Candidate[] = [];
  if (nearest !== null) {
    candidates.push({
      title: text(`Wire it to “${nearest}”`, `改接到“${nearest}”`),
      edits: [
        { type: 'disconnect', edge },
        { type: 'connect', edge: { ...edge, [end]: nearest } },
      ],
    });
  }
  if (end === 'from') {
    for (const source of looseOutputs(document, edge.to)) {
      candidates.push({
        title: text(`Wire “${source}” in instead`, `改由“${source}”接入`),
        edits: [
          { type: 'disconnect', edge },
          { type: 'connect', edge: { ...edge, from: source } },
        ],
      });
    }
  }
  candidates.push({ title: text('Remove the wire', '移除这条连线'), edits: [{ type: 'disconnect', edge }] });
  return candidates;
}

/** Nodes that nothing consumes yet, the latest drawn first. */
function looseOutputs(document: NetworkDocument, except: string): readonly string[] {
  const consumed = new Set(document.edges.map(({ from }) => from));
  return document.nodes
    .filter(({ id }) => id !== except && !consumed.has(id))
    .map(({ id }) => id)
    .toReversed()
    .slice(0, 3);
}

/** Inputs that are tried as the source of a missing wire: with more of them, the first are as good as any. */
const mostInputs = 4;

function wireInput(context: FixContext, nodeId: string, port: number): readonly Candidate[] {
  const { source: document } = context;
  const wire = (from: string): NetworkEdge => (port === 0 ? { from, to: nodeId } : { from, to: nodeId, toPort: port });
  const sources = new Set([...looseOutputs(document, nodeId), ...context.analysis.inputs.slice(0, mostInputs)]);
  const candidates: Candidate[] = [];
  for (const from of sources) {
    if (!canConnect(document, wire(from), undefined, context.analysis.layers).ok) continue;
    candidates.push({
      title: text(`Wire “${from}” into it`, `接入“${from}”`),
      edits: [{ type: 'connect', edge: wire(from) }],
    });
  }
  const input = newNode(context, 'input');
  const add: Candidate = {
    title: text('Add an Input and wire it', '添加输入节点并连线'),
    edits: [
      { type: 'addNode', node: input },
      { type: 'connect', edge: wire(input.id) },
    ],
  };
  return context.analysis.inputs.length === 0 ? [add, ...candidates] : [...candidates, add];
}

function newNode({ source: document, analysis }: FixContext, kind: string): NetworkNode {
  const definition = analysis.layers.find(kind);
  return { id: freshNodeId(document, kind), kind, params: definition ? defaultParams(definition) : {} };
}

function movePort({ source: document, analysis }: FixContext, nodeId: string, port: number): readonly Candidate[] {
  const edge = document.edges.find((other) => other.to === nodeId && edgePort(other) === port);
  if (edge === undefined) return [];
  const free = freePort(document, nodeId, analysis.layers);
  const remove: Candidate = { title: text('Remove the wire', '移除这条连线'), edits: [{ type: 'disconnect', edge }] };
  if (free === null) return [remove];
  return [
    {
      title: text(`Wire it to input ${free + 1}`, `改接到输入口 ${free + 1}`),
      edits: [
        { type: 'disconnect', edge },
        { type: 'connect', edge: { ...edge, toPort: free } },
      ],
    },
    remove,
  ];
}

function untanglePort(context: FixContext, nodeId: string, port: number): readonly Candidate[] {
  const { source: document, analysis } = context;
  const edges = document.edges.filter((edge) => edge.to === nodeId && edgePort(edge) === port);
  if (edges.length > mostUntangled) return [keepFirst(document, edges)];
  const definition = analysis.layers.find(document.nodes.find(({ id }) => id === nodeId)?.kind ?? '');
  const candidates: Candidate[] = [];
  if (isMerge(definition)) {
    const edits: Edit[] = edges.map((edge) => ({ type: 'disconnect', edge }));
    const used = new Set(document.edges.filter((edge) => edge.to === nodeId).map(edgePort));
    for (const [index, edge] of edges.entries()) {
      let to = port;
      while (index > 0 && used.has(to)) to++;
      used.add(to);
      edits.push({ type: 'connect', edge: { ...edge, toPort: to } });
    }
    candidates.push({ title: text('Give each wire its own input', '让每条连线各占一个输入口'), edits });
  }
  for (const kind of ['add', 'concat']) {
    const node = newNode(context, kind);
    const label = analysis.layers.find(kind)?.label ?? text(kind, kind);
    candidates.push({
      title: text(`Bring them together with ${label.en}`, `用 ${label.zh} 汇合`),
      edits: [
        ...edges.map((edge): Edit => ({ type: 'disconnect', edge })),
        { type: 'addNode', node },
        ...edges.map(({ from }, toPort): Edit => ({ type: 'connect', edge: { from, to: node.id, toPort } })),
        {
          type: 'connect',
          edge: port === 0 ? { from: node.id, to: nodeId } : { from: node.id, to: nodeId, toPort: port },
        },
      ],
    });
  }
  for (const kept of edges) {
    candidates.push({
      title: text(`Keep only the wire from “${kept.from}”`, `只保留来自“${kept.from}”的连线`),
      edits: edges.filter((edge) => edge !== kept).map((edge) => ({ type: 'disconnect', edge })),
    });
  }
  return candidates;
}

/** More wires in one port than this are no drawing but a broken file, and untangling them one by one takes their square. */
const mostUntangled = 16;

function keepFirst(document: NetworkDocument, wires: readonly NetworkEdge[]): Candidate {
  const [first, ...others] = wires;
  const dropped = new Set(others);
  const edges = document.edges.filter((edge) => !dropped.has(edge));
  const from = first?.from ?? '';
  return {
    title: text(`Keep only the first wire, from “${from}”`, `只保留来自“${from}”的第一条连线`),
    edits: [{ type: 'replaceDocument', document: { ...document, edges } }],
  };
}

/** A large circle has many wires to cut; the likeliest are tried. */
const maxCuts = 8;

function cutCycle({ source: document }: FixContext, nodes: readonly string[]): readonly Candidate[] {
  const place = new Map(document.nodes.map(({ id }, index) => [id, index]));
  const edges = nodes.flatMap((from, index) => {
    const to = nodes[(index + 1) % nodes.length];
    return document.edges.filter((edge) => edge.from === from && edge.to === to).slice(0, 1);
  });
  // The wire that runs against the order of drawing is most likely the slip.
  const backwards = (edge: NetworkEdge): number => ((place.get(edge.from) ?? 0) > (place.get(edge.to) ?? 0) ? 0 : 1);
  return edges
    .toSorted((a, b) => backwards(a) - backwards(b))
    .slice(0, maxCuts)
    .map((edge) => ({
      title: text(`Remove the wire from “${edge.from}” to “${edge.to}”`, `移除从“${edge.from}”到“${edge.to}”的连线`),
      edits: [{ type: 'disconnect', edge }],
    }));
}

function changeKind({ source: document, analysis }: FixContext, nodeId: string): readonly Candidate[] {
  const node = document.nodes.find(({ id }) => id === nodeId);
  if (node === undefined) return [];
  const choice = guessLayer(node.kind, analysis.layers);
  if (choice === null) return [];
  const { definition } = choice;
  const change = (params: NetworkNode['params'], title: Candidate['title']): Candidate => ({
    title,
    edits: [{ type: 'setKind', id: nodeId, kind: definition.kind, params }],
  });
  return [
    change({ ...node.params, ...choice.params }, text(`Make it ${definition.label.en}`, `改为${definition.label.zh}`)),
    change(
      paramsOfChoice(choice),
      text(`Make it ${definition.label.en}, with default params`, `改为${definition.label.zh}，参数取默认值`),
    ),
  ];
}
