import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import { transformNoHead, transformNoTrunk, transformNotReady } from '../diagnostics/catalog/transforms';
import { failure, type Result } from '../diagnostics/diagnostic';
import type { NetworkDocument, NetworkNode } from '../schema/document';
import type { Edit } from '../schema/edits';
import { freshNodeId } from '../document/ids';
import type { LayerRole, RawParams } from '../layers/define';
import { isInput } from '../layers/traits';
import { text } from '../text';
import { commonParams, commonParamsOfNew, coveringKernel } from './fcConv';
import { findHead, type Head } from './findHead';
import { planTransform, type TransformPlan } from './plan';

/** How many earlier scales take part: FCN-32s none, FCN-16s one, FCN-8s two (Long, Shelhamer and Darrell, arXiv 1411.4038). */
export type SkipCount = 0 | 1 | 2;

/**
 * Turns a classifier into a network that scores every pixel. Its FC layers become convs with the same weights, padded so that the map
 * keeps its size; the class scores are enlarged by up-convs (kernel 2s, stride s), adding the scores of `skips` earlier scales on the
 * way, and cropped to the input's size. A picture whose map has shrunk too far for that is padded first. With `skips` 0, 1, 2 on a network of total stride 32 these are FCN-32s, 16s and 8s.
 */
export function toFullyConvolutional(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  skips: SkipCount,
  classCount?: number,
): Result<TransformPlan> {
  const found = findHead(document, analysis);
  if (!found.ok) return found;
  const head = found.value;
  const [input] = analysis.inputs;
  const trunk = findNode(analysis, head.trunkEnd);
  if (trunk === undefined || isInput(trunk.definition) || trunk.outputShape?.length !== 3)
    return failure(transformNoTrunk(head.trunkEnd));
  if (input === undefined || analysis.inputs.length !== 1) return failure(transformNoHead(head.classifier));
  const jump = trunk.receptiveField?.jump[0];
  const [height, width] = trunk.outputShape;
  if (jump === undefined || typeof height !== 'number' || typeof width !== 'number') {
    return failure(transformNotReady(head.trunkEnd));
  }
  const scales = skipNodes(document, analysis, head, skips);
  if (scales.length < skips) return failure(transformNoTrunk(head.trunkEnd));
  const classes = classCount ?? head.classCount;
  const names = ['32s', '16s', '8s'] as const;
  const counted = classes === head.classCount ? text('', '') : text(`, ${classes} classes`, `，${classes} 类`);
  const title = text(
    `Make it fully convolutional (FCN-${names[skips]} scheme${counted.en})`,
    `改为全卷积网络（FCN-${names[skips]} 方式${counted.zh}）`,
  );
  const planWith = (border: number): Result<TransformPlan> => {
    const builder = new EditBuilder(document);
    if (border > 0) builder.pad(input, border);
    convolutionizeHead(builder, { document, analysis, head }, [height, width], classes);
    growBack(builder, head, { classes, jump, scales, input });
    return planTransform(document, analysis, builder.edits, title, { equivalent: false });
  };
  const plain = planWith(0);
  if (!plain.ok || !isTooSmall(plain.value.after)) return plain;
  // Convs without padding shrink the map, so that it does not reach back to the picture's edge; FCN pads the picture by 100 for that.
  for (let border = 1; border <= widestBorder; border++) {
    const padded = planWith(border);
    if (padded.ok && padded.value.after.ok) return padded;
  }
  return plain;
}

/** The widest border that is tried around the picture; each one costs an analysis. */
const widestBorder = 100;

function isTooSmall({ diagnostics }: NetworkAnalysis): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 && errors.every(({ code }) => code === 'layers/crop-too-large');
}

/** Collects edits and hands out ids that do not collide with each other. */
class EditBuilder {
  readonly edits: Edit[] = [];
  private growing: NetworkDocument;

  constructor(document: NetworkDocument) {
    this.growing = document;
  }

  /** A border of zeros around the picture, in front of all that reads it so far. */
  pad(input: string, border: number): void {
    const params = { top: border, bottom: border, left: border, right: border };
    const node: NetworkNode = { id: freshNodeId(this.growing, 'pad'), kind: 'pad', params };
    this.growing = { ...this.growing, nodes: [...this.growing.nodes, node] };
    this.edits.push({ type: 'insertAfter', after: input, node });
  }

