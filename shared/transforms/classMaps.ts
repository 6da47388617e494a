import { transformNoTrunk, transformNotReady } from '../diagnostics/catalog/transforms';
import { failure, type Result } from '../diagnostics/diagnostic';
import { freshNodeId } from '../document/ids';
import type { RawParams } from '../layers/define';
import type { NetworkNode, Position } from '../schema/document';
import type { Edit } from '../schema/edits';
import { commonParams, commonParamsOfNew } from './fcConv';
import {
  between,
  flattens,
  headTitles,
  isMap,
  moveTail,
  nextInRow,
  nodeById,
  placesFor,
  roleOf,
  type HeadContext,
} from './headParts';
import { planTransform, type TransformPlan } from './plan';

/** Whether a mean over positions stands directly in front of the classifier or, with class maps, behind it: both give the same scores. */
function isMeanOfLinear({ document, analysis, head }: HeadContext): boolean {
  const params = (id: string): RawParams => analysis.nodes.get(id)?.params ?? {};
  const pools = head.nodes.filter((id) => analysis.nodes.get(id)?.definition?.traits.role === 'globalPooling');
  const [pool] = pools;
  if (pool === undefined || pools.length !== 1 || params(pool)['mode'] !== 'avg' || head.layers.length !== 1)
    return false;
  const { activation, strides = 1, padding = 'valid' } = params(head.classifier);
  const isPlain = activation === 'linear' && ['1', '[1,1]'].includes(JSON.stringify(strides));
  const isUnpadded = padding === 'valid' || padding === 'same' || padding === 0;
  return (
    isPlain &&
    isUnpadded &&
    document.edges.some(({ from, to }) =>
      head.kind === 'convGap' ? from === head.classifier && to === pool : from === pool && to === head.classifier,
    )
  );
}

/** One map per class by a 1×1 conv, and the mean of each as the score. */
export function toConvGap(context: HeadContext): Result<TransformPlan> {
  const { document, analysis, head } = context;
  if (!isMap(context)) return failure(transformNoTrunk(head.trunkEnd));
  const equivalent = isMeanOfLinear(context);
  const removed = between(head);
  const trailing = flattens(context).filter((id) => !removed.includes(id));
  const classifier = nodeById(document, head.classifier);
  const common = (equivalent ? commonParams : commonParamsOfNew)(classifier?.params ?? {});
  const laid = placesFor(context, 0);
  const place = classifier?.position;
  const shift = laid?.shift ?? { x: 0, y: 0 };
  const pool: NetworkNode = {
    id: freshNodeId(document, 'gap'),
    kind: 'gap',
    params: {},
    ...(place === undefined ? {} : { position: { x: place.x + shift.x + nextInRow, y: place.y + shift.y } }),
  };
  const wire = { from: head.trunkEnd, to: head.classifier };
  const edits: readonly Edit[] = [
    removed.length > 0 ? { type: 'removeNodes', ids: removed } : { type: 'disconnect', edge: wire },
    ...(trailing.length > 0 ? [{ type: 'removeNodes', ids: trailing, heal: true } as const] : []),
    {
      type: 'setKind',
      id: head.classifier,
      kind: 'conv',
      params: { filters: head.classCount, kernelSize: 1, ...common },
    },
    ...(laid === null ? [] : moveTail(context, shift, nextInRow)),
    { type: 'connect', edge: wire },
    { type: 'insertAfter', after: head.classifier, node: pool },
  ];
  return planTransform(document, analysis, edits, headTitles.convGap, { equivalent });
}

/** The mean of each map in front of the layer to the classes, which is dense then. */
export function classMapsToGap(context: HeadContext): Result<TransformPlan> {
  const { document, analysis, head } = context;
  const classifier = nodeById(document, head.classifier);
  const pool = head.nodes.find((id) => roleOf(context, id) === 'globalPooling');
  const pooling = pool === undefined ? undefined : nodeById(document, pool);
  const wire = document.edges.find((edge) => edge.to === head.classifier);
  if (classifier === undefined || pooling === undefined || wire === undefined) {
    return failure(transformNotReady(head.classifier));
  }
  const equivalent = isMeanOfLinear(context);
  const common = (equivalent ? commonParams : commonParamsOfNew)(classifier.params);
  const row = head.nodes.slice(0, head.nodes.indexOf(pooling.id) + 1);
  const places = row.map((id) => nodeById(document, id)?.position);
  const positions: Record<string, Position> = {};
  for (const [index, id] of row.slice(0, -1).entries()) {
    const place = places[index + 1];
    if (place !== undefined) positions[id] = place;
  }
  const [first] = places;
  const flat = flattens(context);
  const edits: readonly Edit[] = [
    { type: 'removeNodes', ids: [pooling.id, ...flat], heal: true },
    {
      type: 'setKind',
      id: classifier.id,
      kind: 'fc',
      params: { units: head.classCount, ...common },
    },
    {
      type: 'insertOnEdge',
      edge: wire,
      node: { ...pooling, ...(first === undefined ? {} : { position: first }) },
    },
    ...(Object.keys(positions).length > 0 ? [{ type: 'moveNodes', positions } as const] : []),
  ];
  return planTransform(document, analysis, edits, headTitles.gap, { equivalent });
}
