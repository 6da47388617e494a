import {
  channelsNotSupported,
  classesEmpty,
  classesNotValidated,
  picturesConverted,
} from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { DataInfo } from '../../shared/host/api';
import { defaultReading } from '../../shared/schema/training';
import { text } from '../../shared/text';
import { pictureChannels } from '../../shared/schema/data';
import type { DataPart } from '../../shared/schema/data';
import { describeAdaptation } from './adaptation';
import { uncounted } from './dataset';
import type { Dataset, OpenOptions, Origin, Samples, SkipLog } from './dataset';
import { chooseInputShape } from './folder';
import type { PeekedImage } from './folder';
import type { ImageHeader } from './imageFile';
import { drawSamples } from './pictureSamples';
import type { Drawing, LabelledJob } from './pictureSamples';
import type { PictureFit } from './resize';
import { snapshotOf } from './snapshot';
import { groupOf, plainSplitText, rarestSplitText, splitSamples, splitText, stratifiedSplitText } from './split';
import type { Split } from './split';

/** A picture of a data set, before it is read. */
export type FoundPicture = {
  /** Its path within the data. */
  readonly name: string;
  /** The first folder on its path within its class or set; null for one that lies right in it. */
  readonly subFolder: string | null;
  /** What the folders say that it is for; null where they do not. */
  readonly part: DataPart | null;
  readonly header: ImageHeader;
  readonly job: LabelledJob;
};

/** A picture that was peeked at, with nothing beside it and of class 0 until it is given others. */
export function foundPicture(
  { path: image, header, stamp }: PeekedImage,
  place: Pick<FoundPicture, 'name' | 'subFolder' | 'part'>,
): FoundPicture {
  const { width, height } = header;
  return { ...place, header, job: { image, mask: null, target: null, width, height, stamp, label: 0 } };
}

/**
 * Says which classes have nothing to train on, and which the validation lacks; `held` null: what validates is chosen here, and not by the
 * data. Classes by their places.
 */
export function classGaps(
  classes: readonly string[],
  trained: Iterable<number>,
  held: Iterable<number> | null,
): readonly Diagnostic[] {
  const missing = (labels: Iterable<number>): readonly string[] => {
    const present = new Set(labels);
    return classes.filter((_, label) => !present.has(label));
  };
  const empty = missing(trained);
  const unscored = held === null ? [] : missing(held).filter((name) => !empty.includes(name));
  return [
    ...(empty.length > 0 ? [classesEmpty(empty)] : []),
    ...(unscored.length > 0 ? [classesNotValidated(unscored)] : []),
  ];
}

/** How pictures come to the input of a network. */
export type PictureInput = {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly fit: PictureFit;
  readonly headers: readonly ImageHeader[];
  /** What is said where they are not taken as they are. */
  readonly notes: readonly Diagnostic[];
};

/** How the pictures of a set come to the network's input; that there are none is a failure, as are channels that no picture has. */
export function chooseInput(
  pictures: readonly FoundPicture[],
  dir: string,
  { wanted, reading: { fit } = defaultReading }: OpenOptions,
  skipped: SkipLog,
): Result<PictureInput> {
  if (pictures.length === 0) return failure(skipped.nothing(dir));
  const headers = pictures.map(({ header }) => header);
  const [height = 1, width = 1, channels = 0] = chooseInputShape(headers, wanted);
  if (!pictureChannels.includes(channels)) return failure(channelsNotSupported(channels));
  const shape = [height, width, channels] as const;
  return success({ shape, fit, headers, notes: describeAdaptation(headers, shape, fit) });
}

/** The parts of a set of pictures: what its description says of them, and what is held of them. */
export type PictureParts = {
  readonly info: Pick<DataInfo, 'trainCount' | 'validationCount' | 'testCount' | 'snapshot' | 'split'>;
  readonly held: Pick<
    Dataset,
    'train' | 'validation' | 'test' | 'origins' | 'skips' | 'skipCount' | 'scaling' | 'notes'
  >;
};

