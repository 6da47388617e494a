/** Has the TensorFlow engine set up for its tests, once and within a time limit. */
import { spawn } from 'node:child_process';
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

/** Runs the set-up beside whatever else goes on, and gives how it ended with what it printed. */
function runSetup() {
  return new Promise((resolve) => {
    const args = [join(root, 'bin', 'convloom.mjs'), 'setup', 'tensorflow', '--json'];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], timeout: limitMs });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.on('error', () => resolve({ status: 127, signal: null, stdout }));
    child.on('close', (status, signal) => resolve({ status, signal, stdout }));
  });
}

/** What the last line of the set-up's JSON says: nothing when it ended well, else why not. */
function whyNot({ status, signal, stdout }) {
  if (status === 0) return undefined;
  if (signal !== null) return `the set-up took longer than ${limitMs / 60_000} minutes`;
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
export async function ensureTensorflow() {
  if (process.env[skipName] === '1') return `not set up, because ${skipName} is 1.`;
  const failure = readFailure();
  const hint = `\`npx convloom setup tensorflow\` tries again`;
  if (failure !== undefined) return `${failure} (tried within the last day; ${hint})`;
  say(`Looking for TensorFlow; setting it up where it is not can take minutes (${skipName}=1 skips it) ...`);
  const why = whyNot(await runSetup());
  if (why === undefined) {
    if (existsSync(memory)) rmSync(memory);
    return undefined;
  }
  rememberFailure(why);
  return `${why} (${hint})`;
}
