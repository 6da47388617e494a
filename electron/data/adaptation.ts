import { dataResized } from '../../shared/diagnostics/catalog/data';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { DataAdaptation, DataLook } from '../../shared/host/dataLook';
import { formatShape, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { WantedInput } from './dataset';
import { chooseInputShape } from './folder';
import type { ImageHeader } from './imageFile';
import { changesProportions } from './resize';
import type { PictureFit } from './resize';

type Sized = Pick<ImageHeader, 'height' | 'width'> & { readonly channels: number };

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

/** An Input beyond this costs more than it saves; larger pictures are offered their proportions. */
const ownSide = 256;

const reasons = {
  resize: text('The network takes one size, and these have others.', '网络只接受一种大小，这些图像的大小不同。'),
  squeeze: text('They are squeezed to other proportions.', '长宽比例会改变。'),
  crop: text('Only their middle is kept, as the proportions differ.', '因比例不同，只保留中间部分。'),
  letterbox: text('They get black bars, as the proportions differ.', '因比例不同，加上黑边。'),
  grey: text('The Input has one channel: their colours become grey.', '输入只有一个通道：颜色变为灰度。'),
  colour: text('The Input has three channels: grey is written into each.', '输入有三个通道：灰度写入每个通道。'),
} as const satisfies Record<DataAdaptation['steps'][number], Text>;

/** The Input that would take pictures as they are, or, where these are large, in their proportions. */
function offeredInput(
  [height = 1, width = 1, channels = 1]: readonly number[],
  to: readonly number[],
): readonly number[] | null {
  const longest = Math.max(height, width);
  const side = longest <= ownSide ? longest : Math.max(...to.slice(0, 2));
  const scaled = [height, width].map((size) => Math.max(1, Math.round((size * side) / longest)));
  const offered = [...scaled, channels];
  return offered.join() === to.join() ? null : offered;
}

/** What pictures of these sizes go through to come to a network's input; null where it takes them as they are. */
export function adaptationTo(
  sizes: DataLook['sizes'],
  wanted: Exclude<WantedInput, null>,
  fit: PictureFit,
): DataAdaptation | null {
  if (wanted.shape.length !== 3) return null;
  const own = chooseInputShape(sizes, null);
  const [height = 1, width = 1, channels = 1] = wanted.shape.map((size, axis) => size ?? own[axis] ?? 1);
  const to = [height, width, channels];
  const isResized = (size: Sized): boolean => size.height !== height || size.width !== width;
  const isSqueezed = (size: Sized): boolean => isResized(size) && changesProportions(size, { height, width });
  const turnsGrey = (size: Sized): boolean => channels === 1 && size.channels !== 1;
  const turnsColour = (size: Sized): boolean => channels !== 1 && size.channels === 1;
  const changed = sizes.filter((size) => isResized(size) || turnsGrey(size) || turnsColour(size));
  if (changed.length === 0) return null;
  const steps = [
    ...(changed.some(isResized) ? (['resize'] as const) : []),
    ...(changed.some(isSqueezed) ? [fit === 'stretch' ? ('squeeze' as const) : fit] : []),
    ...(changed.some(turnsGrey) ? (['grey'] as const) : []),
    ...(changed.some(turnsColour) ? (['colour'] as const) : []),
  ];
  const words = steps.map((step) => reasons[step]);
  return {
    from: [changed[0]?.height ?? 1, changed[0]?.width ?? 1, changed[0]?.channels ?? 1],
    to,
    changed: changed.reduce((sum, { count }) => sum + count, 0),
    steps,
    reason: text(words.map(({ en }) => en).join(' '), words.map(({ zh }) => zh).join('')),
    input: offeredInput(own, to),
  };
}
