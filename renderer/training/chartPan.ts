import type uPlot from 'uplot';

/** The stretch `[min, max]`, moved by so much, but not beyond `[first, last]`. */
export function movedStretch(
  { min, max }: { readonly min: number; readonly max: number },
  by: number,
  { first, last }: { readonly first: number; readonly last: number },
): { readonly min: number; readonly max: number } {
  const kept = Math.max(Math.min(by, last - max), first - min);
  return { min: min + kept, max: max + kept };
}

/** Lets the part of a chart that is looked at be moved by drawing it with Shift. Gives back what ends that. */
export function panWithShift(element: HTMLElement, chart: uPlot): () => void {
  const onDown = (event: MouseEvent): void => {
    const { min, max } = chart.scales['x'] ?? {};
    const [places] = chart.data;
    const [first, last] = [places[0], places.at(-1)];
    const isOnPlot = event.target instanceof Node && chart.over.contains(event.target);
    if (!event.shiftKey || event.button !== 0 || !isOnPlot || min == null || max == null) return;
    if (first === undefined || last === undefined) return;
    // Else the chart takes it for a stretch to be looked at.
    event.stopPropagation();
    event.preventDefault();
    const perPixel = (max - min) / Math.max(1, chart.over.clientWidth);
    const onMove = ({ clientX }: MouseEvent): void =>
      chart.setScale('x', movedStretch({ min, max }, (event.clientX - clientX) * perPixel, { first, last }));
    const onUp = (): void => {
      document.removeEventListener('mousemove', onMove);
      document.removeEventListener('mouseup', onUp);
    };
    document.addEventListener('mousemove', onMove);
    document.addEventListener('mouseup', onUp);
  };
  element.addEventListener('mousedown', onDown, { capture: true });
  return () => element.removeEventListener('mousedown', onDown, { capture: true });
}
