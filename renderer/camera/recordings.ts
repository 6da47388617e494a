import { create } from 'zustand';
import type { HostRequests } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { defaultRecordedSide } from '../../shared/schema/recording';
import type { Recording } from '../../shared/schema/recording';

/** A recorded picture: its bytes, or the name of its file where it has been saved; and where an element finds it, once it was read. */
export type RecordedPicture = { readonly id: number; readonly of: Blob | string; readonly url: string | null };

/** A class that is being recorded. */
export type RecordedClass = {
  readonly id: number;
  readonly name: string;
  /** It has a folder, whose name it keeps. */
  readonly isKept: boolean;
  readonly pictures: readonly RecordedPicture[];
};

/** What was deleted and can come back, and where it was: a picture of a class, or a class with all of them. */
type Deleted =
  | { readonly at: number; readonly from: number; readonly picture: RecordedPicture }
  | { readonly at: number; readonly whole: RecordedClass };

/** What has been recorded and is not saved yet. */
export type Recordings = {
  readonly side: number;
  readonly classes: readonly RecordedClass[];
  /** The recording that this one goes on with, as it is on disk; null for a new one. */
  readonly earlier: Recording | null;
  readonly deleted: readonly Deleted[];
};

/** One message must hold all of them; a little of it is words. */
const mostBytes = limits.messageBytes - 1_000_000;

let lastId = 0;

function emptyClass(): RecordedClass {
  return { id: ++lastId, name: '', isKept: false, pictures: [] };
}

function nothing(): Recordings {
  return { side: defaultRecordedSide, classes: [emptyClass(), emptyClass()], earlier: null, deleted: [] };
}

/** The recordings of this window: they outlive the dialog that they are made in. */
export const useRecordings = create<Recordings>(nothing);

function change(id: number, make: (one: RecordedClass) => RecordedClass): void {
  useRecordings.setState(({ classes }) => ({ classes: classes.map((one) => (one.id === id ? make(one) : one)) }));
}

/** Gives up all pictures, those too that could come back. */
function begin(next: Recordings): void {
  const { classes, deleted } = useRecordings.getState();
  const gone = deleted.flatMap((one) => ('whole' in one ? one.whole.pictures : [one.picture]));
  for (const { url } of [...classes.flatMap(({ pictures }) => pictures), ...gone]) {
    if (url !== null) URL.revokeObjectURL(url);
  }
  useRecordings.setState(next);
}

function newPictures({ classes }: Recordings): readonly Blob[] {
  return classes.flatMap(({ pictures }) => pictures).flatMap(({ of }) => (typeof of === 'string' ? [] : [of]));
}

/** How many pictures there are in all. */
export function countPictures({ classes }: Recordings): number {
  return classes.reduce((sum, { pictures }) => sum + pictures.length, 0);
}

/** Whether no more pictures can be taken before these are saved. */
export function isFull(recordings: Recordings): boolean {
  const taken = newPictures(recordings);
  return taken.length >= limits.recordedPictures || taken.reduce((sum, { size }) => sum + size, 0) >= mostBytes;
}

/** Whether something would be lost that is not on disk: pictures were taken or deleted. */
export function hasChanges(recordings: Recordings): boolean {
  return newPictures(recordings).length > 0 || deletedFiles(recordings).length > 0;
}

/** What of the recording on disk is to go. */
function deletedFiles({ classes, earlier }: Recordings): Recording['classes'] {
  const left = new Map(classes.filter(({ isKept }) => isKept).map(({ name, pictures }) => [name, pictures]));
  return (earlier?.classes ?? []).flatMap(({ name, files }) => {
    const own = new Set(left.get(name)?.map(({ of }) => of));
    const gone = files.filter((file) => !own.has(file));
    return gone.length === 0 ? [] : [{ name, files: gone }];
  });
}

export function addClass(): void {
  useRecordings.setState(({ classes }) => ({ classes: [...classes, emptyClass()] }));
}

