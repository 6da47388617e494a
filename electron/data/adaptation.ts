import { dataResized } from '../../shared/diagnostics/catalog/data';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { formatShape } from '../../shared/text';
import { chooseInputShape } from './folder';
import type { ImageHeader } from './imageFile';
import { changesProportions } from './resize';
import type { PictureFit } from './resize';

type Sized = Pick<ImageHeader, 'height' | 'width' | 'channels'>;

/** Says so where images are not taken as they are: resized, squeezed, cut or framed for other proportions, or made grey. */
export function describeAdaptation(
  headers: readonly Sized[],
  inputShape: readonly number[],
  fit: PictureFit,
): readonly Diagnostic[] {
  const [height = 1, width = 1, channels = 1] = inputShape;
  const losesColour = (header: Sized): boolean => channels === 1 && header.channels === 3;
  const changed = headers.filter((header) => header.height !== height || header.width !== width || losesColour(header));
  if (changed.length === 0) return [];
  const proportions = changed.some((header) => changesProportions(header, { height, width }));
  const from = formatShape(chooseInputShape(changed, null));
  return [dataResized(from, formatShape(inputShape), { proportions, colours: changed.some(losesColour), fit })];
}
