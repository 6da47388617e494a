import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { diagnosticMessage } from '../../../shared/diagnostics/diagnostic';
import { createHost } from '../../host';
import type { ForkTrainer } from '../../host';
import { startServer } from '../../server';
import type { Chromium } from './chromium';
import { probeOf } from './probe';
import type { Probe } from './probe';

/** The app in its browser form as somebody opens it for the first time: a server, a home and a browser profile of its own. */
export type Visit = {
  readonly page: Page;
  readonly probe: Probe;
  /** The folder that the app's open dialog shows. */
  readonly projectsDir: string;
  close(): Promise<void>;
};

export type VisitOptions = {
  readonly chromium: Chromium;
  readonly probeScript: string;
  /** The page to serve instead of the app's own. */
  readonly rendererDir?: string;
  readonly forkTrainer?: ForkTrainer;
};

/** Starts all that a visit needs and opens the page. */
export async function startVisit({ chromium, probeScript, rendererDir, forkTrainer }: VisitOptions): Promise<Visit> {
  const home = await mkdtemp(join(tmpdir(), 'convloom-bench-'));
  const projectsDir = join(home, 'projects');
  await mkdir(projectsDir);
  const host = createHost({
    form: 'browser',
    dataDir: join(home, 'data'),
    projectsDir,
    systemLanguage: 'en-US',
    ...(forkTrainer === undefined ? {} : { forkTrainer }),
  });
  const close = async (): Promise<void> => {
    await host.dispose();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  // Any free port: the usual ones belong to whoever has the app open.
  const server = await startServer({ host, port: 0, ...(rendererDir === undefined ? {} : { rendererDir }) });
  if (!server.ok) {
    await close();
    throw new Error(server.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
  }
  try {
    const page = await chromium.newPage(probeScript);
    await page.goto(server.value.url);
    return {
      page,
      probe: probeOf(page),
      projectsDir,
      close: async () => {
        // The browser may be gone already, by Ctrl-C or by itself; what is ours ends all the same.
        await page
          .context()
          .close()
          .catch(() => undefined);
        await server.value.close();
        await close();
      },
    };
  } catch (error) {
    await server.value.close();
    await close();
    throw error;
  }
}
