import { analyzeNetwork } from '../analysis/analyze';
import { nearestInputSizes, solveInputSizes } from '../analysis/inputSizes';
import type { NetworkAnalysis } from '../analysis/types';
import { unknownNode } from '../diagnostics/catalog/graph';
import { inputSizeMismatch } from '../diagnostics/catalog/run';
import { failure, success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { applyEdits } from '../editing/applyEdits';
import type { NetworkDocument } from '../schema/document';
import { formatShape } from '../text';

/** Shapes per sample, without a batch, by the id of the input node that is fed with them. */
export type InputShapes = { readonly [inputNode: string]: readonly number[] };

/** A network and what was found out about it. */
export type ClosedNetwork = { readonly document: NetworkDocument; readonly analysis: NetworkAnalysis };

/**
 * The same network with the sizes that its inputs leave open taken from what will be fed. `[null, null, 3]` fed with 200x300x3 is
 * `[200, 300, 3]`; what the network says itself must agree. Inputs that are not named stay as they are.
 */
export function closeOpenSizes(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  shapes: InputShapes,
): Result<ClosedNetwork> {
  const edits = [];
  for (const [id, fed] of Object.entries(shapes)) {
    if (!analysis.inputs.includes(id)) return failure(unknownNode(id));
    const shape = analysis.nodes.get(id)?.outputShape;
    // A node with errors of its own has no shape; they are told where it is compiled.
    if (shape == null) continue;
    const fits = shape.length === fed.length && shape.every((size, axis) => size === null || size === fed[axis]);
    if (!fits) return failure(inputSizeMismatch(formatShape(shape), formatShape(fed)));
    if (shape.includes(null)) edits.push({ type: 'setParams', id, params: { shape: [...fed] } } as const);
  }
  if (edits.length === 0) return success({ document, analysis });
  const closed = applyEdits(document, edits, analysis.layers);
  if (!closed.ok) return closed;
  return success({ document: closed.value, analysis: analyzeNetwork(closed.value, analysis) });
}

/** The network with the data's size wherever an input leaves one open; inputs of another rank stay as they are. */
export function closeInputs(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  inputShape: readonly number[],
): ClosedNetwork {
  const shapes = analysis.inputs.flatMap((id): [string, readonly number[]][] => {
    const shape = analysis.nodes.get(id)?.outputShape;
    if (shape == null || !shape.includes(null) || shape.length !== inputShape.length) return [];
    return [[id, shape.map((size, axis) => size ?? inputShape[axis] ?? 1)]];
  });
  const closed = closeOpenSizes(document, analysis, Object.fromEntries(shapes));
  return closed.ok ? closed.value : { document, analysis };
}

/** Large enough that windows are seldom all edge, and small enough to be run at once. */
const tryLength = 32;

/**
 * Sizes for all inputs with which the network computes: those that it has, and where one is open, the smallest not below a few dozen
 * that works. Null where none is found.
 */
export function chooseOpenSizes(document: NetworkDocument, analysis: NetworkAnalysis): InputShapes | null {
  const shapes = new Map<string, readonly number[]>();
  for (const id of analysis.inputs) {
    const shape = analysis.nodes.get(id)?.outputShape ?? null;
    const chosen = shape?.map((size, axis) => size ?? chooseLength(document, analysis, id, axis)) ?? [null];
    const known = chosen.filter((size) => size !== null);
    if (known.length < chosen.length) return null;
    shapes.set(id, known);
  }
  const closed = closeOpenSizes(document, analysis, Object.fromEntries(shapes));
  return closed.ok && closed.value.analysis.ok ? Object.fromEntries(shapes) : null;
}

function chooseLength(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  inputId: string,
  axis: number,
): number | null {
  // Only height and width are solved for: channels and units decide weights.
  if (axis !== 0 && axis !== 1) return null;
  const { above, below } = nearestInputSizes(
    solveInputSizes(document, inputId, axis, 'works', analysis.layers),
    tryLength,
  );
  return above ?? below;
}
