import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { contentSecurityPolicy } from '../server/security';
import { contentTypeOf, resolveStaticFile } from '../server/staticFiles';

const scheme = 'convloom-app';

/** Where the page lives. A scheme of its own, so that the page is no file and has an origin. */
export const appOrigin = `${scheme}://app`;
export const appUrl = `${appOrigin}/index.html`;

/** Must be called before the app is ready, and once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

const headers: Readonly<Record<string, string>> = {
  // A page in Electron opens no sockets at all: it has its channel.
  'Content-Security-Policy': contentSecurityPolicy(''),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function refuse(status: number): Response {
  return new Response(null, { status, headers });
}

/** Serves the built page, and nothing outside its folder. */
export function serveApp(rendererDir: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'app') return refuse(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    const path = await resolveStaticFile(rendererDir, url.pathname);
    if (path === null) return refuse(404);
    const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(path));
    return new Response(body, { headers: { ...headers, 'Content-Type': contentTypeOf(path) } });
  });
}
