import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { farRunNotRead } from '../../../shared/diagnostics/catalog/run';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { storeLimits } from '../../../shared/schema/limits';
import { errorText, formatBytes } from '../../../shared/text';
import { writeFileAtomically } from '../../files/atomicFile';
import { runFiles } from '../../files/runRecord';

/** A folder on another machine, as the system's ssh reaches it. */
export type FarFolder = { readonly host: string; readonly port: number | null; readonly dir: string };

/** What ssh would take for an option, or a shell for more than a name, is none. */
const hostPattern = /^[A-Za-z0-9_:][\w.@:%-]*$/;

/** Reads `ssh://user@host:port/path` or `host:path`; null for a path of this machine, also one of a drive. */
export function parseFarFolder(text: string): FarFolder | null {
  const url = /^ssh:\/\/((?:[^/@]+@)?(?:\[[^\]/]+\]|[^/:]+))(?::(\d{1,5}))?(\/.*)$/.exec(text);
  const plain = url === null ? /^([^/\\:]{2,}):(?!\\|\/\/)(.+)$/.exec(text) : null;
  const [, host = '', port, dir = ''] = url ?? (plain === null ? [] : [plain[0], plain[1], undefined, plain[2]]);
  const name = host.replace(/[[\]]/g, '');
  const isSound = hostPattern.test(name) && dir !== '' && !/[\0\r\n]/.test(dir);
  return isSound ? { host: name, port: port === undefined ? null : Number(port), dir } : null;
}

