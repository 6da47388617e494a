import { ignoredLabel } from '../../shared/compile/losses';
import { annotationsWithoutOutlines } from '../../shared/diagnostics/catalog/annotations';
import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { picturesOfSeveralClasses } from '../../shared/diagnostics/catalog/labels';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataPart, Task } from '../../shared/schema/data';
import { defaultReading } from '../../shared/schema/training';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { peekImages } from './folder';
import type { PeekedImage } from './folder';
import { loadClassedPictures } from './images';
import { isReason, notAnImage } from './imageFile';
import { loadLabelledPictures } from './labels';
import type { ImageHeader } from './imageFile';
import { loadMaskedPictures } from './masks';
import { foundPicture } from './pictureParts';
import type { FoundPicture } from './pictureParts';
import { areaOf } from './regions';
import type { Region } from './regions';

/** What an outline encloses, before its class is a key; null for an object with a box alone. */
export type Outline = { readonly rings: readonly (readonly number[])[] } | { readonly runs: readonly number[] };

/** A thing in a picture. */
export type AnnotatedObject = {
  /** Its place among the classes. */
  readonly classIndex: number;
  readonly outline: Outline | null;
  /** Many things, roughly covered. */
  readonly isCrowd: boolean;
};

/** A picture with what is in it. */
export type AnnotatedPicture = {
  readonly path: string;
  /** Its path within the data. */
  readonly name: string;
  readonly subFolder: string | null;
  readonly part: DataPart | null;
  /** What is in a picture of this size, or why its annotations are of no use. */
  readonly objectsIn: (header: ImageHeader) => readonly AnnotatedObject[] | Text;
};

/** Annotations of pictures, whatever their files look like. */
export type Annotations = {
  readonly spec: string;
  readonly dir: string;
  readonly classes: readonly string[];
  readonly pictures: readonly AnnotatedPicture[];
};

const annotatedTasks = {
  masks: 'segmentation',
  classes: 'classification',
  labels: 'multi-label',
} as const satisfies Record<string, Task>;

/** What annotations are learned as: as those were that a model was trained on, as the settings say, or as there are outlines. */
export function annotatedTask(
  { readAs, reading = defaultReading }: OpenOptions,
  hasOutlines: boolean,
): 'segmentation' | 'classification' | 'multi-label' {
  if (readAs?.task === 'segmentation' || readAs?.task === 'multi-label') return readAs.task;
  if (readAs !== undefined) return 'classification';
  const { annotations } = reading;
  return annotatedTasks[annotations === 'auto' ? (hasOutlines ? 'masks' : 'classes') : annotations];
}

type Seen = {
  readonly picture: AnnotatedPicture;
  readonly found: PeekedImage;
  readonly objects: readonly AnnotatedObject[];
};

async function lookAtPictures(pictures: readonly AnnotatedPicture[], skipped: SkipLog): Promise<readonly Seen[]> {
  const peeked = await peekImages(pictures.map(({ path }) => path));
  return pictures.flatMap((picture, index) => {
    const found = peeked[index] ?? notAnImage;
    const objects = isReason(found) ? found : picture.objectsIn(found.header);
    if (!isReason(found) && !isReason(objects)) return [{ picture, found, objects }];
    skipped.add(picture.name, isReason(objects) ? objects : notAnImage);
    return [];
  });
}

/** What a class for the ground is called in files that have one. */
const groundNames = ['background', '_background_'];

/** The classes of masks: the ground first, of which every picture has some; and the key of each class of the annotations. */
function maskClassesOf(classes: readonly string[]): {
  readonly names: readonly string[];
  readonly keyOf: readonly number[];
} {
  const isGround = (name: string): boolean => groundNames.includes(name.toLowerCase());
  const names = [groundNames[0] ?? '', ...classes.filter((name) => !isGround(name))];
  return { names, keyOf: classes.map((name) => (isGround(name) ? 0 : names.indexOf(name))) };
}

const boxAlone = text('it has an object with a box and no outline', '其中有只有边框、没有轮廓的目标');

/** Crowds lie below all else, and small things over large ones: a cup stands on a table. */
function regionsOf(objects: readonly AnnotatedObject[], keyOf: readonly number[]): readonly Region[] | null {
  const regions = objects.map(({ classIndex, outline, isCrowd }): Region | null =>
    outline === null ? null : { key: isCrowd ? ignoredLabel : (keyOf[classIndex] ?? 0), ...outline },
  );
  const drawn = regions.flatMap((region) => (region === null ? [] : [{ region, area: areaOf(region) }]));
  if (drawn.length < regions.length) return null;
  const rank = ({ key }: Region): number => (key === ignoredLabel ? 0 : 1);
  return drawn.sort((a, b) => rank(a.region) - rank(b.region) || b.area - a.area).map(({ region }) => region);
}

