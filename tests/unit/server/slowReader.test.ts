import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { socketChannel } from '../../../electron/server/socketChannel';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { HostApi } from '../../../shared/host/api';
import { serveHost } from '../../../shared/host/rpc';

const answerBytes = 1024 * 1024;
const requests = 300;

let release = (): Promise<void> => Promise.resolve();
afterEach(async () => {
  await release();
});

/** A host that answers every request with a megabyte, and both ends of one connection to it. */
async function connect() {
  let asked = 0;
  const api: HostApi = {
    request: () => {
      asked += 1;
      return Promise.resolve(success({ tensors: { a: new Uint8Array(answerBytes) } } as never));
    },
    on: () => () => undefined,
    onLost: () => () => undefined,
  };
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<WebSocket>((resolve) => {
    sockets.once('connection', (socket) => {
      serveHost(api, socketChannel(socket));
      resolve(socket);
    });
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    perMessageDeflate: false,
  });
  await new Promise((resolve) => client.once('open', resolve));
  release = () =>
    new Promise((resolve) => {
      for (const open of sockets.clients) open.terminate();
      server.close(() => resolve());
    });
  return { client, socket: await accepted, asked: () => asked };
}

describe('a browser that does not read', () => {
  it('of 300 answers of a megabyte has a few in memory, and gets them all once it reads', async () => {
    const { client, socket, asked } = await connect();
    client.pause();
    const payload = { model: { type: 'path', path: '/m' }, nodes: ['a'], input: { image: '/i' } };
    const ask = (from: number, to: number): void => {
      for (let id = from; id <= to; id++)
        client.send(JSON.stringify({ type: 'request', id, name: 'model.activations', payload }));
    };
    ask(1, requests / 2);
    await vi.waitFor(() => expect(socket.isPaused).toBe(true));
    // What was read in one piece is answered; what comes later is not even read.
    ask(requests / 2 + 1, requests);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(socket.bufferedAmount).toBeLessThan(16 * answerBytes);
    expect(asked()).toBeLessThanOrEqual(requests / 2);
    let received = 0;
    client.on('message', () => (received += 1));
    client.resume();
    await vi.waitFor(() => expect(received).toBe(requests), { timeout: 20_000 });
    expect(asked()).toBe(requests);
  }, 30_000);
});
