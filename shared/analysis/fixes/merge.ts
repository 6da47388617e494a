import type { Diagnostic } from '../../diagnostics/diagnostic';
import { applyEdits } from '../../editing/applyEdits';
import { edgePort } from '../../editing/connect';
import type { NetworkEdge, NetworkNode } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { freshNodeId } from '../../document/ids';
import type { Shape } from '../../layers/define';
import { hasParam } from '../../layers/traits';
import { text, type Text } from '../../text';
import { solveOutputPadding } from '../outputPadding';
import type { NodeAnalysis } from '../types';
import type { Candidate, FixContext } from './context';
import { inputSizeCandidates, nodesBefore, padInputCandidates, set } from './size';

/** One input of a merge. */
type Branch = { readonly edge: NetworkEdge; readonly shape: Shape };

/** Mends for branches that do not meet at an Add or Concat. */
export function mergeCandidates(context: FixContext, diagnostic: Diagnostic): readonly Candidate[] {
  const node = context.analysis.nodes.get(diagnostic.at.nodeId ?? '');
  if (node === undefined) return [];
  const branches = branchesOf(context, node.id);
  switch (diagnostic.code) {
    case 'layers/add-mismatch':
      return isSameSize(branches)
        ? matchChannels(context, node, branches)
        : [...matchSizes(context, node, branches), ...matchBoth(context, node, branches)];
    case 'layers/concat-mismatch':
      return matchSizes(context, node, branches);
    case 'layers/merge-rank-mismatch':
      return matchRanks(context, branches);
    case 'layers/merge-needs-two':
      return [
        {
          title: text(`Take “${node.id}” out`, `去掉“${node.id}”`),
          edits: [{ type: 'removeNodes', ids: [node.id], heal: true }],
        },
      ];
    default:
      return [];
  }
}

function stackTitle({ definition }: NodeAnalysis): Text {
  return text(`Concat instead of ${definition?.label.en ?? 'Add'}`, '改用拼接');
}

function branchesOf({ document, analysis }: FixContext, nodeId: string): readonly Branch[] {
  return document.edges
    .filter(({ to }) => to === nodeId)
    .toSorted((a, b) => edgePort(a) - edgePort(b))
    .flatMap((edge) => {
      const shape = analysis.nodes.get(edge.from)?.outputShape;
      return shape == null ? [] : [{ edge, shape }];
    });
}

function isSameSize([first, ...others]: readonly Branch[]): boolean {
  return others.every(({ shape }) => shape[0] === first?.shape[0] && shape[1] === first?.shape[1]);
}

function matchChannels(context: FixContext, node: NodeAnalysis, branches: readonly Branch[]): readonly Candidate[] {
  const channels = branches.map(({ shape }) => shape.at(-1) ?? 0);
  const isMap = branches.every(({ shape }) => shape.length === 3);
  const candidates: Candidate[] = [];
  if (isMap) {
    for (const target of new Set([channels[0] ?? 0, ...channels])) {
      const edits = projectTo(context, branches, target);
      if (edits.length === 0) continue;
      candidates.push({
        title: text(`1×1 conv to ${target} channels`, `用 1×1 卷积变为 ${target} 个通道`),
        edits,
      });
    }
  }
  const stack: Candidate = {
    title: stackTitle(node),
    edits: [{ type: 'setKind', id: node.id, kind: 'concat', params: {} }],
  };
  return [...candidates.slice(0, 2), stack];
}

/** A 1×1 conv on every branch whose channels are not `target`. */
function projectTo(context: FixContext, branches: readonly Branch[], target: number): Edit[] {
  const taken = new Set<string>();
  return branches.flatMap(({ edge, shape }): Edit[] => {
    if (shape.at(-1) === target) return [];
    return [{ type: 'insertOnEdge', edge, node: fresh(context, taken, 'conv', { filters: target, kernelSize: 1 }) }];
  });
}

function fresh(context: FixContext, taken: Set<string>, kind: string, params: NetworkNode['params']): NetworkNode {
  const id = freshNodeId(context.document, kind, taken);
  taken.add(id);
  return { id, kind, params };
}

