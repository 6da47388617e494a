import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/**
 * The folder that keeps runs, drafts and settings: `CONVLOOM_HOME`, else the platform's place for an app's data
 * (`$XDG_DATA_HOME/convloom`, `~/Library/Application Support/Convloom`, `%APPDATA%\Convloom`).
 */
export function defaultDataDir(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const own = absolute(environment['CONVLOOM_HOME']);
  if (own !== undefined) return own;
  if (platform === 'win32')
    return join(absolute(environment['APPDATA']) ?? join(home, 'AppData', 'Roaming'), 'Convloom');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Convloom');
  // The XDG base directory specification: a relative value is invalid and must be ignored.
  return join(absolute(environment['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'convloom');
}

/** The folder for what can be fetched again: `$XDG_CACHE_HOME/convloom`, `~/Library/Caches/Convloom`, `%LOCALAPPDATA%\Convloom`. */
export function cacheDir(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const named = environment['XDG_CACHE_HOME'];
  if (named !== undefined && isAbsolute(named)) return join(named, 'convloom');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Convloom');
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Convloom');
  return join(home, '.cache', 'convloom');
}

/** The folder of a run, or a model: what is named is its path, or the id of a run in the app's data folder. */
export function findRun(named: string): string {
  const path = resolve(named);
  const byId = join(defaultDataDir(), 'runs', named);
  return !existsSync(path) && existsSync(byId) ? byId : path;
}

/** Where the open and save dialogs start. */
export function defaultProjectsDir(home: string = homedir()): string {
  const documents = join(home, 'Documents');
  return existsSync(documents) ? documents : home;
}

/** The app's own folder, which holds `out/`, `templates/` and `package.json`: the nearest package above `from`. */
export function findAppRoot(from: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json')) && existsSync(join(dir, 'templates'))) return dir;
    if (dirname(dir) === dir) return from;
  }
}
