import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { socketChannel } from '../../electron/server/socketChannel';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../shared/schema/document';
import type { HostApi, HostEvents, HostInfo, HostRequests, RequestName } from '../../shared/host/api';
import { bridgeChannel } from '../../shared/host/bridge';
import type { HostBridge } from '../../shared/host/bridge';
import type { Channel } from '../../shared/host/channel';
import { createMemoryChannel } from '../../shared/host/memory';
import { connectHost, serveHost } from '../../shared/host/rpc';
import type { HostConnection } from '../../shared/host/rpc';
import { webSocketChannel } from '../../shared/host/websocket';

type Ends = { readonly client: Channel; readonly host: Channel; readonly release: () => Promise<void> };

async function openMemory(): Promise<Ends> {
  return await Promise.resolve({ ...createMemoryChannel(structuredClone), release: () => Promise.resolve() });
}

async function openWebSocket(): Promise<Ends> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Channel>((resolve) => sockets.once('connection', (s) => resolve(socketChannel(s))));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const client = webSocketChannel({
    send: (text) => socket.send(text),
    close: () => socket.close(),
    addEventListener: (type: string, listener: (event: { readonly data: unknown }) => void) =>
      socket.addEventListener(type as 'message', (event) => listener(event as { readonly data: unknown })),
  });
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    client,
    host: await accepted,
    release: () =>
      new Promise((resolve) => {
        for (const open of sockets.clients) open.terminate();
        server.close(() => resolve());
      }),
  };
}

