import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../../../electron/server';
import type { RunningServer } from '../../../electron/server';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { HostApi } from '../../../shared/host/api';
import { limits } from '../../../shared/schema/limits';

const host: HostApi = {
  request: () => Promise.resolve(success({}) as never),
  on: () => () => undefined,
  onLost: () => () => undefined,
};
const token = 'secret-token';
let dir: string;
let server: RunningServer;
/** The page's secret folder, with a slash at both ends. */
let base: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-server-'));
  await mkdir(join(dir, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(dir, 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(dir, 'renderer', 'assets', 'a.js'), 'export {};');
  await writeFile(join(dir, 'outside.txt'), 'outside');
  await symlink(join(dir, 'outside.txt'), join(dir, 'renderer', 'link.txt'));
  const started = await startServer({ host, port: 0, rendererDir: join(dir, 'renderer'), token });
  if (!started.ok) throw new Error('The server did not start.');
  server = started.value;
  base = String((await get(`/?token=${token}`)).headers['location']);
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** A request whose path is sent as it is, which `fetch` would tidy up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
const cookie = () => ({ cookie: `convloom-${server.port}=${token}` });

function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

describe('the page', () => {
  it('turns the token of the address into a cookie that scripts cannot read, and drops it from the address', async () => {
    const answer = await get(`/?token=${token}`);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toMatch(/^\/[\w-]{22}\/$/);
    expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
  });

  it('keeps the cookie to its own folder, whose name no other server of this machine knows', async () => {
    const other = await startServer({ host, port: 0, rendererDir: join(dir, 'renderer'), token });
    if (!other.ok) throw new Error('The server did not start.');
    const answer = await get(`/?token=${token}`);
    expect(String(answer.headers['set-cookie'])).toMatch(new RegExp(`; Path=${base}$`));
    const elsewhere = await fetch(other.value.url, { redirect: 'manual' });
    expect(elsewhere.headers.get('location')).not.toBe(base);
    await other.value.close();
  });

  it.each(['cross-site', 'same-site'])('leads on by a page of its own after a %s link', async (site) => {
    const answer = await get(`/?token=${token}`, { 'sec-fetch-site': site });
    expect([answer.status, answer.headers['refresh']]).toEqual([200, `0; url=${base}`]);
    expect(String(answer.headers['set-cookie'])).toContain(`Path=${base}`);
    expect(answer.body).not.toContain(token);
  });

  it('is served with a strict policy to whoever has the cookie', async () => {
    const answer = await get(base, cookie());
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<!doctype html>');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    ['no token', '/', {}, 401],
    ['a wrong token', '/?token=wrong', {}, 401],
    ['a wrong cookie', '/', { cookie: 'convloom-0=secret-token' }, 401],
    ['a foreign name for this address', `/?token=${token}`, { host: 'evil.example' }, 421],
    ['no such file', 'none.js', 'cookie', 404],
    ['a path out of the folder', '../outside.txt', 'cookie', 404],
    ['an encoded path out of the folder', '%2e%2e/outside.txt', 'cookie', 404],
    ['an encoded slash out of the folder', '..%2foutside.txt', 'cookie', 404],
    ['a link out of the folder', 'link.txt', 'cookie', 404],
    ['a backslash', '..%5coutside.txt', 'cookie', 404],
    ['a null byte', 'index.html%00.js', 'cookie', 404],
    ['bad encoding', '%zz', 'cookie', 404],
    ['a folder', 'assets', 'cookie', 404],
  ] as const)('refuses %s', async (_what, path, headers, status) => {
    const answer = headers === 'cookie' ? await get(`${base}${path}`, cookie()) : await get(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('outside');
  });

  it('is nowhere but in its folder', async () => {
    for (const path of ['/', '/index.html', `/${'a'.repeat(22)}/`, base.slice(0, -1)]) {
      expect((await get(path, cookie())).status).toBe(404);
      expect((await get(path)).status).toBe(401);
    }
    expect((await get(base)).status).toBe(401);
  });

  it('asks for the address where an installed app starts without a key, and opens once that is pasted', async () => {
    const { status, headers, body } = await get('/');
    expect([status, headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(body).toContain('<form action="/"');
    expect(headers['content-security-policy']).toContain("form-action 'self'");
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(body).not.toContain(base);
    const pasted = (text: string) => get(`/?token=${encodeURIComponent(text)}`);
    expect((await pasted(` ${server.url} `)).headers['location']).toBe(base);
    expect((await pasted(server.url.replace(token, 'another'))).status).toBe(401);
    expect((await pasted('http://127.0.0.1/')).status).toBe(401);
  });

  it('tells how many pages are open', async () => {
    const counts: number[] = [];
    server.onVisitors((count) => counts.push(count));
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/host?token=${token}`, {
        origin: `http://127.0.0.1:${server.port}`,
      });
      await new Promise((resolve) => socket.once('open', resolve));
      return socket;
    };
    const [first, second] = [await open(), await open()];
    first.close();
    await vi.waitFor(() => expect(counts).toEqual([1, 2, 1]));
    second.terminate();
    await vi.waitFor(() => expect(counts).toEqual([1, 2, 1, 0]));
  });

  it('takes no other method than GET', async () => {
    expect((await get('/', cookie(), 'POST')).status).toBe(405);
  });
});

describe('the socket', () => {
  const origin = () => `http://127.0.0.1:${server.port}`;

  it('opens for the own page with the cookie, and with the token in its address', async () => {
    expect(await upgrade(`${base}host`, { ...cookie(), origin: origin() })).toBe(101);
    expect(await upgrade(`/host?token=${token}`, { origin: origin() })).toBe(101);
  });

  it.each([
    ['another page', '/host', { origin: 'http://evil.example' }, true, 403],
    ['no page at all', '/host', {}, true, 403],
    ['a foreign host name', '/host', { host: 'evil.example' }, true, 403],
    ['no token', '/host', {}, false, 401],
    ['another path', '/other', {}, true, 404],
  ] as const)('stays shut for %s', async (what, path, headers, hasCookie, status) => {
    const own = what === 'no page at all' ? {} : { origin: origin() };
    expect(
      await upgrade(path === '/host' ? `${base}host` : path, { ...own, ...(hasCookie ? cookie() : {}), ...headers }),
    ).toBe(status);
  });
});

describe('limits', () => {
  it('keeps no connection of those that were turned away, even when they never close their side', async () => {
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(
        `GET ${base}host HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: http://127.0.0.1:${server.port}\r\n` +
          'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      return socket;
    });
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('end', resolve))));
    // What is written to a connection that the other side has let go of is answered with its end.
    const ends = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    const timer = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 50);
    await Promise.all(ends);
    clearInterval(timer);
  });

  it('refuses headers of more than 16 kB', async () => {
    expect((await get('/', { filler: 'x'.repeat(20_000) })).status).toBe(431);
  });

  it('serves so many pages and no more, and serves again when one has gone', async () => {
    const own = { ...cookie(), origin: `http://127.0.0.1:${server.port}` };
    const pages = await Promise.all(Array.from({ length: limits.openSockets }, openPage));
    expect(await upgrade(`${base}host`, own)).toBe(503);
    const gone = new Promise((resolve) => pages[0]!.once('close', resolve));
    pages[0]!.close();
    await gone;
    await vi.waitFor(async () => expect(await upgrade(`${base}host`, own)).toBe(101));
    const left = pages.slice(1).map((page) => new Promise((resolve) => page.once('close', resolve)));
    for (const page of pages) page.close();
    await Promise.all(left);
  });
});

