import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { setupDamaged } from '../../shared/diagnostics/catalog/setup';
import { SetupFailure } from './failure';

/** What a finished file must be: its size in bytes and a digest of its content, where they are known. */
export type Expected = {
  readonly bytes?: number | undefined;
  readonly digest?: {
    readonly algorithm: 'sha256' | 'md5';
    readonly encoding: 'hex' | 'base64';
    readonly value: string;
  };
};

/** A server that says nothing for this long is taken for gone. */
const idleLimitMs = 60_000;
const tries = 4;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

export async function digestFile(
  path: string,
  algorithm: 'sha256' | 'md5',
  encoding: 'hex' | 'base64',
): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest(encoding);
}

/** The reason inside a failed `fetch`, which hides it one level down. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Fetches the rest of a file after what is there already; throws if the line ends before the file does. */
async function fetchRest(
  url: string,
  part: string,
  signal: AbortSignal | undefined,
  onBytes: (received: number, total: number | undefined) => void,
): Promise<void> {
  const have = await sizeOf(part);
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(new Error('the server stopped answering')), idleLimitMs);
  const headers: Record<string, string> = have > 0 ? { Range: `bytes=${have}-` } : {};
  try {
    const signals = signal === undefined ? [idle.signal] : [idle.signal, signal];
    const response = await fetch(url, { headers, signal: AbortSignal.any(signals) });
    // 416: everything is there already.
    if (response.status === 416) return;
    if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
    const isRest = response.status === 206;
    let received = isRest ? have : 0;
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isFinite(length) ? received + length : undefined;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => idle.abort(new Error('the server stopped answering')), idleLimitMs);
        received += chunk.length;
        onBytes(received, total);
        done(null, chunk);
      },
    });
    await pipeline(Readable.from(response.body), count, createWriteStream(part, { flags: isRest ? 'a' : 'w' }));
    if (total !== undefined && received < total) throw new Error(`it ended after ${received} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Downloads a file, going on where an earlier try stopped, and checks it before it gets its name. Throws what the network says
 * (the part that came is kept), or a {@link SetupFailure} for a file that came whole and is wrong (it is removed).
 */
export async function downloadFile(
  url: string,
  path: string,
  expected: Expected,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: (received: number, total: number | undefined) => void;
  } = {},
): Promise<void> {
  const part = `${path}.part`;
  const onBytes = options.onBytes ?? ((): void => undefined);
  for (let attempt = 1; ; attempt++) {
    const attemptState = { hasMoved: false };
    try {
      await fetchRest(url, part, options.signal, (received, total) => {
        attemptState.hasMoved = true;
        onBytes(received, total);
      });
      break;
    } catch (error) {
      // Another try helps only where this one got somewhere.
      if (options.signal?.aborted === true || !attemptState.hasMoved || attempt === tries) throw error;
      await wait(attempt * 500, undefined, { signal: options.signal });
    }
  }
  const reason = await wrongWith(part, expected);
  if (reason !== undefined) {
    await rm(part, { force: true });
    throw new SetupFailure(setupDamaged(path, reason));
  }
  await rename(part, path);
}

async function wrongWith(path: string, { bytes, digest }: Expected): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (bytes !== undefined && size !== bytes) return `it has ${size} bytes and should have ${bytes}`;
  if (digest === undefined) return undefined;
  const found = await digestFile(path, digest.algorithm, digest.encoding);
  return found === digest.value ? undefined : `its ${digest.algorithm} is ${found} and should be ${digest.value}`;
}