/** As a word of a shell. A path from the home folder is left to it, with or without its `~/`. */
function quoted(text: string): string {
  const [, home = '', rest = ''] = /^(~\/)?(.*)$/s.exec(text) ?? [];
  return `${home}'${rest.replaceAll("'", `'\\''`)}'`;
}

/** How long ssh may take to connect, and how often it is asked for news. */
const connectSeconds = 15;
const askMs = 2_000;
/** How long an answer may take, and how much of one is kept: a machine that says more than a run does is none of ours. */
const answerMs = 60_000;
const answerBytes = 256 * 1024 * 1024;
/** Of the last words of an ssh that failed. */
const wordsBytes = 64 * 1024;

function sshArguments({ host, port }: FarFolder): readonly string[] {
  const options = ['BatchMode=yes', `ConnectTimeout=${connectSeconds}`, 'ServerAliveInterval=15'];
  return ['-T', ...options.flatMap((one) => ['-o', one]), ...(port === null ? [] : ['-p', String(port)]), '--', host];
}

/** All that a stream gives; ends the whole of it where that is more than `most`. */
async function bounded(out: NodeJS.ReadableStream, most = answerBytes): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of out as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw new Error(`the answer has more than ${formatBytes(most)}`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Passes on what comes, and ends where that is more than a run's weights can be. */
async function* weighed(out: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const part of out as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > storeLimits.upload.bytes)
      throw new Error(`the file has more than ${formatBytes(storeLimits.upload.bytes)}`);
    yield part;
  }
}

/** Runs a script of `sh` there. `read` takes what it gives; rejects with ssh's words where it fails. */
async function runThere<T>(
  folder: FarFolder,
  script: string,
  read: (out: NodeJS.ReadableStream) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const command = process.env['CONVLOOM_SSH'] ?? 'ssh';
  const child = spawn(command, [...sshArguments(folder), 'sh', '-s'], { stdio: ['pipe', 'pipe', 'pipe'], signal });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`LC_ALL=C; export LC_ALL\ncd -- ${quoted(folder.dir)} || exit 66\n${script}\n`);
  const answered = Promise.all([read(child.stdout), bounded(child.stderr, wordsBytes), ended]);
  // Who has been heard enough of need not go on.
  answered.catch(() => child.kill());
  const [answer, words, code] = await answered;
  if (code === 0) return answer;
  const said = words.toString('utf8').trim().split('\n').at(-1) ?? '';
  throw new Error(said === '' ? `${command} ended with ${String(code)}` : said);
}

/** The record with when it was touched, and the log from a place on. */
function news(from: number): string {
  return [
    `r=$(cat ${runFiles.record}) || exit 66`,
    `ls -ln ${runFiles.record}`,
    `printf '%s\\n%s\\n' "\${#r}" "$r"`,
    `if [ -f ${runFiles.metrics} ]; then wc -c < ${runFiles.metrics}; tail -c +${from + 1} ${runFiles.metrics}; else echo 0; fi`,
  ].join('\n');
}

type News = { readonly touched: string; readonly record: Buffer; readonly logBytes: number; readonly log: Buffer };

function readNews(bytes: Buffer): News {
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new Error('the answer is cut off');
    const words = bytes.toString('utf8', at, end).trim();
    at = end + 1;
    return words;
  };
  const touched = line();
  const length = Number(line());
  const record = bytes.subarray(at, at + length);
  at += length + 1;
  return { touched, record, logBytes: Number(line()), log: bytes.subarray(at) };
}

/** A run's folder elsewhere, kept up to date in a folder here. */
export type FarMirror = { readonly dir: string; stop(): void };

/** Where what is copied from a folder elsewhere lies: the same folder every time. */
function placeFor(folder: FarFolder, followedDir: string): string {
  const name = createHash('sha256').update(JSON.stringify(folder)).digest('hex').slice(0, 24);
  return join(followedDir, name);
}

async function copyThere(folder: FarFolder, name: string, to: string, signal: AbortSignal): Promise<void> {
  const temporary = `${to}.part`;
  await runThere(folder, `cat ${name}`, (out) => pipeline(weighed(out), createWriteStream(temporary)), signal);
  await rename(temporary, to);
}

/**
 * Copies a run's folder from another machine, and what comes in it from then on: the record, the log, and the weights at the end of each
 * epoch. Nothing is written there. Ends with `stop`, or when the run has ended.
 */
export async function mirrorFarFolder(folder: FarFolder, followedDir: string): Promise<Result<FarMirror>> {
  const dir = placeFor(folder, followedDir);
  const abort = new AbortController();
  const { signal } = abort;
  const place = (name: string): string => join(dir, name);
  let position = 0;
  let sign = '';
  let epoch = '';

  const look = async (): Promise<boolean> => {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    const found = readNews(await runThere(folder, news(position), bounded, patience));
    const record = JSON.parse(found.record.toString('utf8')) as {
      readonly state?: unknown;
      readonly lastEpoch?: unknown;
    };
    // A run that went on from its checkpoint has cut its log back: all of it is read again.
    if (found.logBytes < position) {
      position = 0;
      await rm(place(runFiles.metrics), { force: true });
      return true;
    }
    const seen = JSON.stringify([found.touched, record.state, record.lastEpoch]);
    const last = JSON.stringify(record.lastEpoch ?? null);
    if (last !== epoch) {
      await copyThere(folder, runFiles.safetensors, place(runFiles.safetensors), signal).catch(() => undefined);
      epoch = last;
    }
    if (seen !== sign) await writeFileAtomically(place(runFiles.record), found.record.toString('utf8'));
    sign = seen;
    if (found.log.length > 0) await appendFile(place(runFiles.metrics), found.log);
    position += found.log.length;
    return record.state === 'running';
  };
  const goOn = async (): Promise<void> => {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, askMs).unref());
      // A machine that is away for a moment comes back, or the silence ends the following.
      if (!(await look().catch(() => true))) return;
    }
  };
  try {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    await copyThere(folder, runFiles.network, place(runFiles.network), signal);
    const isRunning = await look();
    if (isRunning) void goOn();
  } catch (error) {
    abort.abort();
    return failure(farRunNotRead(folder.host, folder.dir, errorText(error)));
  }
  return success({ dir, stop: () => abort.abort() });
}
