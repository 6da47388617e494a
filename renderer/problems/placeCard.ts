/** Where the problem card stands: a side of its node, and which of its edges lines up with the node's. */
export type CardPlace = {
  readonly side: 'bottom' | 'top' | 'right' | 'left';
  readonly align: 'start' | 'center' | 'end';
  readonly maxHeight: number;
};

type Rect = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
type Size = { readonly width: number; readonly height: number };

/** Room that a card wants, margins included, in pixels. */
const wanted = { width: 324, height: 340 } as const;
const margin = 14;

/** Below its node where there is room; else beside it, else above; where nothing fits, on the roomier side, scrolling. */
export function placeCard(node: Rect, pane: Size): CardPlace {
  const below = pane.height - node.top - node.height - margin;
  const above = node.top - margin;
  const right = pane.width - node.left - node.width - margin;
  const left = node.left - margin;
  const leaning = node.left + wanted.width < pane.width ? 'start' : 'end';
  if (below >= wanted.height) return { side: 'bottom', align: leaning, maxHeight: below };
  if (right >= wanted.width || left >= wanted.width) {
    const side = right >= wanted.width ? 'right' : 'left';
    const fromTop = pane.height - node.top - margin;
    const toBottom = node.top + node.height - margin;
    return fromTop >= toBottom
      ? { side, align: 'start', maxHeight: fromTop }
      : { side, align: 'end', maxHeight: toBottom };
  }
  return above > below
    ? { side: 'top', align: leaning, maxHeight: above }
    : { side: 'bottom', align: leaning, maxHeight: below };
}
