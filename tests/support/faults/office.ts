import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppRole, AppWord } from './appProcess';

type Edit = Extract<AppWord, { type: 'edit' }>;

/** The app as its processes are: a host with its server, pages with sessions, and the wire between them. */
export type Office = {
  /** Edits of the page that lives, with when each was made. */
  readonly edits: readonly Edit[];
  /** Settles when the page has its host, and has drafted an edit since. */
  pageIsAtWork(): Promise<void>;
  openPage(): Promise<void>;
  /** Kills the page, and gives how long ago the oldest edit was made that no draft on the disk has, in milliseconds. */
  killPage(): Promise<number>;
  /** Kills the host and starts another one in its place. */
  killHost(): Promise<void>;
  /** Breaks every connection between page and host. */
  dropSockets(): void;
  close(): Promise<void>;
};

export type OfficeOptions = {
  /** The bundle of appProcess.ts. */
  readonly program: string;
  readonly dir: string;
  /** The built app. */
  readonly out: string;
};

const patienceMs = 20_000;

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await isSo())) {
    if (performance.now() - from > patienceMs) throw new Error(`In vain: ${what}`);
    await delay(5);
  }
}

/** A wire that can be cut: what arrives at its port goes to the host's. */
function createWire(portOf: () => number): { readonly server: Server; readonly cut: () => void } {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(portOf(), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  return {
    server,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The number of the latest edit that a draft in the folder holds. */
async function draftedIn(dataDir: string): Promise<number> {
  const dir = join(dataDir, 'drafts');
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json'));
  const numbers = await Promise.all(
    names.map(async (name) => {
      const { document } = JSON.parse(await readFile(join(dir, name), 'utf8')) as {
        readonly document: { readonly name: string };
      };
      return Number(document.name.split(' ')[1]);
    }),
  );
  return Math.max(0, ...numbers);
}

export async function openOffice({ program, dir, out }: OfficeOptions): Promise<Office> {
  const dataDir = join(dir, 'home');
  const children = new Set<ChildProcess>();
  const start = (role: AppRole, hear: (word: AppWord) => void): ChildProcess => {
    const env = { ...process.env, XDG_CACHE_HOME: join(dir, 'cache') };
    const child = fork(program, [JSON.stringify(role)], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.add(child);
    child.on('message', (word) => hear(word as AppWord));
    child.on('exit', () => children.delete(child));
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  let port = 0;
  const startHost = (): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const child = start({ role: 'host', dataDir, port, out }, (word) => {
        if (word.type !== 'listening') return;
        port = word.port;
        resolve(child);
      });
      child.once('exit', () => reject(new Error('The host ended.')));
    });
  let host = await startHost();
  const wire = createWire(() => port);
  await new Promise<void>((resolve) => wire.server.listen(0, '127.0.0.1', resolve));
  const through = (wire.server.address() as AddressInfo).port;
  let page: ChildProcess | null = null;
  let edits: Edit[] = [];
  let [readyTimes, generation] = [0, 0];

  const pageIsAtWork = async (): Promise<void> => {
    await until('the page has its host', () => readyTimes > 0);
    const from = edits.at(-1)?.number ?? 0;
    await until('an edit is drafted', async () => (await draftedIn(join(dataDir)).catch(() => 0)) > from);
  };
  return {
    get edits() {
      return edits;
    },
    pageIsAtWork,
    openPage: async () => {
      generation += 1;
      const mine = generation;
      [edits, readyTimes] = [[], 0];
      page = start({ role: 'page', port, through }, (word) => {
        if (mine !== generation) return;
        if (word.type === 'ready') readyTimes += 1;
        if (word.type === 'edit') edits.push(word);
      });
      await pageIsAtWork();
    },
    killPage: async () => {
      if (page === null) throw new Error('There is no page.');
      const killedAt = Date.now();
      await kill(page);
      page = null;
      // What the host had been asked for is written, or never will be.
      let before = -1;
      await until('the disk is quiet', async () => {
        const now = await draftedIn(dataDir);
        const isQuiet = now === before;
        before = now;
        if (!isQuiet) await delay(50);
        return isQuiet;
      });
      const lost = edits.find(({ number, at }) => number > before && at <= killedAt);
      return lost === undefined ? 0 : killedAt - lost.at;
    },
    killHost: async () => {
      await kill(host);
      readyTimes = 0;
      host = await startHost();
    },
    dropSockets: () => {
      readyTimes = 0;
      wire.cut();
    },
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      await new Promise((resolve) => {
        wire.cut();
        wire.server.close(resolve);
      });
    },
  };
}
