import { formatHeat, heatTicks, type HeatMap, type HeatMeasure } from '../analysis/heat';
import { figureChoices } from '../schema/figures';
import type { Language } from '../text';
import { paint, rectangle, textWidth, type Mark, type Paint } from './figure';

/** How much of its colour the hottest thing has: dark text stays legible on it. */
const mostStrength = 0.62;
/** Steps that the scale is drawn in: each is seen as the next of the one before. */
const steps = 24;

/** The paint of a level of heat, 0 to 1. */
export function heatPaint(level: number): Paint {
  return paint('heat', Math.round(level * mostStrength * 1000) / 1000);
}

/** The scale of a figure's heat: what it measures, the sum, and values along the colours. `size` is that of the type. */
export function drawHeatLegend(
  heat: HeatMap,
  measure: HeatMeasure,
  language: Language,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): { readonly marks: readonly Mark[]; readonly width: number; readonly bottom: number } {
  const [ink, mute] = [paint('ink'), paint('mute')];
  const name = figureChoices.heat[measure][language];
  const words = heat.total === null ? name : `${name} ${formatHeat(measure, heat.total)}`;
  const left = x + textWidth(words, size) + size;
  const [width, height] = [size * 14, size * 0.9];
  const step = width / steps;
  const scale = Array.from({ length: steps }, (_, index): Mark => ({
    type: 'path',
    // Each reaches a little under the next, so that no light comes through between them.
    d: rectangle({ x: left + index * step, y, width: index === steps - 1 ? step : step * 1.3, height }),
    fill: heatPaint((index + 0.5) / steps),
  }));
  const ticks = heatTicks(measure, heat).map(({ at, value }): Mark => ({
    type: 'text',
    x: left + at * width,
    y: y + height + size,
    text: formatHeat(measure, value),
    size: size * 0.9,
    paint: mute,
    anchor: at === 0 ? 'start' : at === 1 ? 'end' : 'middle',
  }));
  return {
    marks: [
      { type: 'text', x, y: y + height * 0.85, text: words, size, paint: ink, anchor: 'start' },
      ...scale,
      { type: 'path', d: rectangle({ x: left, y, width, height }), stroke: paint('line'), width: 0.7 },
      ...ticks,
    ],
    width: left + width - x,
    bottom: y + height + size * 1.3,
  };
}
