import { create } from 'zustand';
import type { HostRequests } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { defaultRecordedSide } from '../../shared/schema/recording';

/** A recorded picture: its file, and where an element finds it. */
export type RecordedPicture = { readonly id: number; readonly blob: Blob; readonly url: string };

/** A class that is being recorded. */
export type RecordedClass = {
  readonly id: number;
  readonly name: string;
  readonly pictures: readonly RecordedPicture[];
};

/** What has been recorded and is not saved yet. */
export type Recordings = { readonly side: number; readonly classes: readonly RecordedClass[] };

/** One message must hold all of them; a little of it is words. */
const mostBytes = limits.messageBytes - 1_000_000;

let lastId = 0;

function emptyClass(): RecordedClass {
  return { id: ++lastId, name: '', pictures: [] };
}

function nothing(): Recordings {
  return { side: defaultRecordedSide, classes: [emptyClass(), emptyClass()] };
}

/** The recordings of this window: they outlive the dialog that they are made in. */
export const useRecordings = create<Recordings>(nothing);

function change(id: number, make: (one: RecordedClass) => RecordedClass): void {
  useRecordings.setState(({ classes }) => ({ classes: classes.map((one) => (one.id === id ? make(one) : one)) }));
}

function forget(pictures: readonly RecordedPicture[]): void {
  for (const { url } of pictures) URL.revokeObjectURL(url);
}

/** How many pictures there are in all. */
export function countPictures({ classes }: Recordings): number {
  return classes.reduce((sum, { pictures }) => sum + pictures.length, 0);
}

/** Whether no more pictures can be taken before these are saved. */
export function isFull(recordings: Recordings): boolean {
  const bytes = recordings.classes.flatMap(({ pictures }) => pictures).reduce((sum, { blob }) => sum + blob.size, 0);
  return countPictures(recordings) >= limits.recordedPictures || bytes >= mostBytes;
}

export function addClass(): void {
  useRecordings.setState(({ classes }) => ({ classes: [...classes, emptyClass()] }));
}

export function removeClass(id: number): void {
  useRecordings.setState(({ classes }) => {
    forget(classes.find((one) => one.id === id)?.pictures ?? []);
    return { classes: classes.filter((one) => one.id !== id) };
  });
}

export function nameClass(id: number, name: string): void {
  change(id, (one) => ({ ...one, name }));
}

/** Puts a picture to those of a class; nothing happens when there are as many as there may be. */
export function addPicture(id: number, blob: Blob): void {
  if (isFull(useRecordings.getState())) return;
  const picture = { id: ++lastId, blob, url: URL.createObjectURL(blob) };
  change(id, (one) => ({ ...one, pictures: [...one.pictures, picture] }));
}

export function removePicture(id: number, pictureId: number): void {
  change(id, (one) => {
    forget(one.pictures.filter((picture) => picture.id === pictureId));
    return { ...one, pictures: one.pictures.filter((picture) => picture.id !== pictureId) };
  });
}

/** Pictures of one set have one size: those of another are given up. */
export function setSide(side: number): void {
  useRecordings.setState(({ classes }) => {
    forget(classes.flatMap(({ pictures }) => pictures));
    return { side, classes: classes.map((one) => ({ ...one, pictures: [] })) };
  });
}

export function clearRecordings(): void {
  forget(useRecordings.getState().classes.flatMap(({ pictures }) => pictures));
  useRecordings.setState(nothing());
}

/** What the host is asked to write. Classes without a picture are left out. */
export async function recordingRequest({ classes }: Recordings, dir: string): Promise<HostRequests['data.record'][0]> {
  const used = classes.filter(({ pictures }) => pictures.length > 0);
  const all = used.flatMap(({ pictures }, label) => pictures.map(({ blob }) => ({ blob, label })));
  return {
    dir,
    classes: used.map(({ name }) => name),
    labels: Int32Array.from(all, ({ label }) => label),
    lengths: Int32Array.from(all, ({ blob }) => blob.size),
    bytes: new Uint8Array(await new Blob(all.map(({ blob }) => blob)).arrayBuffer()),
  };
}
