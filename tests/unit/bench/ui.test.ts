import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../electron/files/chromium';
import { createFeed, feedStep } from '../../../electron/bench/ui/feed';
import { buildPages, writeFloorNetwork } from '../../../electron/bench/ui/floor';
import { editOf, uiNetworks } from '../../../electron/bench/ui/networks';
import { forwardingMs } from '../../../electron/bench/streamingCost';
import { eventWindow } from '../../../shared/host/protocol';
import { createHost } from '../../../electron/host';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { RunEvent } from '../../../shared/training/events';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chainNetwork } from '../../support/networks';

const repo = join(import.meta.dirname, '../../..');
const scratch = mkdtempSync(join(tmpdir(), 'convloom-bench-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function template(id: string): NetworkDocument {
  return JSON.parse(readFileSync(join(repo, 'templates', id, 'network.json'), 'utf8')) as NetworkDocument;
}

describe('the networks that are opened', () => {
  const networks = uiNetworks({ unet: template('unet'), resnet50: template('resnet-50') });

  it('have the sizes that the report speaks of', () => {
    expect(networks.map(({ document }) => document.nodes.length)).toEqual([38, 175, 1000]);
  });

  it.each(networks)('$label shows its edit at its end, in shapes that cannot be taken for each other', (network) => {
    const edit = editOf(network)!;
    expect(edit.inputId).toBe(network.document.nodes[0]!.id);
    expect(edit.lastId).not.toBe(edit.inputId);
    expect(edit.before).not.toContain(edit.after);
    expect(edit.after).not.toContain(edit.before);
  });

  it('have no edit where the size that is typed breaks the network or changes nothing', () => {
    const [unet] = networks;
    expect(editOf({ ...unet!, typed: [572, 572, 1] })).toBeNull();
    expect(editOf({ ...unet!, typed: [8, 8, 1] })).toBeNull();
  });
});

describe('the browser', () => {
  const at =
    (...paths: string[]) =>
    (path: string) =>
      paths.includes(path);

  it('is the one that is named, and none when that is not there', () => {
    expect(findChromium({ CHROMIUM_PATH: '/my/chrome' }, at('/my/chrome', '/usr/bin/chromium'))).toBe('/my/chrome');
    expect(findChromium({ CHROMIUM_PATH: '/my/chrome' }, at('/usr/bin/chromium'))).toBeNull();
  });

  it('is found in the usual places', () => {
    expect(findChromium({}, at('/usr/bin/google-chrome'))).toBe('/usr/bin/google-chrome');
    expect(findChromium({ CHROMIUM_PATH: '' }, at('/usr/bin/chromium'))).toBe('/usr/bin/chromium');
    expect(findChromium({}, at())).toBeNull();
  });

  it.each([
    ['linux', { PATH: '/home/me/bin:relative' }, '/home/me/bin/brave'],
    ['linux', {}, '/snap/bin/chromium'],
    ['darwin', {}, '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    ['darwin', {}, '/Users/me/Applications/Chromium.app/Contents/MacOS/Chromium'],
    ['win32', { 'ProgramFiles(x86)': 'C:\\P' }, 'C:\\P\\Microsoft\\Edge\\Application\\msedge.exe'],
    ['win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\L\\Google\\Chrome\\Application\\chrome.exe'],
  ] as const)('of %s with %j is found at %s', (platform, environment, path) => {
    expect(findChromium(environment, at(path), platform, '/Users/me')).toBe(path);
  });
});

describe('the fed run', () => {
  it('has losses that fall, and stay finite to its end', () => {
    const mean = (from: number): number =>
      Array.from({ length: 100 }, (_, index) => feedStep(from + index).loss).reduce((a, b) => a + b) / 100;
    expect(mean(1)).toBeGreaterThan(mean(2000));
    expect(mean(2000)).toBeGreaterThan(mean(99_000));
    expect(feedStep(100_000).loss).toBeGreaterThan(0);
  });

  it('goes through the host as a real run does, step after step, with an end', async () => {
    const feed = createFeed(() => {
      throw new Error('Nobody asks a question here.');
    });
    const host = createHost({ form: 'memory', dataDir: join(scratch, 'data'), forkTrainer: feed.fork });
    const events: RunEvent[] = [];
    const ended = new Promise<void>((resolve) => {
      host.on('run.event', ({ event }) => {
        events.push(event);
        if (event.type === 'finished') resolve();
      });
    });
    const document = chainNetwork([28, 28, 1], ['fc', { units: 10 }]);
    const started = await host.request('run.start', { document, config: defaultTrainingConfig });
    expect(started.ok).toBe(true);
    await feed.begun;
    await feed.pour(1, 1000);
    await feed.pour(1999, 1_000_000);
    feed.finish();
    await ended;
    await host.dispose();
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.step] : []));
    expect(steps).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(2);
    expect(events[0]?.type).toBe('started');
  });

  it('reaches a window state whole: every event is counted before the time is taken', async () => {
    // More than a host sends unheard: it would leave steps out, and not all would ever arrive.
    const steps = Array.from({ length: 2 * eventWindow }, (_, index) => feedStep(index + 1));
    expect(await forwardingMs(steps)).toBeGreaterThan(0);
  });
});

describe('the pages of the benchmark', () => {
  it('are built from their sources: a probe that runs as a plain script, and a floor that reads its network', async () => {
    const { probe, floorDir } = await buildPages(repo, join(scratch, 'pages'));
    expect(() => new Script(probe)).not.toThrow();
    expect(probe).toContain('convloomProbe');
    expect(readFileSync(join(floorDir, 'index.html'), 'utf8')).toContain('<script');
    await writeFloorNetwork(floorDir, template('unet'));
    const network = JSON.parse(readFileSync(join(floorDir, 'network.json'), 'utf8')) as {
      nodes: { id: string; position: unknown }[];
      edges: { source: string }[];
    };
    expect(network.nodes).toHaveLength(38);
    expect(network.nodes[0]).toEqual({ id: 'image', position: { x: 0, y: 0 }, data: { label: 'input' } });
    expect(new Set(network.edges.map((edge) => edge.source)).has('image')).toBe(true);
  });
});
