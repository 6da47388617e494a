import { branchTrails, windowTrail } from '../diagnostics/catalog/trails';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { readParams } from '../layers/params';
import type { FixContext } from './fixes/context';
import { isSize } from './guards';
import { solveOutputPadding } from './outputPadding';
import { trailText, trailTo } from './trail';

/**
 * A shape error with the way that led to it: the lengths from the input down, both branches of a merge, and the first node upstream
 * that rounded a row away. Layers know only their own inputs; the network knows the rest.
 */
export function withTrail(context: FixContext, diagnostic: Diagnostic): Diagnostic {
  const { nodeId } = diagnostic.at;
  if (nodeId === undefined) return diagnostic;
  switch (diagnostic.code) {
    case 'layers/window-too-large': {
      const source = context.wiring.nodes.get(nodeId)?.sources[0] ?? null;
      if (source === null) return diagnostic;
      const trail = trailTo(context.wiring, context.analysis, source, failingAxis(context, nodeId));
      return windowTrail(
        diagnostic,
        trail.length < 2 ? null : trailText(trail),
        context.analysis.diagnostics.find(
          ({ code, at }) => code === 'layers/channels-first' && at.nodeId === trail[0]?.nodeId,
        )?.summary ?? null,
        trail.map((stop) => stop.nodeId),
      );
    }
    case 'layers/add-mismatch':
    case 'layers/concat-mismatch':
      return explainBranches(context, diagnostic, nodeId);
    default:
      return diagnostic;
  }
}

function explainBranches(context: FixContext, diagnostic: Diagnostic, nodeId: string): Diagnostic {
  const sources = (context.wiring.nodes.get(nodeId)?.sources ?? []).filter((source) => source !== null);
  const shapes = sources.map((source) => context.analysis.nodes.get(source)?.outputShape ?? []);
  const axis = shapes.some((shape) => shape[0] !== shapes[0]?.[0]) ? 0 : 1;
  const areEqual = shapes.every((shape) => shape[axis] === shapes[0]?.[axis]);
  if (areEqual || shapes.some((shape) => shape.length !== 3)) return diagnostic;
  const trails = sources.map((source) => trailTo(context.wiring, context.analysis, source, axis));
  const stops = trails.map((trail) => trail.map((stop) => stop.nodeId));
  // What all branches have in common changes them alike, so the cause lies behind the fork.
  const onTheWay = stops.flat().filter((id) => !stops.every((trail) => trail.includes(id)));
  const rounded = context.analysis.diagnostics.find(
    ({ code, at }) => code === 'layers/border-lost' && at.nodeId !== undefined && onTheWay.includes(at.nodeId),
  );
  const cause = rounded?.at.nodeId;
  const odd = cause === undefined ? null : (context.analysis.nodes.get(cause)?.inputShapes[0]?.[axis] ?? null);
  return branchTrails(
    diagnostic,
    trails.map(trailText),
    cause === undefined || odd === null ? null : { nodeId: cause, length: odd },
    ambiguousUpconv(context, nodeId, axis),
    [...(cause === undefined ? [] : [cause]), ...sources],
  );
}

/** The up-conv of the shorter branch that outputPadding would make meet the longer one. */
function ambiguousUpconv(
  context: FixContext,
  nodeId: string,
  axis: 0 | 1,
): { readonly nodeId: string; readonly stride: number; readonly lengths: readonly [number, number, number] } | null {
  const sources = (context.wiring.nodes.get(nodeId)?.sources ?? []).filter((source) => source !== null);
  const sized = sources.flatMap((source) => context.analysis.nodes.get(source) ?? []);
  const wanted = Math.max(...sized.map((node) => node.outputShape?.[axis] ?? 0));
  for (const node of sized) {
    const length = node.outputShape?.[axis] ?? null;
    const [shape] = node.inputShapes;
    const before = shape?.[axis] ?? null;
    if (length === null || before === null || length === wanted) continue;
    const [height = null, width = null] = node.outputShape ?? [];
    if (height === null || width === null) continue;
    const solved = solveOutputPadding(node, axis === 0 ? [wanted, width] : [height, wanted]);
    const strides = node.params?.['strides'];
    if (solved === null || !isSize(strides)) continue;
    return { nodeId: node.id, stride: strides[axis], lengths: [length, wanted, before] };
  }
  return null;
}

/** 0 when the height alone makes a layer fail, else 1. */
function failingAxis({ analysis, wiring }: FixContext, nodeId: string): 0 | 1 {
  const { definition, node } = wiring.nodes.get(nodeId) ?? {};
  const shape = analysis.nodes.get(nodeId)?.inputShapes[0];
  if (definition == null || node === undefined || shape == null) return 0;
  const params = readParams(definition, node.params, nodeId);
  if (!params.ok) return 0;
  const narrow = [shape[0] ?? null, null, shape[2] ?? null];
  return definition.inferShape({ nodeId, params: params.value, inputs: [narrow] }).ok ? 1 : 0;
}
