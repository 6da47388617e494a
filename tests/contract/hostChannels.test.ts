import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { socketChannel } from '../../electron/server/socketChannel';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../shared/schema/document';
import type { CancelSignal, HostApi, HostEvents, HostInfo, HostRequests, RequestName } from '../../shared/host/api';
import { bridgeChannel, bridgeName, ipcChannelName } from '../../shared/host/bridge';
import type { HostBridge } from '../../shared/host/bridge';
import type { Channel } from '../../shared/host/channel';
import { createMemoryChannel } from '../../shared/host/memory';
import { connectHost, serveHost } from '../../shared/host/rpc';
import type { HostConnection } from '../../shared/host/rpc';
import { webSocketChannel } from '../../shared/host/websocket';
import type { RunEvent } from '../../shared/training/events';
import { stepEvent } from '../support/stepEvent';
import { browserSocket } from '../support/browserSocket';
import { bundle } from '../support/electron-double/launch';
import { createPageWorld, runPreload } from '../support/electron-double/worlds';

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
  const client = webSocketChannel(browserSocket(socket));
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
    pathOf: () => '',
    send: (message: unknown) => ipc.client.send(structuredClone(message)),
    onMessage: (listener: (message: unknown) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const client = bridgeChannel(bridge);
  return await Promise.resolve({ client, host: ipc.host, release: () => Promise.resolve() });
}

/** The built preload script, with the context bridge between its world and the page's, and a structured clone as IPC. */
async function openPreload(): Promise<Ends> {
  const scratch = await mkdtemp(join(tmpdir(), 'convloom-preload-'));
  const preload = join(scratch, 'preload.cjs');
  await bundle(join(import.meta.dirname, '..', '..', 'electron', 'preload', 'index.ts'), preload, 'cjs');
  const page = createPageWorld();
  const ipc = createMemoryChannel(structuredClone);
  const renderer = runPreload(preload, page, (channel, args) => {
    if (channel === ipcChannelName) ipc.client.send(args[0]);
  });
  ipc.client.onMessage((message) => renderer.emit(ipcChannelName, {}, message));
  const client = bridgeChannel(Reflect.get(page, bridgeName) as HostBridge);
  return { client, host: ipc.host, release: () => rm(scratch, { recursive: true, force: true }) };
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
  const cancelled: string[] = [];
  const asked: { readonly name: string; readonly payload: unknown }[] = [];
  const api: HostApi = {
    request: <N extends RequestName>(name: N, payload: HostRequests[N][0], signal?: CancelSignal) => {
      asked.push({ name, payload });
      signal?.addEventListener('abort', () => cancelled.push(name));
      return answer(name, payload) as Promise<Result<HostRequests[N][1]>>;
    },
    on: (name, listener) => {
      if (name === 'run.event') listeners.add(listener as (payload: HostEvents['run.event']) => void);
      return () => void listeners.delete(listener as (payload: HostEvents['run.event']) => void);
    },
    onLost: () => () => undefined,
  };
  return {
    api,
    asked,
    cancelled,
    listeners,
    emit: (event: HostEvents['run.event']) => listeners.forEach((send) => send(event)),
  };
}

function codesOf(result: Result<unknown>): readonly string[] {
  return result.ok ? [] : result.diagnostics.map(({ code }) => code);
}