export function removeClass(id: number): void {
  useRecordings.setState(({ classes, deleted }) => {
    const at = classes.findIndex((one) => one.id === id);
    const whole = classes[at];
    if (whole === undefined) return {};
    // An empty one, too: pictures that were deleted of it come back only where it is.
    return { classes: classes.toSpliced(at, 1), deleted: [...deleted, { at, whole }] };
  });
}

export function nameClass(id: number, name: string): void {
  change(id, (one) => ({ ...one, name }));
}

/** Puts a picture to those of a class; nothing happens when there are as many as there may be. */
export function addPicture(id: number, blob: Blob): void {
  if (isFull(useRecordings.getState())) return;
  const picture = { id: ++lastId, of: blob, url: URL.createObjectURL(blob) };
  change(id, (one) => ({ ...one, pictures: [...one.pictures, picture] }));
}

export function removePicture(id: number, pictureId: number): void {
  const pictures = useRecordings.getState().classes.find((one) => one.id === id)?.pictures ?? [];
  const at = pictures.findIndex((one) => one.id === pictureId);
  const picture = pictures[at];
  if (picture === undefined) return;
  change(id, (one) => ({ ...one, pictures: one.pictures.toSpliced(at, 1) }));
  useRecordings.setState(({ deleted }) => ({ deleted: [...deleted, { at, from: id, picture }] }));
}

/** Brings back what was deleted last. */
export function undoDeletion(): void {
  const { deleted } = useRecordings.getState();
  const last = deleted.at(-1);
  if (last === undefined) return;
  useRecordings.setState({ deleted: deleted.slice(0, -1) });
  if ('whole' in last) {
    useRecordings.setState(({ classes }) => ({ classes: classes.toSpliced(last.at, 0, last.whole) }));
  } else {
    change(last.from, (one) => ({ ...one, pictures: one.pictures.toSpliced(last.at, 0, last.picture) }));
  }
}

/** Says where elements find pictures that have been read from the disk. */
export function showPictures(id: number, urls: ReadonlyMap<string, string>): void {
  change(id, (one) => ({
    ...one,
    pictures: one.pictures.map((picture) => {
      const url = typeof picture.of === 'string' && picture.url === null ? urls.get(picture.of) : undefined;
      return url === undefined ? picture : { ...picture, url };
    }),
  }));
}

/** Pictures of one set have one size: those of another are given up. */
export function setSide(side: number): void {
  const { classes } = useRecordings.getState();
  begin({ ...nothing(), side, classes: classes.map((one) => ({ ...one, pictures: [] })) });
}

export function clearRecordings(): void {
  begin(nothing());
}

/** Goes on with a recording as it is on disk. */
export function goOnWith(earlier: Recording): void {
  const classes = earlier.classes.map(({ name, files }) => ({
    id: ++lastId,
    name,
    isKept: true,
    pictures: files.map((of) => ({ id: ++lastId, of, url: null })),
  }));
  begin({ side: earlier.side, classes: classes.length === 0 ? [emptyClass()] : classes, earlier, deleted: [] });
}

/** What the host is asked to write. Classes without a new picture are left out. */
export async function recordingRequest(recordings: Recordings, dir: string): Promise<HostRequests['data.record'][0]> {
  const used = recordings.classes.filter((one) => newPictures({ ...recordings, classes: [one] }).length > 0);
  const all = used.flatMap((one, label) =>
    newPictures({ ...recordings, classes: [one] }).map((blob) => ({ blob, label })),
  );
  return {
    dir,
    classes: used.map(({ name }) => name),
    labels: Int32Array.from(all, ({ label }) => label),
    lengths: Int32Array.from(all, ({ blob }) => blob.size),
    bytes: new Uint8Array(await new Blob(all.map(({ blob }) => blob)).arrayBuffer()),
    ...(recordings.earlier === null ? {} : { deleted: deletedFiles(recordings) }),
  };
}