function matchSizes(context: FixContext, node: NodeAnalysis, branches: readonly Branch[]): readonly Candidate[] {
  const candidates = [...matchByOutputPadding(context, branches)];
  const crop = cropEdits(context, branches);
  if (crop !== null) {
    candidates.push({
      title: text('Crop the larger branch to the smaller', '把较大的支路裁到与较小的一致'),
      edits: crop,
    });
  }
  const lossless = inputSizeCandidates(context, node.id, 2, 'lossless');
  candidates.push(...(lossless.length > 0 ? lossless : inputSizeCandidates(context, node.id, 2)));
  if (crop !== null) candidates.push(...cropEverySkip(context, crop));
  candidates.push(...padInputCandidates(context, node.id, 'lossless'));
  const pad = padEdits(context, branches);
  if (pad !== null)
    candidates.push({ title: text('Pad the smaller branch with zeros', '给较小的支路补零'), edits: pad });
  candidates.push(...matchBySamePadding(context, node));
  return candidates;
}

/** Crop to the smallest, and 1×1 convs to the first branch's channels. */
function matchBoth(context: FixContext, node: NodeAnalysis, branches: readonly Branch[]): readonly Candidate[] {
  const crop = cropEdits(context, branches);
  const target = branches[0]?.shape.at(-1);
  if (crop === null || target == null || branches.every(({ shape }) => shape.at(-1) === target)) return [];
  const project = branches.flatMap(({ edge, shape }, index): Edit[] => {
    if (shape.at(-1) === target) return [];
    const id = freshNodeId(context.document, `conv-${index}-`);
    return [{ type: 'insertOnEdge', edge, node: { id, kind: 'conv', params: { filters: target, kernelSize: 1 } } }];
  });
  return [
    {
      title: text(`1×1 conv to ${target} channels, then crop`, `先用 1×1 卷积变为 ${target} 个通道，再裁剪`),
      edits: [...project, ...(cropEdits(context, branches, project) ?? crop)],
    },
    {
      title: text(`Crop, and ${stackTitle(node).en}`, '裁剪，并改用拼接'),
      edits: [...crop, { type: 'setKind', id: node.id, kind: 'concat', params: {} }],
    },
  ];
}

/** Crops every larger branch to the smallest one. `project` may have put a node into a branch's wire before. */
function cropEdits(context: FixContext, branches: readonly Branch[], project: readonly Edit[] = []): Edit[] | null {
  if (branches.length < 2 || branches.some(({ shape }) => shape.length !== 3 || shape.includes(null))) return null;
  const smallest = branches.toSorted((a, b) => areaOf(a) - areaOf(b))[0];
  if (smallest === undefined) return null;
  const inserted = new Map(
    project.flatMap((edit) => (edit.type === 'insertOnEdge' ? [[edit.edge, edit.node.id] as const] : [])),
  );
  const taken = new Set<string>();
  const edits = branches.flatMap((branch): Edit[] => {
    const [height, width] = branch.shape;
    if (height === smallest.shape[0] && width === smallest.shape[1]) return [];
    const node = fresh(context, taken, 'crop', {});
    const from = inserted.get(branch.edge) ?? branch.edge.from;
    return [
      { type: 'insertOnEdge', edge: { ...branch.edge, from }, node },
      { type: 'connect', edge: { from: smallest.edge.from, to: node.id, toPort: 1 } },
    ];
  });
  return edits.length === 0 ? null : edits;
}

/** No network has more scales than this, and each costs an analysis. */
const mostSkips = 12;

/** Where cropping one skip lets the next one up fail, all of them are cropped, from the innermost out. */
function cropEverySkip(context: FixContext, first: readonly Edit[]): readonly Candidate[] {
  const edits = [...first];
  for (let count = 1; count < mostSkips; count++) {
    const changed = applyEdits(context.document, edits, context.analysis.layers);
    if (!changed.ok) return [];
    const analysis = context.analyze(changed.value);
    const next = analysis.diagnostics.find(
      ({ code }) => code === 'layers/add-mismatch' || code === 'layers/concat-mismatch',
    );
    if (next?.at.nodeId === undefined) {
      if (count === 1) return [];
      const title = text(`Crop all ${count} skips to their branches`, `裁剪全部 ${count} 条跳跃连接`);
      return [{ title, edits }];
    }
    const there = { ...context, document: changed.value, analysis };
    const more = cropEdits(there, branchesOf(there, next.at.nodeId));
    if (more === null) return [];
    edits.push(...more);
  }
  return [];
}

