/** Has the TensorFlow engine set up for its tests, once and within a time limit. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, say } from './setup.mjs';

/** Some 250 MB are fetched and an addon is built: minutes. */
const limitMs = 15 * 60_000;
/** A try that failed is not made again before this; what keeps it from working seldom changes sooner. */
const freshMs = 24 * 3_600_000;
const memory = join(root, '.cache', 'tensorflow.json');
const skipName = 'CONVLOOM_SKIP_TENSORFLOW';

function readFailure() {
  try {
    const { at, why } = JSON.parse(readFileSync(memory, 'utf8'));
    return Date.now() - at < freshMs ? why : undefined;
  } catch {
    return undefined;
  }
}

function rememberFailure(why) {
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ at: Date.now(), why }));
}

/** What the last line of the set-up's JSON says: nothing when it ended well, else why not. */
function whyNot({ status, signal, error, stdout }) {
  if (status === 0) return undefined;
  if (error?.code === 'ETIMEDOUT' || signal !== null) return `the set-up took longer than ${limitMs / 60_000} minutes`;
  try {
    const [diagnostic] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '').diagnostics;
    return diagnostic.message;
  } catch {
    return `the set-up ended with code ${status}`;
  }
}

/**
 * Sets TensorFlow up where it is not; gives nothing when it is there, else in one sentence why its tests are skipped. The command itself
 * is quick where a build is there already.
 */
export function ensureTensorflow() {
  if (process.env[skipName] === '1') return `not set up, because ${skipName} is 1.`;
  const failure = readFailure();
  const hint = `\`npx convloom setup tensorflow\` tries again`;
  if (failure !== undefined) return `${failure} (tried within the last day; ${hint})`;
  say(`Looking for TensorFlow; setting it up where it is not can take minutes (${skipName}=1 skips it) ...`);
  const result = spawnSync(process.execPath, [join(root, 'bin', 'convloom.mjs'), 'setup', 'tensorflow', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  const why = whyNot(result);
  if (why === undefined) {
    if (existsSync(memory)) rmSync(memory);
    return undefined;
  }
  rememberFailure(why);
  return `${why} (${hint})`;
}
