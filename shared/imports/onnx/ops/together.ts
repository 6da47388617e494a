import type { Json } from '../../../schema/document';
import { text } from '../../../text';
import { behind, partnerOf, type Context } from '../context';
import type { FoundNode } from '../patterns';
import type { Constant } from '../tensors';
import { commonCut, isSameShape, shapeOf, type View } from '../views';

/*
 * What one layer does at once: many inputs of one size, and a factor with the summand behind it.
 */

/** The largest number that a fixed scale may be. */
export const largestNumber = 1e9;

/** Layers that take any number of inputs, by the operator. */
const forms: { readonly [operation: string]: { readonly kind: string; readonly params?: { readonly mode: Json } } } = {
  Sum: { kind: 'add' },
  Mean: { kind: 'merge', params: { mode: 'average' } },
  Max: { kind: 'merge', params: { mode: 'maximum' } },
  Min: { kind: 'merge', params: { mode: 'minimum' } },
};

/** One layer for inputs that are all of one size; null where they stretch each other, or no layer takes so many. */
export function together(node: FoundNode, context: Context, operation: string, views: readonly View[]): View | null {
  const form = forms[operation];
  const [first] = views;
  if (form === undefined || first === undefined) return null;
  if (!views.every((view) => isSameShape(shapeOf(view), shapeOf(first)))) return null;
  let lead = first;
  const others: View[] = [];
  // The first round cuts the lead as finely as any other, the second one the others as finely as the lead.
  for (const round of [views.slice(1), others]) {
    for (const [at, view] of round.entries()) {
      const cut = cutAlike(lead, view);
      if (cut === null) return null;
      [lead, others[at]] = cut;
    }
  }
  const laid = others.map((other) =>
    context.arrange(
      node,
      other,
      lead.base.map((group) => group.flatMap((factor) => partnerOf(lead, other, factor))),
    ),
  );
  return behind(lead, context.add(node, { ...form, from: [lead, ...laid].map((view) => view.node) }));
}

function cutAlike(a: View, b: View): readonly [View, View] | null {
  let cut: readonly [View, View] = [a, b];
  for (const axis of a.axes.keys()) {
    const next = commonCut(...cut, axis, axis);
    if (next === null) return null;
    cut = next;
  }
  return cut;
}

/** The summand right behind a factor, of its shape and learned as it is: the two are one layer. */
export function shiftBehind(
  node: FoundNode,
  by: Constant,
  isLearned: (constant: Constant) => boolean,
  context: Context,
): { readonly shift: Constant; readonly join: (made: View) => View } | null {
  const [product = ''] = node.outputs;
  const [add, ...others] = context.consumersOf(product);
  if (add?.op !== 'Add' || add.domain !== '' || add.inputs.length !== 2 || others.length > 0) return null;
  const shift = context.constantOf(add.inputs.find((input) => input !== product));
  if (shift === undefined || !isSameShape(shift.shape, by.shape) || isLearned(shift) !== isLearned(by)) return null;
  if (!shift.data.every((value) => Math.abs(value) <= largestNumber)) return null;
  const join = (made: View): View => {
    context.absorb(add, made);
    context.say(add, made.node, 'changed', text('It is the shift of the layer.', '它是该层的偏移。'));
    return made;
  };
  return { shift, join };
}