function areaOf({ shape }: Branch): number {
  return (shape[0] ?? 0) * (shape[1] ?? 0);
}

function padEdits(context: FixContext, branches: readonly Branch[]): Edit[] | null {
  if (branches.some(({ shape }) => shape.length !== 3 || shape.includes(null))) return null;
  const height = Math.max(...branches.map(({ shape }) => shape[0] ?? 0));
  const width = Math.max(...branches.map(({ shape }) => shape[1] ?? 0));
  const taken = new Set<string>();
  const edits = branches.flatMap(({ edge, shape }): Edit[] => {
    const [rows, columns] = [height - (shape[0] ?? 0), width - (shape[1] ?? 0)];
    if (rows === 0 && columns === 0) return [];
    const params = {
      top: Math.floor(rows / 2),
      bottom: Math.ceil(rows / 2),
      left: Math.floor(columns / 2),
      right: Math.ceil(columns / 2),
    };
    return [{ type: 'insertOnEdge', edge, node: fresh(context, taken, 'pad', params) }];
  });
  return edits.length === 0 ? null : edits;
}

/** The up-conv of the smaller branch can give one row more: that is what outputPadding is for. */
function matchByOutputPadding(context: FixContext, branches: readonly Branch[]): readonly Candidate[] {
  const height = Math.max(...branches.map(({ shape }) => shape[0] ?? 0));
  const width = Math.max(...branches.map(({ shape }) => shape[1] ?? 0));
  const candidates: Candidate[] = [];
  for (const { edge, shape } of branches) {
    if (shape[0] === height && shape[1] === width) continue;
    const source = context.analysis.nodes.get(edge.from);
    const upconv = [...(source ? [source] : []), ...nodesBefore(context, edge.from)].find(({ definition }) =>
      hasParam(definition, 'outputPadding'),
    );
    if (upconv === undefined) continue;
    const wanted = [
      (upconv.outputShape?.[0] ?? 0) + height - (shape[0] ?? 0),
      (upconv.outputShape?.[1] ?? 0) + width - (shape[1] ?? 0),
    ] as const;
    const solved = solveOutputPadding(upconv, wanted);
    if (solved === null) continue;
    candidates.push(
      set(
        upconv.id,
        text(
          `outputPadding ${sizeText(solved)} in “${upconv.id}”`,
          `“${upconv.id}”的 outputPadding 设为 ${sizeText(solved)}`,
        ),
        { outputPadding: solved[0] === solved[1] ? solved[0] : [...solved] },
      ),
    );
  }
  return candidates;
}

function sizeText([height, width]: readonly [number, number]): string {
  return height === width ? String(height) : `${height}×${width}`;
}

/** Same padding in every conv before the merge, so that nothing but the pools changes the size. */
function matchBySamePadding(context: FixContext, node: NodeAnalysis): readonly Candidate[] {
  const convs = [...context.analysis.nodes.values()].filter(
    ({ definition, params }) =>
      definition?.traits.role === 'convolution' && params !== null && params['padding'] !== 'same',
  );
  if (convs.length === 0 || convs.length > 200) return [];
  const edits = convs.map(({ id }): Edit => ({ type: 'setParams', id, params: { padding: 'same' } }));
  return [
    { title: text(`Same padding in all convs before “${node.id}”`, `“${node.id}”之前的卷积都改用 same 填充`), edits },
  ];
}

function matchRanks(context: FixContext, branches: readonly Branch[]): readonly Candidate[] {
  const taken = new Set<string>();
  const edits = (kind: 'gap' | 'flatten'): Edit[] =>
    branches.flatMap(({ edge, shape }): Edit[] =>
      shape.length === 3 ? [{ type: 'insertOnEdge', edge, node: fresh(context, taken, kind, {}) }] : [],
    );
  return [
    { title: text('Insert a GAP into the map’s branch', '在特征图支路上插入全局池化'), edits: edits('gap') },
    { title: text('Flatten the map’s branch', '展平特征图支路'), edits: edits('flatten') },
  ];
}
