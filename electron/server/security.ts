import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The name of the cookie that holds the token. The port is in it: two of these servers never take each other's for their own. */
export function cookieName(port: number): string {
  return `convloom-${port}`;
}

/**
 * What the page may load: itself and nothing else. Monaco adds style elements (hence 'unsafe-inline' for styles) and starts
 * its workers from blobs; sockets only to this very server.
 */
export function contentSecurityPolicy(socketOrigin: string, formAction: "'none'" | "'self'" = "'none'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    `connect-src 'self' ${socketOrigin}`.trim(),
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of every answer; forms may be sent to this server by the page that asks for the address alone. */
export function securityHeaders(
  port: number,
  formAction: "'none'" | "'self'" = "'none'",
): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(`ws://127.0.0.1:${port} ws://localhost:${port}`, formAction),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
    'Cache-Control': 'no-store',
  };
}

/** Whether the request was made to this server by name, and not to a foreign name that was pointed at 127.0.0.1 (DNS rebinding). */
export function isOwnHost(request: IncomingMessage, port: number): boolean {
  const host = request.headers.host;
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Whether a page of this server asks. A browser always says the origin when it opens a socket; a request without one is not a page's. */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const origin = request.headers.origin;
  return origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`;
}

/**
 * Whether another page, or a file that was opened in the browser, leads here. The address bar and programs do not say so, nor do
 * browsers that are older than the header.
 */
export function isFromElsewhere(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether the request's cookie holds the token. */
export function hasTokenCookie(request: IncomingMessage, port: number, token: string): boolean {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const prefix = `${cookieName(port)}=`;
  return pairs.some((pair) => pair.startsWith(prefix) && isSame(pair.slice(prefix.length), token));
}

/** Whether the address itself holds the token, as the one that is printed does; or that whole address, pasted where it was asked for. */
export function hasTokenInUrl(url: URL, token: string): boolean {
  const given = url.searchParams.get('token')?.trim();
  if (given === undefined) return false;
  return isSame((URL.canParse(given) ? new URL(given).searchParams.get('token') : null) ?? given, token);
}
