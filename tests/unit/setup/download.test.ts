import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadFile } from '../../../electron/setup/download';
import { SetupFailure } from '../../../electron/setup/failure';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const digest = {
  algorithm: 'sha256',
  encoding: 'hex',
  value: createHash('sha256').update(content).digest('hex'),
} as const;

let dir = '';
let server: Server;
let url = '';
let ranges: (string | undefined)[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

/** Sends what was asked for, but closes the line after `limit` bytes of it. */
function serve(limit: number, { knowsRanges = true } = {}): typeof answer {
  return (request, response) => {
    const from = knowsRanges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const body = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length });
    if (body.length <= limit) response.end(body);
    else response.write(body.subarray(0, limit), () => response.destroy());
  };
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'convloom-download-'));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

describe('downloading', () => {
  it('goes on where the line broke', async () => {
    answer = serve(200_000);
    const path = join(dir, 'file');
    await downloadFile(url, path, { bytes: content.length, digest });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(ranges.length).toBeGreaterThan(1);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('goes on with what an earlier try has left', async () => {
    answer = serve(content.length);
    const path = join(dir, 'file');
    writeFileSync(`${path}.part`, content.subarray(0, 123_456));
    await downloadFile(url, path, { digest });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(ranges).toEqual(['bytes=123456-']);
  });

  it('starts over where the server knows no ranges', async () => {
    answer = serve(content.length, { knowsRanges: false });
    const path = join(dir, 'file');
    writeFileSync(`${path}.part`, Buffer.alloc(1000));
    await downloadFile(url, path, { digest });
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('keeps what came when the line stays broken', async () => {
    const path = join(dir, 'file');
    writeFileSync(`${path}.part`, content.subarray(0, 123_456));
    answer = (request) => request.socket.destroy();
    await expect(downloadFile(url, path, { digest })).rejects.toThrow();
    expect(existsSync(path)).toBe(false);
    expect(statSync(`${path}.part`).size).toBe(123_456);
  });

  it.each([
    ['another checksum', { digest: { ...digest, value: 'f'.repeat(64) } }],
    ['another size', { bytes: content.length + 1 }],
  ])('throws a file away that has %s', async (_, expected) => {
    answer = serve(content.length);
    const path = join(dir, 'file');
    const error: unknown = await downloadFile(url, path, expected).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SetupFailure);
    expect(error instanceof SetupFailure && error.diagnostic.code).toBe('setup/damaged-file');
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });

  it('says what the server answered', async () => {
    answer = (_, response) => response.writeHead(404).end();
    await expect(downloadFile(url, join(dir, 'file'), {})).rejects.toThrow('404');
  });

  it('stops at once when it is told to', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 10));
    };
    const stop = new AbortController();
    const download = downloadFile(url, join(dir, 'file'), {}, { signal: stop.signal, onBytes: () => stop.abort() });
    await expect(download).rejects.toThrow(/abort/i);
  });
});
