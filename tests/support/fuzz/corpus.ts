import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(import.meta.dirname, '..', '..', '..');

/** What each kind of input is fuzzed in. */
export type CorpusKind = 'documents' | 'imports' | 'data' | 'messages' | 'rules';

/** One input with its name. */
export type Case = { readonly name: string; readonly bytes: Buffer };

/** What once found a fault, and is tried first ever after. */
export function corpusOf(kind: CorpusKind): readonly Case[] {
  const dir = join(root, 'tests', 'fixtures', 'corpus', kind);
  return readdirSync(dir)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(dir, name)) }));
}

/** Keeps an input that found a fault where a person finds it, and says where it is to go. */
export function keepFinding(kind: CorpusKind, { name, bytes }: Case): string {
  const dir = join(root, '.cache', 'fuzz', kind);
  mkdirSync(dir, { recursive: true });
  const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}${extname(name)}`;
  writeFileSync(join(dir, file), bytes);
  return `Mend it and move .cache/fuzz/${kind}/${file} (from ${name}) to tests/fixtures/corpus/${kind}/.`;
}

/** Changed inputs in all; more in a soak. */
export const mutantCount = Number(process.env['CONVLOOM_FUZZ'] ?? 300);
export const fuzzSeed = Number(process.env['CONVLOOM_FAULT_SEED'] ?? 14);

/** Nothing that anybody sends may keep the app from answering others for longer... */
const busyMs = 2000;
/** ...nor keep its threads at work for longer, in time of the processor... */
const workMs = 6000;
/** ...nor, on a machine that has other things to do, anybody waiting for longer. */
const waitMs = process.env['CONVLOOM_SOAK'] === undefined ? 20_000 : 60_000;

/** Settles with a problem when the work has not by then. */
async function inTime(work: () => Promise<string | null> | string | null): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`It was not done in ${waitMs} ms.`), waitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Gives every input to `take`, which gives null or says what is wrong. What throws or takes longer than two seconds is kept for the
 * corpus. Gives all that is wrong, and how long the slowest took.
 */
export async function fuzz(
  kind: CorpusKind,
  cases: Iterable<Case>,
  take: (one: Case) => Promise<string | null> | string | null,
): Promise<{ readonly problems: readonly string[]; readonly slowestMs: number; readonly count: number }> {
  const problems: string[] = [];
  let [slowestMs, count] = [0, 0];
  const held = monitorEventLoopDelay({ resolution: 20 });
  held.enable();
  for (const one of cases) {
    held.reset();
    const from = process.cpuUsage();
    let problem: string | null;
    try {
      problem = await inTime(() => take(one));
    } catch (error) {
      problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const { user, system } = process.cpuUsage(from);
    const tookMs = (user + system) / 1000;
    count += 1;
    slowestMs = Math.max(slowestMs, tookMs);
    // Other threads may be busy, and other programs: both together are neither.
    if (tookMs > busyMs) await delay(50);
    const isHang = tookMs > workMs || (tookMs > busyMs && held.max / 1e6 > busyMs);
    if (problem === null && isHang) problem = `It took ${Math.round(tookMs)} ms.`;
    if (problem !== null && problems.length < 20) problems.push(`${problem}\n${keepFinding(kind, one)}`);
  }
  held.disable();
  return { problems, slowestMs, count };
}
