import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ignoredLabel } from '../../shared/compile/losses';
import {
  channelsNotSupported,
  dataDamaged,
  dataNeedsPath,
  dataResized,
  oneClassOnly,
  tooFewSamples,
  unknownDataSpec,
} from '../../shared/diagnostics/catalog/data';
import { fileIsFolder, fileIsNotFolder, fileNotRegular } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { DataInfo } from '../../shared/host/api';
import { elementCount } from '../../shared/ops/tensor';
import {
  channelsFor,
  dataSources,
  dataSpecPattern,
  isOfClasses,
  parseDataSpec,
  pictureChannels,
  targetAt,
} from '../../shared/schema/data';
import type { DataKind, DataSource } from '../../shared/schema/data';
import { defaultReading, readingOf } from '../../shared/schema/training';
import type { DataReading, TrainingConfig } from '../../shared/schema/training';
import { errorText, formatShape } from '../../shared/text';
import { dataMissing } from '../files/missing';
import { loadCifar10 } from './cifar10';
import { loadCoco } from './coco';
import { loadCsv } from './csv';
import { checkMemory, withSamples } from './dataset';
import type { DataLoader, Dataset, OpenOptions, Samples } from './dataset';
import { loadDigits } from './digits';
import { loadIdx } from './idx';
import { loadImages } from './images';
import { loadMasks } from './masks';
import { loadNpz } from './npz';
import { loadPairs } from './pairs';
import { loadParquet } from './parquet';
import { canHaveBars, changesProportions, convertChannels, fitImage, fitLabels } from './resize';
import type { PictureFit } from './resize';
import { loadPictures } from './pictures';
import { loadDigitPictures, loadNoisyDigits, loadSmallDigits } from './restored';
import { loadScenes } from './scenes';
import { loadVoc } from './voc';
import { loadYolo } from './yolo';

const loaders: Readonly<Record<DataKind, DataLoader>> = {
  mnist: (_, options) => loadDigits(options),
  'mnist-seg': (_, options) => loadScenes(options),
  'mnist-sr': (_, options) => loadSmallDigits(options),
  'mnist-denoise': (_, options) => loadNoisyDigits(options),
  'mnist-pictures': (_, options) => loadDigitPictures(options),
  images: loadImages,
  masks: loadMasks,
  pairs: loadPairs,
  pictures: loadPictures,
  coco: loadCoco,
  voc: loadVoc,
  yolo: loadYolo,
  idx: loadIdx,
  cifar10: loadCifar10,
  npz: loadNpz,
  csv: loadCsv,
  parquet: loadParquet,
};

async function checkPath({ takes }: DataSource, path: string): Promise<Diagnostic | null> {
  const info = await stat(path).catch(() => null);
  if (info === null) return dataMissing(path);
  if (takes === 'PATH') return info.isDirectory() || info.isFile() ? null : fileNotRegular(path);
  if (takes === 'FILE') return info.isDirectory() ? fileIsFolder(path) : info.isFile() ? null : fileNotRegular(path);
  return info.isDirectory() ? null : fileIsNotFolder(path);
}

/** Pictures of one shape brought to another. */
function resizePictures(
  values: Samples['inputs'] | Samples['targets'],
  count: number,
  from: readonly number[],
  to: readonly number[],
  fit: PictureFit,
): Uint8Array {
  const [fromHeight = 1, fromWidth = 1, fromChannels = 1] = from;
  const [height = 1, width = 1, channels = 1] = to;
  const size = elementCount(from);
  const resized = new Uint8Array(count * elementCount(to));
  for (let index = 0; index < count; index++) {
    const data = Uint8Array.from(values.subarray(index * size, (index + 1) * size));
    const image = { width: fromWidth, height: fromHeight, channels: fromChannels, data };
    resized.set(fitImage(convertChannels(image, channels), { height, width }, fit).data, index * elementCount(to));
  }
  return resized;
}

function resizeMasks(samples: Samples, from: readonly number[], to: readonly number[], fit: PictureFit): Uint8Array {
  const [fromHeight = 1, fromWidth = 1] = from;
  const [height = 1, width = 1] = to;
  const masks = new Uint8Array(samples.count * height * width);
  for (let index = 0; index < samples.count; index++) {
    const labels = Uint8Array.from(
      samples.targets.subarray(index * fromHeight * fromWidth, (index + 1) * fromHeight * fromWidth),
    );
    const own = { height: fromHeight, width: fromWidth };
    masks.set(fitLabels(labels, own, { height, width }, fit, ignoredLabel), index * height * width);
  }
  return masks;
}

/**
 * Brings images to the size that the network asks for; says so when that changes them. A vector input takes images row by row
 * when the counts agree. What cannot be brought there stays as it is, for the check against the network to explain.
 */
