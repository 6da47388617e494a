import { randomBytes } from 'node:crypto';
import type { Channel } from '../../shared/host/channel';
import type { HostApi } from '../../shared/host/api';
import { serveHost } from '../../shared/host/rpc';
import type { HostConnection } from '../../shared/host/rpc';

/** One client's way to the host: what it drafts is its own until it leaves. */
export type Visit = { readonly api: HostApi; readonly leave: () => void };

/** A host that tells its clients apart. */
export type VisitedHost = HostApi & { visit(connection: string): Visit };

/** As `serveHost`, with the client's claim to its drafts ending when the channel does. */
export function serveVisitor(host: HostApi | VisitedHost, channel: Channel): HostConnection {
  if (!('visit' in host)) return serveHost(host, channel);
  const visit = host.visit(randomBytes(12).toString('hex'));
  channel.onClose(() => visit.leave());
  return serveHost(visit.api, channel);
}
