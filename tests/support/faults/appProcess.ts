import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createHost, nodeTrainer } from '../../../electron/host';
import { startServer } from '../../../electron/server';
import { createWorkspace } from '../../../renderer/session';
import type { HostLink } from '../../../renderer/session';
import type { HostApi } from '../../../shared/host/api';
import { connectOverWebSocket } from '../../../shared/host/websocket';
import { emptyDocument } from '../../../shared/schema/document';
import { text } from '../../../shared/text';
import { browserSocket } from '../browserSocket';

/** One process of the app, to be killed: the host with its server, or a page with its session. */
export type AppRole =
  | {
      readonly role: 'host';
      readonly dataDir: string;
      readonly port: number;
      readonly out: string;
    }
  | { readonly role: 'page'; readonly port: number; readonly through: number };

/** What a process tells: a host its port, a page each edit, and each time that it has its host (again). */
export type AppWord =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'ready' }
  | { readonly type: 'edit'; readonly number: number; readonly at: number };

export const officeToken = 'a-token-of-the-test';
/** As fast as a hand that drags a node. */
const editMs = 25;

const say = (word: AppWord): void => void process.send?.(word, undefined, undefined, () => undefined);
const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function beHost({ dataDir, port, out }: Extract<AppRole, { role: 'host' }>): Promise<void> {
  const host = createHost({
    form: 'browser',
    dataDir,
    projectsDir: dataDir,
    forkTrainer: nodeTrainer(join(out, 'main', 'trainer.js')),
  });
  const started = await startServer({ host, port, rendererDir: join(out, 'renderer'), token: officeToken });
  if (!started.ok) throw new Error(started.diagnostics.map(({ summary }) => summary.en).join());
  say({ type: 'listening', port: started.value.port });
}

function linkTo(host: HostApi): HostLink {
  let isReady = true;
  const listeners = new Set<(host: HostApi) => void>();
  host.onLost((isLost) => {
    isReady = !isLost;
    if (isLost) return;
    for (const listener of listeners) listener(host);
    say({ type: 'ready' });
  });
  return {
    current: () => host,
    isReady: () => isReady,
    onReady: (listener) => {
      listeners.add(listener);
      if (isReady) listener(host);
      return () => void listeners.delete(listener);
    },
  };
}

async function bePage({ port, through }: Extract<AppRole, { role: 'page' }>): Promise<void> {
  const open = () => {
    const socket = new WebSocket(`ws://127.0.0.1:${through}/host?token=${officeToken}`, {
      headers: { Host: `127.0.0.1:${port}` },
      origin: `http://127.0.0.1:${port}`,
    });
    return browserSocket(socket);
  };
  const link = linkTo(await connectOverWebSocket({ open, delay }));
  const workspace = createWorkspace({
    host: link,
    nextFrame: (callback) => setTimeout(callback, 16),
    newId: () => crypto.randomUUID(),
    onDraftTrouble: () => undefined,
  });
  const session = workspace.replace({ document: emptyDocument('edit 0') });
  say({ type: 'ready' });
  const label = text('Rename', '重命名');
  for (let number = 1; ; number++) {
    session.project.edit(label, [{ type: 'renameNetwork', name: `edit ${number}` }]);
    say({ type: 'edit', number, at: Date.now() });
    await delay(editMs);
  }
}

const role = JSON.parse(process.argv[2] ?? '{}') as AppRole;
// Whoever started this is gone.
process.on('disconnect', () => process.exit(0));
void (role.role === 'host' ? beHost(role) : bePage(role));
