import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { cannotListen, portForbidden, portInUse, rendererNotBuilt } from '../../shared/diagnostics/catalog/server';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { HostApi } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { errorText } from '../../shared/text';
import { errorCode } from '../files/fileErrors';
import { findAppRoot } from '../files/paths';
import { serveVisitor } from '../host/visits';
import {
  cookieName,
  hasTokenCookie,
  hasTokenInUrl,
  isFromElsewhere,
  isOwnHost,
  isOwnOrigin,
  securityHeaders,
} from './security';
import { lockedPage } from './lockedPage';
import { socketChannel } from './socketChannel';
import { contentTypeOf, resolveStaticFile } from './staticFiles';

/** Tried first when the user names no port; the next free one is taken when it is in use. */
export const defaultPort = 8930;
const portAttempts = 50;
const pingMs = 20_000;

export type ServerOptions = {
  readonly host: HostApi;
  /** Exactly this port, or a failure; 0 lets the system choose. Absent: the first free one from {@link defaultPort}. */
  readonly port?: number;
  /** The built page. Default: `out/renderer` of the app. */
  readonly rendererDir?: string;
  /** Default: 32 random bytes. */
  readonly token?: string;
};

export type RunningServer = {
  /** The address with its token: it leads to the page, and gives the browser the cookie that the page needs. */
  readonly url: string;
  readonly port: number;
  /** Calls back with the number of open pages whenever one comes or goes. */
  onVisitors(listener: (count: number) => void): void;
  close(): Promise<void>;
};

/** The address that was asked for; null when it is none. The origin is a placeholder: the host is checked on its own. */
function addressOf(request: IncomingMessage): URL | null {
  const path = request.url ?? '/';
  return URL.canParse(path, 'http://127.0.0.1') ? new URL(path, 'http://127.0.0.1') : null;
}

function refuse(response: ServerResponse, status: number, message: string, port: number): void {
  response.writeHead(status, { ...securityHeaders(port), 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

/** What one server answers with. `base` is the secret folder of the page, with a slash at both ends. */
type Served = { readonly port: number; readonly token: string; readonly base: string; readonly rendererDir: string };

/** Takes the token out of the address bar and the history at once, and gives the browser the cookie instead. */
function admit(request: IncomingMessage, response: ServerResponse, { port, token, base }: Served): void {
  const headers = {
    ...securityHeaders(port),
    // Cookies are shared by all servers of this machine: only the path, which nobody else knows, keeps this one here.
    'Set-Cookie': `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=${base}`,
  };
  if (isFromElsewhere(request)) {
    // After a link or a file elsewhere a redirect would go on without the strict cookie; a page of ours that leads on has it.
    response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8', Refresh: `0; url=${base}` });
    response.end('<!doctype html><title>Convloom</title>');
  } else {
    response.writeHead(303, { ...headers, Location: base });
    response.end();
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { port, token, base, rendererDir } = served;
  if (!isOwnHost(request, port)) {
    refuse(response, 421, 'Wrong host.', port);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, 'Only GET.', port);
    return;
  }
  const url = addressOf(request);
  if (url === null) {
    refuse(response, 400, 'Bad address.', port);
    return;
  }
  if (url.pathname === '/' && hasTokenInUrl(url, token)) {
    admit(request, response, served);
    return;
  }
  if (!hasTokenCookie(request, port, token)) {
    if (url.pathname === '/') {
      response.writeHead(401, { ...securityHeaders(port, "'self'"), 'Content-Type': 'text/html; charset=utf-8' });
      response.end(lockedPage);
      return;
    }
    refuse(response, 401, 'Open the address that Convloom printed; it holds the token of this session.', port);
    return;
  }
  const asked = url.pathname.startsWith(base) ? url.pathname.slice(base.length - 1) : null;
  const path = asked === null ? null : await resolveStaticFile(rendererDir, asked);
  if (path === null) {
    refuse(response, 404, 'Not found.', port);
    return;
  }
  response.writeHead(200, { ...securityHeaders(port), 'Content-Type': contentTypeOf(path) });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
}

/** Destroyed, not only ended: one whose other side never closes would stay for ever. */
function rejectUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** Why a request for a socket is turned away; null when it may have one. */
function whyNoSocket(request: IncomingMessage, { port, token, base }: Served, open: number): string | null {
  const url = addressOf(request);
  // A page has the cookie, which goes to its own folder only; a program has the printed token, and no folder.
  if (url === null || (url.pathname !== '/host' && url.pathname !== `${base}host`)) return '404 Not Found';
  if (!isOwnHost(request, port) || !isOwnOrigin(request, port)) return '403 Forbidden';
  if (!hasTokenCookie(request, port, token) && !hasTokenInUrl(url, token)) return '401 Unauthorized';
  return open < limits.openSockets ? null : '503 Service Unavailable';
}

/** Ends sockets whose other side has silently gone. */
function keepAlive(sockets: WebSocketServer): () => void {
  const answered = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => {
    answered.add(socket);
    socket.on('pong', () => answered.add(socket));
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, pingMs);
  timer.unref();
  return () => clearInterval(timer);
}

function listen(server: Server, port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', onError);
    // Loopback only: nothing else on the network can even connect.
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function listenSomewhere(server: Server, wanted: number | undefined): Promise<Result<number>> {
  const first = wanted ?? defaultPort;
  let last: Diagnostic = cannotListen('');
  for (let port = first; port < first + (wanted === undefined ? portAttempts : 1); port++) {
    const outcome = await listen(server, port);
    if (typeof outcome === 'number') return success(outcome);
    const code = errorCode(outcome);
    if (code === 'EADDRINUSE') last = portInUse(port);
    else if (code === 'EACCES') last = portForbidden(port);
    else return failure(cannotListen(errorText(outcome)));
  }
  return failure(last);
}

/** Who neither finishes a request nor closes is cut off, so that nobody without the token can keep connections for long. */
function createBoundedServer(): Server {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    connectionsCheckingInterval: 5000,
  });
  server.maxConnections = limits.openConnections;
  server.maxHeadersCount = 100;
  return server;
}

/**
 * Serves the app to a browser on this machine: the built page, in a folder whose name nobody else can know, and the HostApi over a
 * WebSocket at `host` in it.
 */
export async function startServer(options: ServerOptions): Promise<Result<RunningServer>> {
  const rendererDir = options.rendererDir ?? join(findAppRoot(import.meta.dirname), 'out', 'renderer');
  if (!existsSync(join(rendererDir, 'index.html'))) return failure(rendererNotBuilt(rendererDir));
  const token = options.token ?? randomBytes(32).toString('base64url');
  const server = createBoundedServer();
  const listening = await listenSomewhere(server, options.port);
  if (!listening.ok) return listening;
  const port = listening.value;
  const served: Served = { port, token, base: `/${randomBytes(16).toString('base64url')}/`, rendererDir };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, served).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = whyNoSocket(request, served, sockets.clients.size);
    if (refusal !== null) {
      rejectUpgrade(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      sockets.emit('connection', accepted, request);
      const tell = (): void => visitorListeners.forEach((listen) => listen(sockets.clients.size));
      tell();
      accepted.on('close', tell);
      serveVisitor(options.host, socketChannel(accepted));
    });
  });
  const visitorListeners: ((count: number) => void)[] = [];
  const stopPinging = keepAlive(sockets);

  return success({
    url: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    onVisitors: (listener) => void visitorListeners.push(listener),
    close: () =>
      new Promise<void>((resolve) => {
        stopPinging();
        for (const socket of sockets.clients) socket.terminate();
        sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
