import { dataResized } from '../../shared/diagnostics/catalog/data';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { formatShape } from '../../shared/text';
import { chooseInputShape } from './folder';
import type { ImageHeader } from './imageFile';

/** Proportions that differ by less than this are the rounding of a size. */
const squeezeTolerance = 0.05;

/** Says so where images are not taken as they are: resized, squeezed to other proportions, or made grey. */
export function describeAdaptation(
  headers: readonly ImageHeader[],
  inputShape: readonly number[],
): readonly Diagnostic[] {
  const [height = 1, width = 1, channels = 1] = inputShape;
  const losesColour = (header: ImageHeader): boolean => channels === 1 && header.channels === 3;
  const changed = headers.filter((header) => header.height !== height || header.width !== width || losesColour(header));
  if (changed.length === 0) return [];
  const proportions = changed.some(
    (header) => Math.abs(Math.log((header.width * height) / (header.height * width))) > squeezeTolerance,
  );
  const from = formatShape(chooseInputShape(changed, null));
  return [dataResized(from, formatShape(inputShape), { proportions, colours: changed.some(losesColour) })];
}