/** The page's end as the context bridge gives it: functions that are proxied, and messages that are cloned on every crossing. */
async function openBridge(): Promise<Ends> {
  const ipc = createMemoryChannel(structuredClone);
  const listeners = new Set<(message: unknown) => void>();
  ipc.client.onMessage((message) => {
    for (const listener of listeners) listener(structuredClone(message));
  });
  const bridge: HostBridge = Object.freeze({
    send: (message: unknown) => ipc.client.send(structuredClone(message)),
    onMessage: (listener: (message: unknown) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const client = bridgeChannel(bridge);
  return await Promise.resolve({ client, host: ipc.host, release: () => Promise.resolve() });
}

const info: HostInfo = {
  version: '0.0.0',
  form: 'memory',
  nativeDialogs: false,
  systemLanguage: 'zh-CN',
  projectsDir: '/projects',
  memoryBytes: 1,
  cpuCount: 1,
};

/** A host whose answers the test decides. */
function createScriptedHost(answer: (name: RequestName, payload: unknown) => Promise<Result<unknown>>) {
  const listeners = new Set<(payload: HostEvents['run.event']) => void>();
  const asked: { readonly name: string; readonly payload: unknown }[] = [];
  const api: HostApi = {
    request: <N extends RequestName>(name: N, payload: HostRequests[N][0]) => {
      asked.push({ name, payload });
      return answer(name, payload) as Promise<Result<HostRequests[N][1]>>;
    },
    on: (name, listener) => {
      if (name === 'run.event') listeners.add(listener as (payload: HostEvents['run.event']) => void);
      return () => void listeners.delete(listener as (payload: HostEvents['run.event']) => void);
    },
    onLost: () => () => undefined,
  };
  return { api, asked, listeners, emit: (event: HostEvents['run.event']) => listeners.forEach((send) => send(event)) };
}

function codesOf(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

describe.each([
  { name: 'memory', open: openMemory },
  { name: 'WebSocket', open: openWebSocket },
  { name: 'Electron bridge', open: openBridge },
])('the HostApi over $name', ({ open }) => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function connect(answer: (name: RequestName, payload: unknown) => Promise<Result<unknown>>) {
    const ends = await open();
    cleanups.push(ends.release);
    const host = createScriptedHost(answer);
    const connection: HostConnection = serveHost(host.api, ends.host);
    return { ...ends, ...host, connection, api: connectHost(ends.client) };
  }
  const never = () => new Promise<never>(() => undefined);

  it('brings a request to its handler and the answer back', async () => {
    const { api } = await connect(() => Promise.resolve(success(info)));
    expect(await api.request('host.info', {})).toEqual(success(info));
  });

  it('copies what it carries', async () => {
    const document = { ...emptyDocument('网络'), nodes: [{ id: 'a', kind: 'conv', params: { padding: [1, null] } }] };
    const { api, asked } = await connect(() => Promise.resolve(success({})));
    await api.request('draft.save', { key: 'k', path: null, document });
    expect(asked).toEqual([{ name: 'draft.save', payload: { key: 'k', path: null, document } }]);
    expect((asked[0]!.payload as { document: unknown }).document).not.toBe(document);
  });

  it('keeps many open requests apart, whatever order their answers come in', async () => {
    const { api } = await connect(async (_name, payload) => {
      const { spec } = payload as { readonly spec: string };
      await new Promise((resolve) => setTimeout(resolve, 30 - Number(spec)));
      return success({ spec });
    });
    const specs = Array.from({ length: 30 }, (_, index) => String(index));
    const answers = await Promise.all(specs.map((spec) => api.request('data.info', { spec })));
    expect(answers).toEqual(specs.map((spec) => success({ spec })));
  });

  it.each([
    { name: 'data.info', payload: {}, path: 'spec' },
    { name: 'data.info', payload: { spec: 3 }, path: 'spec' },
    { name: 'data.info', payload: { spec: 'mnist', more: 1 }, path: '' },
    { name: 'data.info', payload: null, path: '' },
    { name: 'run.start', payload: { document: emptyDocument('a'), config: { epochs: -1 } }, path: 'config.data' },
    { name: 'draft.save', payload: { key: 'k', path: null, document: { nodes: 3 } }, path: 'document.format' },
  ])('refuses $name with $payload before a handler sees it', async ({ name, payload, path }) => {
    const { api, asked } = await connect(() => Promise.resolve(success({})));
    const answer = await api.request(name as 'data.info', payload as { spec: string });
    expect(codesOf(answer)).toEqual(['host/invalid-message']);
    expect(answer.ok ? null : answer.diagnostics[0]!.at.path).toBe(path);
    expect(asked).toEqual([]);
  });

  it.each(['host.nothing', 'constructor', '__proto__'])(
    'answers the unknown request %s with a diagnostic',
    async (name) => {
      const { api } = await connect(() => Promise.resolve(success({})));
      expect(codesOf(await api.request(name as 'host.info', {}))).toEqual(['host/unknown-request']);
    },
  );

  it.each([
    {
      how: 'throws',
      answer: () => {
        throw new Error('boom');
      },
    },
    { how: 'rejects', answer: () => Promise.reject(new Error('boom')) },
  ])('answers with a diagnostic when a handler $how', async ({ answer }) => {
    const { api } = await connect(answer);
    const result = await api.request('host.info', {});
    expect(codesOf(result)).toEqual(['host/failed']);
    expect(result.ok ? '' : result.diagnostics[0]!.why?.en).toBe('boom');
  });

  it('ends open requests with a diagnostic when the channel closes', async () => {
    const { api, host, client } = await connect(never);
    const lost: boolean[] = [];
    api.onLost((isLost) => lost.push(isLost));
    const waiting = [api.request('host.info', {}), api.request('run.list', {})];
    // The main process never leaves a page behind: a bridge closes with its page only.
    (open === openBridge ? client : host).close();
    for (const answer of await Promise.all(waiting)) expect(codesOf(answer)).toEqual(['host/connection-lost']);
    expect(lost).toEqual([true]);
    expect(codesOf(await api.request('host.info', {}))).toEqual(['host/connection-lost']);
  });

  it('cancels a request when its signal says so, and tells the host', async () => {
    let started = (): void => undefined;
    const reached = new Promise<void>((resolve) => (started = resolve));
    const { api } = await connect(() => {
      started();
      return never();
    });
    const controller = new AbortController();
    const answer = api.request('host.info', {}, controller.signal);
    await reached;
    controller.abort();
    expect(codesOf(await answer)).toEqual(['host/cancelled']);
    expect(codesOf(await api.request('host.info', {}, controller.signal))).toEqual(['host/cancelled']);
  });

  it('passes events on in order, until the listener leaves', async () => {
    const { api, emit } = await connect(() => Promise.resolve(success({})));
    const seen: string[] = [];
    const leave = api.on('run.event', ({ runId }) => seen.push(runId));
    const event = { type: 'finished', runDir: '/r', seconds: 1, reason: 'completed' } as const;
    for (const runId of ['1', '2', '3']) emit({ runId, event });
    await api.request('host.info', {});
    leave();
    emit({ runId: '4', event });
    await api.request('host.info', {});
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('sends a command to one client alone', async () => {
    const { api, connection } = await connect(() => Promise.resolve(success({})));
    const seen: HostEvents['app.command'][] = [];
    api.on('app.command', (command) => seen.push(command));
    connection.emit('app.command', { command: 'openPath', path: '/a.convloom' });
    await api.request('host.info', {});
    expect(seen).toEqual([{ command: 'openPath', path: '/a.convloom' }]);
  });

  it.each([[null], ['text'], [3], [{ type: 'request' }], [{ type: 'request', id: 1.5, name: 'host.info' }], [[]]])(
    'ignores %j, which is no message, and goes on',
    async (noise) => {
      const { api, client } = await connect(() => Promise.resolve(success(info)));
      client.send(noise);
      expect((await api.request('host.info', {})).ok).toBe(true);
    },
  );

  it('stops listening to the host when it is closed', async () => {
    const { connection, listeners, client } = await connect(() => Promise.resolve(success({})));
    expect(listeners.size).toBe(1);
    const closed = new Promise<void>((resolve) => client.onClose(resolve));
    connection.close();
    expect(listeners.size).toBe(0);
    if (open !== openBridge) await closed;
  });

  it('goes on over a new channel, its subscriptions kept', async () => {
    const first = await open();
    const second = await open();
    cleanups.push(first.release, second.release);
    const host = createScriptedHost(() => Promise.resolve(success(info)));
    serveHost(host.api, first.host);
    const api = connectHost(first.client, () => Promise.resolve(second.client));
    const lost: boolean[] = [];
    const seen: string[] = [];
    const back = new Promise<void>((resolve) => {
      api.onLost((isLost) => {
        lost.push(isLost);
        if (!isLost) resolve();
      });
    });
    api.on('run.event', ({ runId }) => seen.push(runId));
    serveHost(host.api, second.host);
    first.client.close();
    await back;
    expect((await api.request('host.info', {})).ok).toBe(true);
    host.emit({ runId: '1', event: { type: 'finished', runDir: '/r', seconds: 1, reason: 'stopped' } });
    await api.request('host.info', {});
    expect(lost).toEqual([true, false]);
    expect(seen.at(-1)).toBe('1');
  });
});