/** A socket of the own page, open. */
async function openPage(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${base}host`, {
    headers: { ...cookie(), origin: `http://127.0.0.1:${server.port}` },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  return socket;
}

describe('a hostile message', () => {
  const nested = '['.repeat(1500) + ']'.repeat(1500);

  it.each<[string, string | Uint8Array]>([
    ['nested 1,500 deep', `{"type":"request","id":1,"name":"draft.save","payload":${nested}}`],
    ['that is no JSON', '{'],
    ['of bytes that are no frame', Uint8Array.of(1, 2, 3)],
    ['whose head claims 4 GB', Uint8Array.of(0x43, 0x4c, 0x46, 0x31, 255, 255, 255, 255, 123)],
  ])('%s closes its own connection, and nothing else', async (_what, message) => {
    const [bad, good] = [await openPage(), await openPage()];
    const closed = new Promise<number>((resolve) => bad.once('close', resolve));
    bad.send(message);
    expect(await closed).toBe(1002);
    const answered = new Promise<string>((resolve) =>
      good.once('message', (data) => resolve((data as Buffer).toString('utf8'))),
    );
    good.send('{"type":"request","id":7,"name":"host.info","payload":{}}');
    expect(JSON.parse(await answered)).toMatchObject({ type: 'response', id: 7 });
    good.close();
  });

  it('beyond the largest size closes its connection before it is read', async () => {
    const bad = await openPage();
    const closed = new Promise<number>((resolve) => bad.once('close', resolve));
    bad.on('error', () => undefined);
    bad.send(Buffer.alloc(65 * 1024 * 1024));
    expect([1006, 1009]).toContain(await closed);
    (await openPage()).close();
  });
});

describe('the port', () => {
  it('is refused with a diagnostic when the user named it and it is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const started = await startServer({ host, port, rendererDir: join(dir, 'renderer') });
    expect(started.ok ? null : started.diagnostics[0]!.code).toBe('server/port-in-use');
    await new Promise((resolve) => other.close(resolve));
  });

  it('is the next free one when the user named none', async () => {
    const first = await startServer({ host, rendererDir: join(dir, 'renderer') });
    const second = await startServer({ host, rendererDir: join(dir, 'renderer') });
    expect(first.ok && second.ok && second.value.port > first.value.port).toBe(true);
    if (first.ok) await first.value.close();
    if (second.ok) await second.value.close();
  });

  it('listens on this machine only', () => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/?token=${token}`);
  });

  it('is not opened for a page that was not built', async () => {
    const started = await startServer({ host, port: 0, rendererDir: join(dir, 'none') });
    expect(started.ok ? null : started.diagnostics[0]!.code).toBe('server/not-built');
  });
});
