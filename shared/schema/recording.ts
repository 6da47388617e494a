import { limits } from './limits';

/** Signs that some system has in no name of a folder. */
const forbidden = /[\\/:*?"<>|]/;
/** Names that Windows keeps for devices, whatever stands behind a dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
/** Folders that are parts of a set and no classes. */
const parts = /^(train|val|valid|validation|test)$/i;

function hasControlSign(name: string): boolean {
  return Array.from(name).some((sign) => (sign.codePointAt(0) ?? 0) < 32);
}

/** What keeps a name from being that of a class whose pictures lie in a folder: nothing is there, it is taken, or no folder can have it. */
export type ClassNameFault = 'empty' | 'taken' | 'unusable';

/** Says what is wrong with the name of a class beside other names; null where nothing is. */
export function classNameFault(name: string, others: readonly string[]): ClassNameFault | null {
  if (name.trim() === '') return 'empty';
  const isTooLong = name.length > limits.className;
  if (isTooLong || forbidden.test(name) || hasControlSign(name) || reserved.test(name)) return 'unusable';
  // Hidden ones are not read, some systems drop a dot at the end, and spaces are seen by nobody.
  if (name.startsWith('.') || name.endsWith('.') || name.trim() !== name || parts.test(name)) return 'unusable';
  return others.some((other) => other.toLowerCase() === name.toLowerCase()) ? 'taken' : null;
}

/** Sides of recorded pictures in pixels, the usual inputs of networks. */
export const recordedSides = [28, 64, 96, 128, 160, 224] as const;
export const defaultRecordedSide = 96;
/** Pictures a second while the camera records. */
export const recordedPerSecond = 8;

/** What has been recorded into a folder: its classes, and the names of their pictures in the order in which they were taken. */
export type Recording = {
  readonly dir: string;
  /** Of its pictures, in pixels. */
  readonly side: number;
  readonly classes: readonly { readonly name: string; readonly files: readonly string[] }[];
};