function foundIn({ picture: { name, subFolder, part }, found }: Seen): FoundPicture {
  return foundPicture(found, { name, subFolder, part });
}

function withMasks(seen: readonly Seen[], keyOf: readonly number[], skipped: SkipLog): readonly FoundPicture[] {
  return seen.flatMap((one) => {
    const found = foundIn(one);
    const mask = regionsOf(one.objects, keyOf);
    if (mask !== null) return [{ ...found, job: { ...found.job, mask } }];
    skipped.add(found.name, boxAlone);
    return [];
  });
}

/** Why a picture has no class of its own. */
function severalClasses(names: readonly string[]): Text {
  const shown = names.slice(0, 3);
  const rest = names.length > shown.length;
  return text(
    `it shows several classes: ${shown.join(', ')}${rest ? ' and others' : ''}`,
    `其中有多个类别：${shown.join('、')}${rest ? ' 等' : ''}`,
  );
}

/** Pictures in which all things are of one class, with that class; the others are named. */
function withOneClass(
  pictures: readonly { readonly found: FoundPicture; readonly classesIn: readonly number[] }[],
  classes: readonly string[],
  skipped: SkipLog,
): readonly FoundPicture[] {
  return pictures.flatMap(({ found, classesIn }) => {
    const [label, ...others] = new Set(classesIn);
    if (label !== undefined && others.length === 0) return [{ ...found, job: { ...found.job, label } }];
    const names = [...new Set(classesIn)].map((index) => classes[index] ?? '');
    skipped.add(
      found.name,
      label === undefined ? text('nothing in it is annotated', '没有标注任何目标') : severalClasses(names),
    );
    return [];
  });
}

/** Pictures with the classes of what is in them, however they were annotated. */
export type ShowingPictures = {
  readonly spec: string;
  readonly dir: string;
  readonly classes: readonly string[];
  readonly showing: readonly { readonly found: FoundPicture; readonly classesIn: readonly number[] }[];
  readonly total: number;
  /** Whether masks could be made of the same annotations. */
  readonly hasMasks: boolean;
};

/** The data set that pictures make with the classes of what is in them: with the one that each shows alone, or with all. */
export async function loadShowing(
  { spec, dir, classes, showing, total, hasMasks }: ShowingPictures,
  task: 'classification' | 'multi-label',
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Dataset>> {
  if (task === 'multi-label') {
    const sets = showing.map(({ classesIn }) => [...new Set(classesIn)].sort((a, b) => a - b));
    const pictures = showing.map(({ found }, label) => ({ ...found, job: { ...found.job, label } }));
    const otherTask = hasMasks ? 'segmentation' : 'classification';
    return await loadLabelledPictures({ spec, pictures, total, classes, sets, otherTask }, dir, options, skipped);
  }
  const pictures = withOneClass(showing, classes, skipped);
  const several = showing.filter(({ classesIn }) => new Set(classesIn).size > 1).length;
  const notes = several === 0 || options.readAs !== undefined ? [] : [picturesOfSeveralClasses(several)];
  const otherTask = hasMasks ? 'segmentation' : 'multi-label';
  return await loadClassedPictures({ spec, pictures, total, classes, notes, otherTask }, dir, options, skipped);
}

function tooManyClasses(count: number): Text {
  return text(
    `The annotations have ${count} classes with the ground; masks hold at most ${ignoredLabel}.`,
    `标注连同背景共有 ${count} 个类别；掩码最多 ${ignoredLabel} 个。`,
  );
}

/** The data set that annotated pictures make: with masks, with one class each, or with all classes of each. `skipped` has what the files alone ruled out. */
export async function loadAnnotated(
  { spec, dir, classes, pictures }: Annotations,
  options: OpenOptions,
  skipped: SkipLog = createSkipLog(),
): Promise<Result<Dataset>> {
  const total = pictures.length + skipped.count;
  const seen = await lookAtPictures(pictures, skipped);
  if (seen.length === 0) return failure(skipped.nothing(dir));
  const hasOutlines = seen.some(({ objects }) => objects.some(({ outline }) => outline !== null));
  const task = annotatedTask(options, hasOutlines);
  if (task !== 'segmentation') {
    const showing = seen.map((one) => ({
      found: foundIn(one),
      classesIn: one.objects.map(({ classIndex }) => classIndex),
    }));
    return await loadShowing({ spec, dir, classes, showing, total, hasMasks: hasOutlines }, task, options, skipped);
  }
  if (!hasOutlines) return failure(annotationsWithoutOutlines(dir));
  const { names, keyOf } = maskClassesOf(classes);
  if (names.length > ignoredLabel) return failure(dataLayout(dir, tooManyClasses(names.length)));
  const pairs = withMasks(seen, keyOf, skipped);
  return await loadMaskedPictures(
    { spec, dir, pairs, total, names, areNumbered: true, otherTask: 'classification' },
    options,
    skipped,
  );
}
