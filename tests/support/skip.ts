import { describe, it } from 'vitest';

/**
 * `describe` where nothing is in the way; elsewhere the tests are skipped, and the title says why, which the summary of all tests
 * groups them by. `reason` null: nothing is.
 */
export function describeUnless(reason: string | null, title: string, body: () => void): void {
  if (reason === null) describe(title, body);
  else describe.skip(`${title} (skipped: ${reason})`, body);
}

/** As {@link describeUnless} for one test. */
export function itUnless(reason: string | null, title: string, body: () => Promise<void> | void): void {
  if (reason === null) it(title, body);
  else it.skip(`${title} (skipped: ${reason})`, body);
}

/** Why tests that need pipes or signals of POSIX cannot run; null where they can. */
export const noPosix = process.platform === 'win32' ? 'Windows has no such thing' : null;
