import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorText } from '../../shared/text';
import { createAppLog } from '../files/appLog';
import type { AppLog } from '../files/appLog';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';
import { withoutPrivatePaths } from '../files/privacy';
import { isProcessAlive } from '../files/processes';
import type { ForkTrainer } from './trainerProcess';

export type DiaryOptions = {
  readonly appRoot: string;
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly projectsDir: string;
  readonly version: string;
  readonly form: string;
  readonly now: () => Date;
};

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run for a number that has no name.
    return '';
  }
}

/** The log of one app: it says of no path where it lies on this machine. */
export function createDiary(options: DiaryOptions): AppLog {
  const { appRoot, dataDir, cacheDir, projectsDir, version, form, now } = options;
  const folders = [
    { name: 'app', dir: appRoot },
    { name: 'data', dir: dataDir },
    { name: 'cache', dir: cacheDir },
  ];
  // Below these lie the user's own names.
  const own = [projectsDir, homedir()].filter((dir) => dir.length > 1);
  const user = userName();
  const clean = (text: string): string =>
    own.reduce((rest, dir) => rest.replaceAll(dir, '<path>'), withoutPrivatePaths(text, folders, user));
  const about = `Convloom ${version} (${form}), Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  return createAppLog({ dir: join(dataDir, 'logs'), about, clean, now });
}

/** Writes the log to a file that is sent along with the report of a fault. */
export async function saveDiary(
  log: AppLog,
  projectsDir: string,
  now: Date,
): Promise<Result<{ readonly path: string }>> {
  const path = join(projectsDir, `convloom-log-${now.toISOString().replace(/\D/g, '').slice(0, 14)}.txt`);
  try {
    await writeFileAtomically(path, `${log.about}\n\n${log.read()}`);
    return success({ path });
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}

/** Trainers whose unexpected ends stand in the log; one that the app ends itself is none. */
export function watchedTrainer(forkTrainer: ForkTrainer, log: AppLog): ForkTrainer {
  return () => {
    const trainer = forkTrainer();
    let isEnded = false;
    trainer.onExit(({ code, signal, errorOutput }) => {
      if (isEnded || (code === 0 && signal === null)) return;
      log.crash('trainer', signal === null ? `exit code ${String(code)}` : `signal ${signal}`, errorOutput);
    });
    return {
      ...trainer,
      kill: () => {
        isEnded = true;
        trainer.kill();
      },
    };
  };
}

const markName = /^running-(\d+)$/;

/** Reports hosts that are gone without having taken their marks away: killed, or crashed in code that is not ours. */
function reportKilled(log: AppLog): void {
  for (const name of readdirSync(log.dir)) {
    const pid = Number(markName.exec(name)?.[1] ?? 0);
    // In a container the next one may well have the number of the last.
    if (pid === 0 || (pid !== process.pid && isProcessAlive(pid))) continue;
    rmSync(join(log.dir, name), { force: true });
    log.crash('host', 'the process was killed, or the machine went off', '');
  }
}

/**
 * Leaves a report when this process ends by an error that nobody caught. It ends all the same. Of one that is killed and can say nothing
 * the next one finds the mark, and leaves the report in its place.
 */
export function watchOwnCrash(log: AppLog): () => void {
  const mark = join(log.dir, `running-${process.pid}`);
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      // A disk that takes no mark takes no report either.
    }
  };
  attempt(() => {
    mkdirSync(log.dir, { recursive: true });
    reportKilled(log);
    writeFileSync(mark, '');
  });
  const report = (error: unknown): void =>
    log.crash('host', errorText(error), error instanceof Error ? (error.stack ?? '') : '');
  const leave = (): void => attempt(() => rmSync(mark, { force: true }));
  process.on('uncaughtExceptionMonitor', report);
  process.on('exit', leave);
  return () => {
    process.off('uncaughtExceptionMonitor', report);
    process.off('exit', leave);
    leave();
  };
}
