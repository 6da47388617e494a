import type { Usage } from '../../shared/training/events';

/** What is asked of the process; `cpuUsage` gives microseconds of all its threads since its start. */
type Measured = Pick<NodeJS.Process, 'memoryUsage' | 'cpuUsage'>;

/** Measures what this process takes of the machine. */
export type UsageMeter = {
  /** Since the last time, or since the meter was made. */
  read(): Usage;
  /** The same where {@link intervalMs} have passed since the last time; null before. */
  readLive(): Usage | null;
};

/** How often a run tells what it takes while it is at work. */
const intervalMs = 1000;

/** `clock` is in milliseconds. */
export function createUsageMeter(clock: () => number, measured: Measured = process): UsageMeter {
  let last = { ms: clock(), cpu: measured.cpuUsage() };
  const read = (): Usage => {
    const now = { ms: clock(), cpu: measured.cpuUsage() };
    const busyMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000;
    const passedMs = now.ms - last.ms;
    last = now;
    const cores = passedMs > 0 ? Number((busyMs / passedMs).toFixed(2)) : 0;
    return { memoryBytes: measured.memoryUsage().rss, cores };
  };
  return { read, readLive: () => (clock() - last.ms < intervalMs ? null : read()) };
}
