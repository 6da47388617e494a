import { errorCode } from './fileErrors';

/** Whether a process is there. One that belongs to somebody else answers EPERM, and is there. */
export function isProcessAlive(pid: number): boolean {
  // Zero and below mean groups of processes to the system, and would always answer.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