export function fitToNetwork(
  dataset: Dataset,
  { wanted, reading = defaultReading }: Pick<OpenOptions, 'wanted' | 'reading'>,
): Result<Dataset> {
  const { inputShape } = dataset.info;
  if (wanted === null || inputShape.length !== 3) return success(reshapeTable(dataset, wanted));
  if (wanted.shape.length === 1) {
    const [units = null] = wanted.shape;
    const fits = units === null || units === elementCount(inputShape);
    return success(fits ? { ...dataset, info: { ...dataset.info, inputShape: [elementCount(inputShape)] } } : dataset);
  }
  if (wanted.shape.length !== 3) return success(dataset);
  const to = inputShape.map((size, axis) => wanted.shape[axis] ?? size);
  const { targetShape } = dataset.info;
  const pictureTo = targetShape === undefined ? null : targetFor(dataset.info, targetShape, to, wanted.targetChannels);
  const sameTarget = pictureTo === null || pictureTo.join() === targetShape?.join();
  if (sameTarget && to.every((size, axis) => size === inputShape[axis])) return success(dataset);
  if (!pictureChannels.includes(to[2] ?? 0)) return failure(channelsNotSupported(to[2] ?? 0));
  const hasMasks = dataset.info.task === 'segmentation';
  // What is resized and what comes of it are in memory together.
  const bytesPerSample = [inputShape, to, targetShape ?? [0], pictureTo ?? [0]]
    .map((shape) => elementCount(shape))
    .reduce((sum, size) => sum + size);
  const { train, validation, test } = dataset;
  const count = train.count + validation.count + (test?.count ?? 0);
  const tooLarge = checkMemory(count, bytesPerSample, to);
  if (tooLarge !== null) return failure(tooLarge);
  const { fit } = reading;
  const [fromHeight = 1, fromWidth = 1] = inputShape;
  const [height = 1, width = 1] = to;
  const [from, into] = [
    { height: fromHeight, width: fromWidth },
    { height, width },
  ];
  const proportions = changesProportions(from, into);
  const colours = to[2] === 1 && inputShape[2] === 3;
  const resized = (samples: Samples): Samples => {
    const { count: own, inputs, targets } = samples;
    const brought = {
      count: own,
      inputs: resizePictures(inputs, own, inputShape, to, fit),
    };
    if (hasMasks) return { ...brought, targets: resizeMasks(samples, inputShape, to, fit) };
    if (pictureTo === null || targetShape === undefined) return { ...brought, targets };
    return { ...brought, targets: resizePictures(targets, own, targetShape, pictureTo, fit) };
  };
  return success({
    ...withSamples(dataset, resized),
    info: {
      ...dataset.info,
      inputShape: to,
      ...(pictureTo === null ? {} : { targetShape: pictureTo }),
      warnings: [
        ...dataset.info.warnings,
        dataResized(formatShape(inputShape), formatShape(to), { proportions, colours, fit }),
      ],
    },
    targetShape: hasMasks ? to.slice(0, 2) : (pictureTo ?? dataset.targetShape),
    hasIgnored: dataset.hasIgnored === true || (hasMasks && fit === 'letterbox' && canHaveBars(from, into)),
  });
}

/** What pictures to be learned come to beside inputs of the shape `to`. */
function targetFor(
  { inputShape }: DataInfo,
  targetShape: readonly number[],
  to: readonly number[],
  channels: number | null | undefined,
): readonly number[] {
  const sized = targetAt({ inputShape, targetShape }, to);
  return [...sized.slice(0, 2), channelsFor(sized[2] ?? 1, channels)];
}

/** A row of a table may also be written `[1, 1, units]` or so: the same numbers in the same order. */
function reshapeTable(dataset: Dataset, wanted: OpenOptions['wanted']): Dataset {
  const [units = 0] = dataset.info.inputShape;
  if (wanted === null || dataset.info.inputShape.length !== 1 || wanted.shape.includes(null)) return dataset;
  const shape = wanted.shape.map((size) => size ?? 1);
  return elementCount(shape) === units ? { ...dataset, info: { ...dataset.info, inputShape: shape } } : dataset;
}

/** Whether two specs name the same data, however their paths are written. */
export function isSameData(a: string, b: string): boolean {
  const normal = (spec: string): string => {
    const colon = spec.indexOf(':');
    return colon < 0 ? spec : `${spec.slice(0, colon)}:${resolve(spec.slice(colon + 1))}`;
  };
  return normal(a) === normal(b);
}

/** How data are read for a model: a share is of those that it is trained on, and of others nothing is left out. */
export function readingFor(config: TrainingConfig, spec: string): DataReading {
  const reading = readingOf(config);
  return isSameData(spec, config.data) ? reading : { ...reading, share: defaultReading.share };
}

/** What is wrong with data in which there is nothing to tell apart. */
function trapsOf({ task, classes: [only, ...others] }: DataInfo): readonly Diagnostic[] {
  // Of one class alone it can still be asked whether it is there.
  if (!isOfClasses(task) || only === undefined || others.length > 0) return [];
  return [oneClassOnly(only, task === 'segmentation')];
}

/** The data with all that is to be said of them among their warnings. `isForTraining`: they say themselves what they are. */
function withFindings(dataset: Dataset, isForTraining: boolean): Dataset {
  const { info, notes = [] } = dataset;
  const found = [...(isForTraining ? trapsOf(info) : []), ...notes];
  return found.length === 0 ? dataset : { ...dataset, info: { ...info, warnings: [...info.warnings, ...found] } };
}

/** Opens the data that a spec names, as on the command line. */
export async function openData(spec: string, options: OpenOptions): Promise<Result<Dataset>> {
  const parsed = parseDataSpec(spec);
  if (parsed === null) return failure(unknownDataSpec(spec, dataSources.map(dataSpecPattern)));
  const { source, path: given } = parsed;
  const path = resolve(given);
  if (source.takes !== null) {
    if (given === '') return failure(dataNeedsPath(dataSpecPattern(source)));
    const problem = await checkPath(source, path);
    if (problem !== null) return failure(problem);
  }
  try {
    const read = await loaders[source.kind](path, options);
    if (!read.ok) return read;
    const dataset = withFindings(read.value, options.readAs === undefined);
    const { trainCount, validationCount, testCount = 0 } = dataset.info;
    const count = trainCount + validationCount + testCount;
    // To be scored one sample is enough; to train there must be one to validate on.
    const isTooFew = options.readAs === undefined ? trainCount === 0 || validationCount === 0 : count === 0;
    if (isTooFew) return failure(tooFewSamples(given, count));
    return options.infoOnly ? success(dataset) : fitToNetwork(dataset, options);
  } catch (error) {
    return failure(dataDamaged(given === '' ? spec : path, errorText(error)));
  }
}
