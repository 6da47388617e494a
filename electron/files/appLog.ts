import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './fileErrors';

/** Which of the app's processes a line is about. */
export type LogSource = 'host' | 'page' | 'trainer';

/** A process that ended by its own fault. */
export type CrashReport = { readonly at: string; readonly source: LogSource; readonly message: string };

/** The app's diary, for a report of a fault: what it is, what failed, what died. */
export type AppLog = {
  readonly dir: string;
  /** Versions and platform. */
  readonly about: string;
  /** Never fails: a disk that takes no line has other troubles. */
  add(source: LogSource, what: string): void;
  /** A line, and a report of its own beside the log. */
  crash(source: LogSource, message: string, details: string): void;
  /** The whole of the log, oldest first. */
  read(): string;
  /** Reports that were not told yet; they count as told from now on. */
  takeCrashes(): readonly CrashReport[];
};

export type AppLogOptions = {
  readonly dir: string;
  /** What stands at the head of a report: versions and platform. */
  readonly about: string;
  /** Takes out what is nobody's business. */
  readonly clean: (text: string) => string;
  readonly now: () => Date;
};

/** The log is kept in two parts of at most this size; the older one goes. */
const partBytes = 500_000;
/** Of one entry: a message may hold a whole file. */
const entryLength = 8000;
/** Reports beside the log: of a process that dies again and again the last ones tell enough. */
const keptCrashes = 20;

const logName = 'convloom.log';
const olderName = 'convloom.1.log';
const anyCrash = /^crash-.*\.json$/;
const newCrash = /^crash-.*\.new\.json$/;

function isCrash(value: unknown): value is CrashReport {
  if (typeof value !== 'object' || value === null) return false;
  const { at, source, message } = value as Partial<Record<keyof CrashReport, unknown>>;
  return typeof at === 'string' && typeof source === 'string' && typeof message === 'string';
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Lets a fault of the disk be: what is written here is of use to whoever looks for faults, and to nobody else. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    return;
  }
}

/**
 * Writes a report under a name that none has yet, told ones included: several processes may die in one millisecond, and their reports be
 * written by several hosts. Names sort by age, `Z-host` before `Z.001-host`.
 */
function writeReport(dir: string, at: string, source: LogSource, content: string): void {
  const stem = `crash-${at.replaceAll(':', '-')}`;
  const taken = readdirSync(dir).flatMap((name) =>
    name.startsWith(stem) ? [Number(name.slice(stem.length + 1, stem.length + 4)) || 0] : [],
  );
  for (let count = taken.length === 0 ? 0 : Math.max(...taken) + 1; ; count++) {
    const number = count === 0 ? '' : `.${String(count).padStart(3, '0')}`;
    try {
      writeFileSync(join(dir, `${stem}${number}-${source}.new.json`), content, { flag: 'wx' });
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/** Keeps the log in a folder. Written at once and in one call: a process that dies has said what it had to say. */
export function createAppLog({ dir, about, clean, now }: AppLogOptions): AppLog {
  const path = join(dir, logName);
  const write = (line: string): void =>
    attempt(() => {
      mkdirSync(dir, { recursive: true });
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > partBytes) renameSync(path, join(dir, olderName));
      appendFileSync(path, line);
    });
  const add = (source: LogSource, what: string): void => {
    const lines = clean(what).slice(0, entryLength).split('\n');
    write(`${now().toISOString()} ${source} ${lines.join('\n    ')}\n`);
  };
  const read = (): string => readIfThere(join(dir, olderName)) + readIfThere(path);
  return {
    dir,
    about,
    add,
    read,
    crash: (source, message, details) => {
      add(source, `ended unexpectedly: ${message}\n${details}`);
      attempt(() => {
        const at = now().toISOString();
        const report = {
          at,
          source,
          message: clean(message).slice(0, entryLength),
          about,
          details: clean(details).slice(0, entryLength),
          log: read().slice(-20_000),
        };
        writeReport(dir, at, source, `${JSON.stringify(report, null, 2)}\n`);
        const names = readdirSync(dir).filter((name) => anyCrash.test(name));
        for (const name of names.sort().slice(0, -keptCrashes)) rmSync(join(dir, name), { force: true });
      });
    },
    takeCrashes: () => {
      const found: CrashReport[] = [];
      attempt(() => {
        const names = readdirSync(dir)
          .filter((name) => newCrash.test(name))
          .sort();
        for (const name of names.slice(-keptCrashes)) {
          attempt(() => {
            const report: unknown = JSON.parse(readFileSync(join(dir, name), 'utf8'));
            renameSync(join(dir, name), join(dir, name.replace('.new.json', '.json')));
            if (isCrash(report)) found.push({ at: report.at, source: report.source, message: report.message });
          });
        }
      });
      return found;
    },
  };
}
