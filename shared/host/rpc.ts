/** The HostApi over any {@link import('./channel').Channel}: `serveHost` on the machine's side, `connectHost` on the page's. */
export { connectHost } from './connect';
export { serveHost } from './serve';
export type { HostConnection } from './serve';
