import type { NetworkAnalysis } from '../analysis/types';
import {
  transformKernelTooSmall,
  transformNoTrunk,
  transformNotReady,
  transformStandardized,
  transformWrongKind,
} from '../diagnostics/catalog/transforms';
import { failure, type Result } from '../diagnostics/diagnostic';
import { freshNodeId } from '../document/ids';
import type { Json, NetworkDocument } from '../schema/document';
import type { Edit } from '../schema/edits';
import { formatShape, text } from '../text';
import { coversInput } from './findHead';
import { planTransform, type TransformPlan } from './plan';

type RawParams = { readonly [name: string]: Json };

/** Params that fc and conv have in common, as the document spells them. */
export function commonParams(params: RawParams): RawParams {
  return picked(params, ['useBias', 'activation', 'initializer', 'trainable']);
}

/** Those of them that a layer keeps whose weights begin anew: frozen ones would stay random. */
export function commonParamsOfNew(params: RawParams): RawParams {
  return picked(params, ['useBias', 'activation', 'initializer']);
}

function picked(params: RawParams, names: readonly string[]): RawParams {
  const kept: Record<string, Json> = {};
  for (const name of names) {
    const value = params[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** The kernel that covers a whole map, in the document's shortest spelling. */
export function coveringKernel(height: number, width: number): Json {
  return height === width ? height : [height, width];
}

/**
 * One FC over h×w×c as a conv with an h×w kernel and a flatten behind it. Same outputs, same weights: `[h·w·c, units]` is read as
 * `[h, w, c, units]`.
 */
export function fcToConv(document: NetworkDocument, analysis: NetworkAnalysis, id: string): Result<TransformPlan> {
  const node = document.nodes.find((one) => one.id === id);
  const known = analysis.nodes.get(id);
  if (node === undefined || known?.definition?.traits.role !== 'dense') return failure(transformWrongKind(id, 'FC'));
  const shape = known.inputShapes[0] ?? null;
  if (shape === null) return failure(transformNotReady(id));
  const [height, width] = shape;
  if (shape.length !== 3) return failure(transformNoTrunk(id));
  if (typeof height !== 'number' || typeof width !== 'number') return failure(transformNotReady(id));
  const edits: readonly Edit[] = [
    {
      type: 'setKind',
      id,
      kind: 'conv',
      params: {
        filters: node.params['units'] ?? null,
        kernelSize: coveringKernel(height, width),
        ...commonParams(node.params),
      },
    },
    { type: 'insertAfter', after: id, node: { id: freshNodeId(document, 'flatten'), kind: 'flatten', params: {} } },
  ];
  return planTransform(document, analysis, edits, text(`Turn ${id} into a conv`, `将 ${id} 变成卷积`), {
    equivalent: true,
  });
}

/** One conv that covers its whole input as an FC; a flatten right behind it goes, because an FC gives a vector already. */
export function convToFc(document: NetworkDocument, analysis: NetworkAnalysis, id: string): Result<TransformPlan> {
  const node = document.nodes.find((one) => one.id === id);
  const known = analysis.nodes.get(id);
  if (node === undefined || known?.definition?.traits.role !== 'convolution') {
    return failure(transformWrongKind(id, 'conv'));
  }
  const shape = known.inputShapes[0] ?? null;
  if (shape === null || known.outputShape === null) return failure(transformNotReady(id));
  if (known.params?.['weightStandardization'] === true) return failure(transformStandardized(id));
  if (!coversInput(known)) {
    const kernel = known.weights.find((weight) => weight.name === 'kernel')?.shape.slice(0, 2) ?? [];
    return failure(transformKernelTooSmall(id, formatShape(kernel), formatShape(shape.slice(0, 2))));
  }
  const next = document.edges.filter((edge) => edge.from === id).map((edge) => edge.to);
  const flattens = next.filter((one) => analysis.nodes.get(one)?.definition?.traits.role === 'flattening');
  const edits: Edit[] = [
    {
      type: 'setKind',
      id,
      kind: 'fc',
      params: { units: node.params['filters'] ?? null, ...commonParams(node.params) },
    },
  ];
  if (flattens.length > 0) edits.push({ type: 'removeNodes', ids: flattens, heal: true });
  return planTransform(document, analysis, edits, text(`Turn ${id} into an FC`, `将 ${id} 变成全连接`), {
    equivalent: true,
  });
}
