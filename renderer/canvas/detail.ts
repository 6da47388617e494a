import { createContext, useContext, useDeferredValue } from 'react';
import { useStore } from 'reactflow';

/**
 * How much of a network is drawn. 'near': all of it. 'far' and 'distant': names and shapes, in ever larger type. 'mark': nothing is
 * left to read; nodes are marks in their families' colours, and the wires are one drawing.
 */
export type Detail = 'near' | 'far' | 'distant' | 'mark';

/** At a smaller zoom no name can be read. */
export const readableFrom = 0.27;

/** The smallest zoom of each level: below it, the names in that level's type would be under seven pixels high on the screen. */
const smallestZoom: readonly (readonly [Detail, number])[] = [
  ['near', 0.55],
  ['far', 0.39],
  ['distant', readableFrom],
];

/** What can be read at a zoom. */
export function detailAt(zoom: number): Detail {
  return smallestZoom.find(([, smallest]) => zoom >= smallest)?.[0] ?? 'mark';
}

/** Whether the dots of the ground are drawn. From afar they are half a pixel, which nobody sees, and still the most of what a pan has painted. */
export function hasDots(detail: Detail): boolean {
  return detail === 'near' || detail === 'far';
}

/** The detail that the nodes and wires of a canvas are drawn in. */
export const DetailContext = createContext<Detail>('near');

export function useDetail(): Detail {
  return useContext(DetailContext);
}

/** The detail for the view as it is. Marks come at once; cards, which take longer to make, when the movement leaves time for them. */
export function useDetailOfView(): Detail {
  const wanted = useStore((state) => detailAt(state.transform[2]));
  const settled = useDeferredValue(wanted);
  return wanted === 'mark' ? 'mark' : settled;
}
