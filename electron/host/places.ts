import { readlink, realpath, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileNotOurs, placeProtected } from '../../shared/diagnostics/catalog/file';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { errorCode } from '../files/fileErrors';
import { modelExtension } from '../files/models';
import { readRegularFile } from '../files/regularFile';

/**
 * Where a page may write. Whoever holds the server's token speaks as the page does, so a page's word that a file may be overwritten is
 * not enough: what is not a network or a model stays, and folders that programs keep their settings in are closed. The command line
 * does what its user typed and asks nobody.
 */
export type Places = {
  /** The user has chosen this path in a dialog of the system, or it was opened or saved. */
  allow(path: string): void;
  /** Why a page may not write here; null when it may. `replaces`: whether it means to take the place of a file that is there. */
  whyNot(path: string, replaces: boolean): Promise<Diagnostic | null>;
};

export type PlacesOptions = {
  readonly dataDir: string;
  readonly projectsDir: string;
  /** Whether the user has worked with the file before. */
  readonly isRecent: (path: string) => Promise<boolean>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
};

const systemFolders: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['C:\\Windows', 'C:\\Program Files', 'C:\\Program Files (x86)', 'C:\\ProgramData'],
  darwin: ['/System', '/Library', '/Applications', '/bin', '/sbin', '/usr', '/etc', '/private/etc', '/dev'],
};
const unixFolders = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib64',
  '/proc',
  '/run/systemd',
  '/sbin',
  '/sys',
  '/usr',
];

/** Folders of a home that are hidden by custom and not by their name. */
const hiddenInHome: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['AppData'],
  darwin: ['Library'],
};

/** Links that lead to one another, as many as the system follows. */
const mostLinks = 40;

/** Where a path leads through links, when only its first part exists: a link to what is not there yet leads there, too. */
async function landing(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) !== 'ENOENT' || parent === path) return resolve(path);
    const folder = await landing(parent, links);
    const place = join(folder, basename(path));
    const led = await readlink(place).catch(() => null);
    return led === null || links >= mostLinks ? place : await landing(resolve(folder, led), links + 1);
  }
}

/** The way from a folder to what lies in it; null for what does not. */
function within(folder: string, path: string): string | null {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : way;
}

function isHidden(way: string): boolean {
  return way.split(/[\\/]/).some((part) => part.startsWith('.'));
}

/** What the app keeps in its data folder for itself: a page changes it by its requests alone. */
const ownState: ReadonlySet<string> = new Set([
  'settings.json',
  'recent.json',
  'recordings.json',
  'drafts',
  'blocks',
  'imports',
  'followed',
  'window.json',
  'logs',
]);

async function isProtected(path: string, options: PlacesOptions): Promise<boolean> {
  const { dataDir, projectsDir, platform = process.platform, home = homedir() } = options;
  const [target, data] = [await landing(path), await landing(dataDir)];
  const inData = within(data, target);
  if (inData !== null) return ownState.has(inData.split(sep)[0] ?? '');
  const homeFolder = await landing(home);
  const closed = (hiddenInHome[platform] ?? []).map((name) => join(homeFolder, name));
  // The system's folder for temporary files is inside a closed one on some systems, and so may the projects be by the user's wish.
  for (const folder of [await landing(projectsDir), await landing(tmpdir())]) {
    const way = within(folder, target);
    if (way !== null && folder !== homeFolder) return isHidden(way);
  }
  if (closed.some((folder) => within(folder, target) !== null)) return true;
  if ((systemFolders[platform] ?? unixFolders).some((folder) => within(folder, target) !== null)) return true;
  // What leads to the home itself is the system's choice.
  return isHidden(within(homeFolder, target) ?? target);
}

/** Whether a file is one that this app makes, by its name or by what is in it. */
async function isOurs(path: string): Promise<boolean> {
  if (path.endsWith('.convloom') || path.endsWith(modelExtension)) return true;
  try {
    const bytes = await readRegularFile(path, limits.documentBytes);
    if (bytes.length === 0) return true;
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && 'format' in value && value.format === 'convloom.network';
  } catch {
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  // A folder is never replaced; what writes one says so in its own words.
  return stat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  );
}

/** Keeps where the pages of one app may write. */
export function createPlaces(options: PlacesOptions): Places {
  const allowed = new Set<string>();
  const isKnown = async (path: string): Promise<boolean> =>
    allowed.has(resolve(path)) || (await options.isRecent(path));
  return {
    allow: (path) => void allowed.add(resolve(path)),
    whyNot: async (path, replaces) => {
      // What is no path is the writer's to say.
      if (!isAbsolute(path) || (await isKnown(path))) return null;
      if (await isProtected(path, options)) return placeProtected(path);
      const target = await landing(path);
      if (replaces && (await isFile(target)) && !(await isOurs(target))) return fileNotOurs(path);
      return null;
    },
  };
}