  /** Adds a node behind its sources, in port order. */
  add(kind: string, params: RawParams, ...sources: readonly string[]): string {
    const id = freshNodeId(this.growing, kind);
    const node: NetworkNode = { id, kind, params };
    this.growing = { ...this.growing, nodes: [...this.growing.nodes, node] };
    this.edits.push({ type: 'addNode', node });
    for (const [toPort, from] of sources.entries()) {
      this.edits.push({ type: 'connect', edge: toPort === 0 ? { from, to: id } : { from, to: id, toPort } });
    }
    return id;
  }
}

/**
 * The last node at each earlier scale, nearest to the head first: what FCN calls pool4 and pool3. A pool ends its scale, so it is the
 * node just before the next downsampling.
 */
function skipNodes(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  head: Head,
  count: number,
): readonly NodeAnalysis[] {
  const found: NodeAnalysis[] = [];
  let current = findNode(analysis, head.trunkEnd);
  let scale = current?.receptiveField?.jump[0] ?? 1;
  while (current !== undefined && found.length < count) {
    const source: string | undefined = document.edges.find((edge) => edge.to === current?.id)?.from;
    current = source === undefined ? undefined : findNode(analysis, source);
    const jump = current?.receptiveField?.jump[0];
    if (current === undefined || jump === undefined || current.outputShape?.length !== 3) continue;
    if (jump < scale) {
      const ended = lastOfScale(document, analysis, current, jump);
      if (!isInput(ended.definition)) found.push(ended);
      scale = jump;
    }
  }
  return found;
}

/** Of a run of layers at one scale the pool that began it, where there is one: FCN scores pools. Else the last layer. */
function lastOfScale(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  node: NodeAnalysis,
  jump: number,
): NodeAnalysis {
  let current: NodeAnalysis | undefined = node;
  while (current?.receptiveField?.jump[0] === jump) {
    if (current.definition?.traits.role === 'pooling') return current;
    const source: string | undefined = document.edges.find((edge) => edge.to === current?.id)?.from;
    current = source === undefined ? undefined : findNode(analysis, source);
  }
  return node;
}

/** The FCs as convs that keep the map's size; flattens, GAP and the final activation go. */
function convolutionizeHead(
  builder: EditBuilder,
  { document, analysis, head }: { document: NetworkDocument; analysis: NetworkAnalysis; head: Head },
  map: readonly [number, number],
  classes: number,
): void {
  const roleOf = (id: string): LayerRole | undefined => analysis.nodes.get(id)?.definition?.traits.role;
  const after = head.nodes.slice(head.nodes.indexOf(head.classifier) + 1);
  const dropped = head.nodes.filter((id) => {
    const role = roleOf(id);
    return role === 'flattening' || role === 'globalPooling' || after.includes(id);
  });
  if (dropped.length > 0) builder.edits.push({ type: 'removeNodes', ids: dropped, heal: true });
  const readsMap = !head.nodes.some((id) => roleOf(id) === 'globalPooling');
  for (const [index, id] of head.layers.entries()) {
    const node = document.nodes.find((one) => one.id === id);
    if (node === undefined) continue;
    const isLast = id === head.classifier;
    builder.edits.push({
      type: 'setKind',
      id,
      kind: 'conv',
      params: {
        filters: isLast ? classes : (node.params['units'] ?? node.params['filters'] ?? null),
        kernelSize: index === 0 && readsMap ? coveringKernel(...map) : 1,
        padding: 'same',
        ...(isLast ? { ...commonParamsOfNew(node.params), activation: 'linear' } : commonParams(node.params)),
      },
    });
  }
}

type Growth = {
  readonly classes: number;
  readonly jump: number;
  readonly scales: readonly NodeAnalysis[];
  readonly input: string;
};

/** Up-convs back to the input's size, with a sum at each earlier scale. */
function growBack(builder: EditBuilder, head: Head, { classes, jump, scales, input }: Growth): void {
  let scores = head.classifier;
  let at = jump;
  const enlarge = (factor: number, like: string): string => {
    const up = builder.add(
      'upconv',
      { filters: classes, kernelSize: 2 * factor, strides: factor, useBias: false },
      scores,
    );
    // (x + 1)·s is never smaller than what x came from, whatever pools dropped; the crop takes the other map's size.
    return builder.add('crop', {}, up, like);
  };
  for (const scale of scales) {
    const next = scale.receptiveField?.jump[0] ?? 1;
    const side = builder.add('conv', { filters: classes, kernelSize: 1 }, scale.id);
    scores = builder.add('add', {}, enlarge(at / next, side), side);
    at = next;
  }
  if (at > 1) enlarge(at, input);
}
