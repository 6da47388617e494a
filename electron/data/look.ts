import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataInfo } from '../../shared/host/api';
import type { DataGallery, DataLook, SampleRef } from '../../shared/host/dataLook';
import { dataParts, isOfClasses, isOfTable, targetAt, type DataPart } from '../../shared/schema/data';
import { elementCount } from '../../shared/ops/tensor';
import { parseDataSpec } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { defaultReading } from '../../shared/schema/training';
import type { DataReading } from '../../shared/schema/training';
import { adaptationTo } from './adaptation';
import type { Dataset, OnProgress, Samples, WantedInput } from './dataset';
import { chooseInputShape } from './folder';
import { setAt, yesCounts } from './labels';
import { digestOfSample, findAlike, likenessOf } from './likeness';
import type { Likeness } from './likeness';
import { openData } from './open';
import { convertChannels, fitImage, fitLabels } from './resize';
import type { Pixels } from './resize';

/** Pictures are shown this large, and compared by it. */
const shownSide = 64;
/** Groups and pairs that are listed; the others are counted. */
const mostListed = 60;
const mostSizes = 24;
/** So many samples are looked at before others get a word in. */
const samplesPerTurn = 500;

/** Data that have been looked at, with their pictures small. */
export type LookedData = {
  readonly dataset: Dataset;
  readonly report: DataLook;
};

/** How data are looked at. */
export type LookOptions = {
  readonly reading?: DataReading;
  /** The input of a network that the pictures are to come to. */
  readonly wanted?: WantedInput;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
};

function samplesOf(dataset: Dataset, part: DataPart): Samples | null {
  return dataset[part] ?? null;
}

function letOthersIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A sample of some data. */
export function refOf(dataset: Dataset, part: DataPart, index: number): SampleRef {
  const isClass = dataset.info.task === 'classification';
  return {
    part,
    index,
    name: dataset.origins?.[part][index]?.name ?? null,
    classIndex: isClass ? (samplesOf(dataset, part)?.targets.subarray(index, index + 1)[0] ?? null) : null,
    ...(dataset.info.task === 'multi-label' ? { labels: labelsAt(dataset, part, index) } : {}),
  };
}

/** The classes that a sample has, by their places. */
function labelsAt({ info: { classes }, ...dataset }: Dataset, part: DataPart, index: number): readonly number[] {
  const samples = dataset[part];
  return samples === undefined ? [] : setAt(samples.targets, index, classes.length);
}

/** A picture as the data hold it; its values are bytes. */
function pictureAt(dataset: Dataset, part: DataPart, index: number): Pixels {
  const { inputShape } = dataset.info;
  const [height = 1, width = 1, channels = 1] = inputShape;
  const size = elementCount(inputShape);
  const values = samplesOf(dataset, part)?.inputs.subarray(index * size, (index + 1) * size) ?? [];
  return { height, width, channels, data: Uint8Array.from(values) };
}

/** What of a part is compared: by the bit, and by the eye. */
type Compared = { readonly digests: readonly string[]; readonly likenesses: readonly Likeness[] };

async function compare(
  dataset: Dataset,
  part: DataPart,
  hasPictures: boolean,
  signal?: AbortSignal,
): Promise<Compared> {
  const samples = samplesOf(dataset, part);
  const count = samples?.count ?? 0;
  const sizes = [samples?.inputs, samples?.targets].map((values) => (values?.length ?? 0) / Math.max(1, count));
  const [inputSize = 0, targetSize = 0] = sizes;
  const digests: string[] = [];
  const likenesses: Likeness[] = [];
  for (let index = 0; index < count && signal?.aborted !== true; index++) {
    if (index % samplesPerTurn === 0) await letOthersIn();
    const own = dataset.origins?.[part][index]?.digest;
    if (own !== undefined) digests.push(own);
    else if (samples !== null) {
      const values = samples.inputs.subarray(index * inputSize, (index + 1) * inputSize);
      digests.push(digestOfSample(values, samples.targets.subarray(index * targetSize, (index + 1) * targetSize)));
    }
    if (hasPictures) likenesses.push(likenessOf(pictureAt(dataset, part, index)));
  }
  return { digests, likenesses };
}

type Comparison = { readonly [P in DataPart]: Compared };

function duplicatesOf(dataset: Dataset, compared: Comparison): DataLook['duplicates'] {
  const byDigest = new Map<string, [DataPart, number][]>();
  for (const part of dataParts) {
    compared[part].digests.forEach((digest, index) => {
      const others = byDigest.get(digest);
      if (others === undefined) byDigest.set(digest, [[part, index]]);
      else others.push([part, index]);
    });
  }
  const groups = [...byDigest.values()].filter((group) => group.length > 1);
  const isAcross = (group: readonly (readonly [DataPart, number])[]): boolean =>
    group.some(([part]) => part === 'train') && group.some(([part]) => part !== 'train');
  const across = groups.filter(isAcross);
  const count = (some: typeof groups): number => some.reduce((sum, group) => sum + group.length - 1, 0);
  // What is trained on and scored on first: it is what matters.
  const listed = [...across, ...groups.filter((group) => !isAcross(group))].slice(0, mostListed);
  return {
    count: count(groups),
    acrossCount: across.reduce((sum, group) => sum + group.filter(([part]) => part !== 'train').length, 0),
    groups: listed.map((group) => group.slice(0, mostListed).map(([part, index]) => refOf(dataset, part, index))),
  };
}