describe.each([
  { name: 'memory', open: openMemory },
  { name: 'WebSocket', open: openWebSocket },
  { name: 'Electron bridge', open: openBridge },
  { name: "Electron's preload", open: openPreload },
])('the HostApi over $name', ({ open }) => {
  const isBridge = open === openBridge || open === openPreload;
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
    { name: 'draft.save', payload: { key: 'k', path: null, document: { nodes: 3 } }, path: 'document.version' },
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

  it('answers with a diagnostic where no message can hold the answer, and goes on', async () => {
    // Frames hold no such integer; what is cloned holds no function.
    const unspeakable = open === openWebSocket ? 1n : () => 1;
    const { api } = await connect((name) => Promise.resolve(success(name === 'host.info' ? info : { a: unspeakable })));
    expect(codesOf(await api.request('run.list', {}))).toEqual(['host/failed']);
    expect(await api.request('host.info', {})).toEqual(success(info));
  });

  it('ends open requests with a diagnostic when the channel closes', async () => {
    const { api, host, client } = await connect(never);
    const lost: boolean[] = [];
    api.onLost((isLost) => lost.push(isLost));
    const waiting = [api.request('host.info', {}), api.request('run.list', {})];
    // The main process never leaves a page behind: a bridge closes with its page only.
    (isBridge ? client : host).close();
    for (const answer of await Promise.all(waiting)) expect(codesOf(answer)).toEqual(['host/connection-lost']);
    expect(lost).toEqual([true]);
    expect(codesOf(await api.request('host.info', {}))).toEqual(['host/connection-lost']);
  });

  it('cancels a request when its signal says so, and tells the host', async () => {
    let started = (): void => undefined;
    const reached = new Promise<void>((resolve) => (started = resolve));
    const { api, cancelled } = await connect(() => {
      started();
      return never();
    });
    const controller = new AbortController();
    const answer = api.request('host.info', {}, controller.signal);
    await reached;
    controller.abort();
    expect(codesOf(await answer)).toEqual(['host/cancelled']);
    await vi.waitFor(() => expect(cancelled).toEqual(['host.info']));
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
    if (!isBridge) await closed;
  });

  it('carries typed arrays anywhere in a request and in an answer', async () => {
    const tensors = {
      map: { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, -0, 1.5, Infinity, NaN, 1e-45) },
      classes: { dtype: 'int32', shape: [3], data: Int32Array.of(-1, 0, 2_147_483_647) },
      // A view that begins in the middle of its buffer, at no multiple of four.
      pixels: { dtype: 'uint8', shape: [3], data: new Uint8Array([9, 8, 7, 6, 5]).subarray(1, 4) },
      none: { dtype: 'float32', shape: [0], data: new Float32Array() },
    };
    const { api, asked } = await connect(() => Promise.resolve(success({ tensors, again: [tensors.map.data] })));
    const pixels = Uint8Array.from({ length: 1001 }, (_, index) => index % 256);
    const answer = await api.request('model.activations', {
      model: { type: 'path', path: '/模型' },
      nodes: ['c1'],
      input: { pixels },
    });
    const got = (asked[0]!.payload as { readonly input: { readonly pixels: Uint8Array } }).input.pixels;
    expect(Object.prototype.toString.call(got)).toBe('[object Uint8Array]');
    expect([...got]).toEqual([...pixels]);
    const value = (
      answer as unknown as { readonly value: { readonly tensors: typeof tensors; readonly again: Float32Array[] } }
    ).value;
    for (const [name, { data }] of Object.entries(tensors)) {
      const arrived = value.tensors[name as keyof typeof tensors].data;
      expect(Object.prototype.toString.call(arrived)).toBe(Object.prototype.toString.call(data));
      expect(Array.from(arrived)).toEqual(Array.from(data));
    }
    expect(Array.from(value.again[0]!)).toEqual(Array.from(tensors.map.data));
  });

  it.each([
    [Float32Array.of(0, 255.5)],
    [Float32Array.of(NaN)],
    [[0, 1]],
    ['pixels'],
    [{ length: 3 }],
    [Int32Array.of(1)],
  ])('refuses the pixels %j before a handler sees them', async (pixels) => {
    const { api, asked } = await connect(() => Promise.resolve(success({})));
    const request = { model: { type: 'run', runId: '1' }, input: { pixels } } as never;
    expect(codesOf(await api.request('model.predict', request))).toEqual(['host/invalid-message']);
    expect(asked).toEqual([]);
  });

  it('answers a message nested 1,500 deep without harm, or ends its connection', async () => {
    const { api, client, asked } = await connect(() => Promise.resolve(success(info)));
    let deep: unknown = 1;
    for (let depth = 0; depth < 1500; depth++) deep = [deep];
    const document = { ...emptyDocument('a'), nodes: [{ id: 'n', kind: 'conv', params: { deep } }] } as never;
    const answer = await new Promise<Result<unknown>>((resolve, reject) => {
      // The context bridge of Electron refuses it by itself; then nothing has left the page.
      api.request('draft.save', { key: 'k', path: null, document }).then(resolve, reject);
    }).catch(() => null);
    if (answer !== null) expect(codesOf(answer)[0]).toMatch(/^host\/(invalid-message|connection-lost)$/);
    expect(asked).toEqual([]);
    if (isBridge) expect((await connectHost(client).request('host.info', {})).ok).toBe(true);
  });

  it('keeps of the steps of a run only the newest while the client hears nothing, and drops nothing else', async () => {
    const { client, host, release } = await open();
    cleanups.push(release);
    const { api, emit } = createScriptedHost(() => Promise.resolve(success({})));
    serveHost(api, host);
    const heard: { readonly runId: string; readonly event: RunEvent }[] = [];
    client.onMessage((message) => {
      const { type, payload } = message as { readonly type: string; readonly payload: HostEvents['run.event'] };
      if (type === 'event') heard.push(payload);
    });
    const epoch: RunEvent = {
      type: 'epoch',
      epoch: 1,
      loss: 1,
      valLoss: 1,
      accuracy: null,
      valAccuracy: null,
      valMeanIou: null,
      seconds: 1,
    };
    for (let number = 1; number <= 5000; number++) {
      emit({ runId: 'a', event: stepEvent(number) });
      emit({ runId: 'b', event: stepEvent(number) });
      if (number === 4000) emit({ runId: 'a', event: epoch });
    }
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(200));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = heard.length;
    expect(before).toBeLessThan(300);
    client.send({ type: 'heard', count: before });
    await vi.waitFor(() => expect(heard.length).toBe(before + 3));
    const late = heard
      .slice(before)
      .map(({ runId, event }) => `${runId} ${event.type === 'step' ? event.step : 'epoch'}`);
    expect(late).toEqual(['a epoch', 'a 5000', 'b 5000']);
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