function partsOf(
  pictures: readonly FoundPicture[],
  { hasClasses, strata }: Pick<PartedDrawing, 'hasClasses' | 'strata'>,
  { reading = defaultReading }: OpenOptions,
): Split {
  const { splitBy, testFraction, share } = reading;
  return splitSamples({
    classOf: pictures.map(({ job }) => (hasClasses ? (strata?.[job.label] ?? job.label) : 0)),
    given: pictures.map(({ part }) => part),
    testFraction,
    share,
    ...(splitBy === 'picture'
      ? {}
      : { groups: pictures.map(({ name, subFolder }) => groupOf(name, subFolder, splitBy)) }),
  });
}

function describe(
  pictures: readonly FoundPicture[],
  { hasClasses, strata }: Pick<PartedDrawing, 'hasClasses' | 'strata'>,
  { reading = defaultReading }: OpenOptions,
) {
  const has = (part: DataPart): boolean => pictures.some((picture) => picture.part === part);
  const own = hasClasses ? (strata === undefined ? stratifiedSplitText : rarestSplitText) : plainSplitText;
  const given = text('As the train and val parts of the data say.', '按数据自带的 train 与 val 划分。');
  return splitText(has('validation') ? given : own, reading, has('test'));
}

/** What is said where files hold more than is learned of them. */
function convertedNotes(pictures: readonly FoundPicture[], seeThrough: number): readonly Diagnostic[] {
  const count = (kind: ImageHeader['converted']): number =>
    pictures.filter(({ header }) => header.converted === kind).length;
  const found = { seeThrough, depth: count('depth'), cmyk: count('cmyk') };
  return found.seeThrough + found.depth + found.cmyk === 0 ? [] : [picturesConverted(found)];
}

function originOf({ name, header: { width, height, channels } }: FoundPicture, digest: string): Origin {
  return { name, width, height, channels, digest };
}

/** How pictures are drawn, and `dir`, where they lie. */
type PartedDrawing = Drawing & {
  readonly dir: string;
  readonly hasClasses: boolean;
  readonly classes: readonly string[];
  /** By label what is to be alike in the parts; absent: the label itself. */
  readonly strata?: readonly number[];
};

/**
 * Reads pictures and parts them; that none could be read is a failure. Those that turn out broken are named and left out before anything is split; for a description alone
 * nothing is read, and the numbers are those of files of which none is broken.
 */
export async function readPictureParts(
  pictures: readonly FoundPicture[],
  drawing: PartedDrawing,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<PictureParts>> {
  const { dir, classes } = drawing;
  const drawn = options.infoOnly
    ? null
    : await drawSamples(
        pictures.map(({ job }) => job),
        drawing,
        options,
      );
  if (drawn?.ok === false) return drawn;
  for (const { index, reason } of drawn?.value.skipped ?? []) skipped.add(pictures[index]?.name ?? '', reason);
  const good = drawn === null ? pictures : drawn.value.kept.flatMap((index) => pictures[index] ?? []);
  if (good.length === 0) return failure(skipped.nothing(dir));
  const digests = drawn?.value.digests ?? [];
  const split = partsOf(good, drawing, options);
  const take = (part: DataPart): Samples => drawn?.value.take(split[part]) ?? uncounted(split[part].length);
  const origins = (part: DataPart): readonly Origin[] =>
    split[part].flatMap((at) => {
      const picture = good[at];
      return picture === undefined ? [] : [originOf(picture, digests[at] ?? '')];
    });
  const [train, validation, test] = [take('train'), take('validation'), take('test')];
  const facts = good.map(({ name, job }, at) => `${name}\0${classes[job.label] ?? ''}\0${digests[at] ?? ''}`);
  const hasTest = test.count > 0;
  return success({
    info: {
      trainCount: train.count,
      validationCount: validation.count,
      ...(hasTest ? { testCount: test.count } : {}),
      ...(drawn === null ? {} : { snapshot: snapshotOf(facts.sort()) }),
      split: describe(good, drawing, options),
    },
    held: {
      train,
      validation,
      ...(hasTest ? { test } : {}),
      origins: { train: origins('train'), validation: origins('validation'), test: origins('test') },
      skips: skipped.list,
      skipCount: skipped.count,
      scaling: null,
      notes: convertedNotes(good, drawn?.value.seeThroughCount ?? 0),
    },
  });
}