function nearlyEqualOf(dataset: Dataset, { train, ...others }: Comparison): DataLook['nearlyEqual'] {
  const pairs = (['validation', 'test'] as const).flatMap((part) =>
    findAlike(
      train.likenesses,
      others[part].likenesses,
      (trained, scored) => train.digests[trained] === others[part].digests[scored],
    ).map(({ trained, scored }) => [part, trained, scored] as const),
  );
  return {
    count: pairs.length,
    pairs: pairs.slice(0, mostListed).map(([part, trained, scored]) => ({
      trained: refOf(dataset, 'train', trained),
      scored: refOf(dataset, part, scored),
    })),
  };
}

function classCountsOf({ info }: Dataset, { targets, count }: Samples): readonly number[] | null {
  if (info.task === 'multi-label') return yesCounts({ targets, count }, info.classes.length);
  if (!isOfClasses(info.task)) return null;
  const counts = new Array<number>(info.classes.length).fill(0);
  const size = targets.length / Math.max(1, count);
  for (let index = 0; index < count; index++) {
    for (const label of targets.subarray(index * size, (index + 1) * size)) counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts.slice(0, info.classes.length);
}

type Sized = { readonly height: number; readonly width: number; readonly channels: number };

/** How many pictures have each size, the most frequent first. */
function sizesOf(dataset: Dataset): DataLook['sizes'] {
  const counts = new Map<string, Sized & { count: number }>();
  const add = ({ height, width, channels }: Sized, count: number): void => {
    const key = [height, width, channels].join();
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { height, width, channels, count });
    else known.count += count;
  };
  const [height = 1, width = 1, channels = 1] = dataset.info.inputShape;
  for (const part of dataParts) {
    if (dataset.origins === undefined) add({ height, width, channels }, samplesOf(dataset, part)?.count ?? 0);
    else for (const origin of dataset.origins[part]) add(origin, 1);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** Opens data at the size in which their pictures are shown; what is in memory stays as it is. */
async function openSmall(
  spec: string,
  { reading = defaultReading, onProgress }: LookOptions,
): Promise<Result<Dataset>> {
  const holds = parseDataSpec(spec)?.source.holds;
  const isFiles = holds === 'files' || holds === 'either';
  return await openData(spec, {
    wanted: isFiles ? { shape: [shownSide, shownSide, 3] } : null,
    infoOnly: false,
    reading: { ...reading, fit: 'crop' },
    heldBytes: 0,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

/** Looks at a data set: everything in it is read once, and kept for the next time. */
export async function lookAtData(spec: string, options: LookOptions = {}): Promise<Result<LookedData>> {
  const opened = await openSmall(spec, options);
  if (!opened.ok) return opened;
  const dataset = opened.value;
  const hasPictures = !isOfTable(dataset.scaling) && dataset.info.inputShape.length === 3;
  const { signal, wanted = null, reading = defaultReading } = options;
  const compared = {
    train: await compare(dataset, 'train', hasPictures, signal),
    validation: await compare(dataset, 'validation', hasPictures, signal),
    test: await compare(dataset, 'test', hasPictures, signal),
  };
  if (signal?.aborted === true) return failure(requestCancelled('data.look'));
  const sizes = hasPictures ? sizesOf(dataset) : [];
  const expanded = sizes.slice(0, mostSizes);
  const inputShape = dataset.origins === undefined ? dataset.info.inputShape : commonShape(sizes);
  const { skips = [], scaling, labelValues = [] } = dataset;
  const warnings = dataset.info.warnings.filter(({ code }) => code !== 'data/resized');
  const report: DataLook = {
    info: { ...dataset.info, inputShape, ...targetIn(dataset, inputShape), warnings },
    parts: dataParts.flatMap((part) => {
      const samples = samplesOf(dataset, part);
      if (samples === null || (part === 'test' && samples.count === 0)) return [];
      return [{ part, count: samples.count, classCounts: classCountsOf(dataset, samples) }];
    }),
    sizes: expanded,
    sizeCount: sizes.length,
    values: labelValues,
    columns: (scaling?.mean ?? []).map((mean, at) => ({
      name: scaling?.names?.[at] ?? String(at + 1),
      mean,
      deviation: scaling?.deviation[at] ?? 1,
    })),
    duplicates: duplicatesOf(dataset, compared),
    nearlyEqual: nearlyEqualOf(dataset, compared),
    broken: { count: dataset.skipCount ?? skips.length, list: skips.slice(0, limits.listedSkips) },
    adaptation: hasPictures && wanted !== null ? adaptationTo(sizes, wanted, reading.fit) : null,
  };
  return success({ dataset, report });
}

/** The size of what pictures of a size are to become; nothing where they become nothing. */
function targetIn({ info }: Dataset, inputShape: readonly number[]): Pick<DataInfo, 'targetShape'> {
  const { targetShape, inputShape: own } = info;
  return targetShape === undefined ? {} : { targetShape: targetAt({ inputShape: own, targetShape }, inputShape) };
}

/** The most frequent size, with colours where any picture has them. */
function commonShape(sizes: DataLook['sizes']): readonly number[] {
  const [first] = sizes;
  const headers = sizes.map(({ height, width, channels }) => ({ height, width, channels }));
  return first === undefined ? [] : [first.height, first.width, chooseInputShape(headers, null)[2] ?? 1];
}

/** Which pictures a gallery shows: of one part and one class, or of all. */
export type GalleryWish = {
  readonly part: DataPart | null;
  readonly classIndex: number | null;
  readonly from: number;
  readonly count: number;
  /** These and no others, in this order. */
  readonly only?: readonly { readonly part: DataPart; readonly index: number }[];
};

type Place = { readonly part: DataPart; readonly index: number };

function placesOf(dataset: Dataset, { part, classIndex, only }: GalleryWish): readonly Place[] {
  const exists = ({ part: own, index }: Place): boolean => index < (samplesOf(dataset, own)?.count ?? 0);
  if (only !== undefined) return only.filter(exists);
  const places: Place[] = [];
  const size = dataset.targetShape.length === 0 ? 1 : elementCount(dataset.targetShape);
  for (const own of dataParts) {
    const samples = samplesOf(dataset, own);
    if (samples === null || (part !== null && part !== own)) continue;
    for (let index = 0; index < samples.count; index++) {
      const labels = classIndex === null ? null : samples.targets.subarray(index * size, (index + 1) * size);
      // Of pictures with masks: those in which some pixel has the class.
      const has =
        dataset.info.task === 'multi-label' ? labels?.[classIndex ?? 0] === 1 : labels?.includes(classIndex ?? 0);
      if (labels === null || has === true) places.push({ part: own, index });
    }
  }
  return places;
}

/** The size in which pictures of some data are shown. */
export function shownShape({ info }: Pick<Dataset, 'info'>): readonly [height: number, width: number, channels: 3] {
  return smallShape(info.inputShape);
}

function smallShape([height = 1, width = 1]: readonly number[]): readonly [height: number, width: number, channels: 3] {
  const scale = Math.min(1, shownSide / Math.max(height, width));
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale)), 3];
}

/** A picture of data that were looked at, in three channels, and the classes of its pixels. */
export function shownPicture(
  dataset: Dataset,
  { part, index }: Place,
): { readonly picture: Pixels; readonly mask: Uint8Array | null } {
  const [height, width] = shownShape(dataset);
  const size = { height, width };
  const own = pictureAt(dataset, part, index);
  const picture = shownAt(own, size);
  if (dataset.info.task !== 'segmentation') return { picture, mask: null };
  const pixels = elementCount(dataset.targetShape);
  const labels = samplesOf(dataset, part)?.targets.subarray(index * pixels, (index + 1) * pixels) ?? [];
  return { picture, mask: fitLabels(Uint8Array.from(labels), own, size, 'stretch', 0) };
}

function shownAt(picture: Pixels, size: Pick<Pixels, 'height' | 'width'>): Pixels {
  return fitImage(convertChannels(picture, 3), size, 'stretch');
}

/** What pictures are to become, small; null where they become nothing. */
function shownTargets(dataset: Dataset, places: readonly Place[]): DataGallery['targets'] {
  const { targetShape } = dataset.info;
  if (targetShape === undefined) return null;
  const shape = smallShape(targetShape);
  const [height, width] = shape;
  const pixels = new Uint8Array(places.length * elementCount(shape));
  const [ownHeight = 1, ownWidth = 1, channels = 1] = targetShape;
  const size = elementCount(targetShape);
  places.forEach(({ part, index }, at) => {
    const values = samplesOf(dataset, part)?.targets.subarray(index * size, (index + 1) * size) ?? [];
    const own = { height: ownHeight, width: ownWidth, channels, data: Uint8Array.from(values) };
    pixels.set(shownAt(own, { height, width }).data, at * elementCount(shape));
  });
  return { shape, pixels };
}

/** Some pictures of data that were looked at. Data without pictures have none. */
export function galleryOf(dataset: Dataset, wish: GalleryWish): DataGallery {
  const hasPictures = !isOfTable(dataset.scaling) && dataset.info.inputShape.length === 3;
  const places = hasPictures ? placesOf(dataset, wish) : [];
  const shown = places.slice(wish.from, wish.from + wish.count);
  const shape = shownShape(dataset);
  const pixels = new Uint8Array(shown.length * elementCount(shape));
  const masks = dataset.info.task === 'segmentation' ? new Uint8Array(shown.length * shape[0] * shape[1]) : null;
  shown.forEach((place, at) => {
    const { picture, mask } = shownPicture(dataset, place);
    pixels.set(picture.data, at * elementCount(shape));
    if (mask !== null) masks?.set(mask, at * shape[0] * shape[1]);
  });
  const items = shown.map(({ part, index }) => refOf(dataset, part, index));
  return { total: places.length, items, shape, pixels, masks, targets: shownTargets(dataset, shown) };
}
