import type { Box } from '../../shared/figures/figure';

/** The room that the card of a receptive field takes, in window pixels; its height is the most that it needs. */
export const fieldCard = { width: 316, height: 190 } as const;
const margin = 12;
/** What lies over the canvas at its foot. */
const toolsHeight = 52;

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * Where the card stands in the pane: below or above the node that gives the picture, else in a corner; never over the node that it tells
 * of, where that can be helped.
 */
export function placeField(
  pane: { readonly width: number; readonly height: number },
  input: Box,
  node: Box,
): { readonly x: number; readonly y: number } {
  const right = Math.max(margin, pane.width - fieldCard.width - margin);
  const bottom = Math.max(margin, pane.height - fieldCard.height - toolsHeight);
  const within = (x: number, y: number) => ({
    x: Math.min(right, Math.max(margin, x)),
    y: Math.min(bottom, Math.max(margin, y)),
  });
  const candidates = [
    within(input.x, input.y + input.height + margin),
    within(input.x, input.y - fieldCard.height - margin),
    within(right, margin),
    within(right, bottom),
    within(margin, bottom),
    within(margin, margin),
  ];
  const clearOf = (...of: readonly Box[]) =>
    candidates.find((place) => of.every((box) => !overlaps({ ...place, ...fieldCard }, box)));
  return clearOf(node, input) ?? clearOf(node) ?? { x: node.x > pane.width / 2 ? margin : right, y: margin };
}
