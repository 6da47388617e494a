import { readFileSync } from 'node:fs';
import { errorCode } from './fileErrors';

/**
 * Whether Linux keeps a process only for a parent that has not asked for its exit code yet. In a container nobody may ever ask, and
 * signals still reach it.
 */
function isDefunct(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // `PID (NAME) STATE ...`, where the name may hold anything, brackets too.
    return /^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Whether a process is at work. One that belongs to somebody else answers EPERM, and is there. */
export function isProcessAlive(pid: number): boolean {
  // Zero and below mean groups of processes to the system, and would always answer.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isDefunct(pid);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
