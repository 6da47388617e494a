import { runCrashed, runKilled, runOutOfMemory } from '../../../shared/diagnostics/catalog/run';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import type { TrainerExit } from '../trainerProcess';

const memoryWords = /heap out of memory|bad_alloc|cannot allocate memory|allocation failed|ENOMEM|out of memory/i;

/** Native libraries log to the error output, too; that is no reason for an end. */
const chatter = /^([IW]\d{4} |WARNING: All log messages)/;

function lastWords(errorOutput: string): string {
  const lines = errorOutput
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at ') && !chatter.test(line));
  return lines.at(-1)?.slice(0, 300) ?? '';
}

/** How a process ended, as a sentence: signal or exit code, and its last words. */
export function exitReason({ code, signal, errorOutput }: TrainerExit): string {
  const how =
    signal !== null
      ? `Its process ended with signal ${signal}.`
      : `Its process ended with exit code ${code ?? 'unknown'}.`;
  const words = lastWords(errorOutput);
  return words === '' ? how : `${how} ${words}`;
}

/** What an unexpected end means for a run, and the state that it leaves. */
export function describeExit(
  exit: TrainerExit,
  batchSize: number,
): { readonly state: 'killed' | 'failed'; readonly diagnostic: Diagnostic } {
  if (memoryWords.test(exit.errorOutput)) {
    return { state: 'failed', diagnostic: runOutOfMemory(batchSize, exitReason(exit)) };
  }
  if (exit.signal === 'SIGKILL') {
    const reason = `${exitReason(exit)} A system that is short of memory does this too; a smaller batch size needs less.`;
    return { state: 'killed', diagnostic: runKilled(reason) };
  }
  if (exit.signal === 'SIGTERM' || exit.signal === 'SIGINT' || exit.signal === 'SIGHUP') {
    return { state: 'killed', diagnostic: runKilled(exitReason(exit)) };
  }
  return { state: 'failed', diagnostic: runCrashed(exitReason(exit)) };
}
