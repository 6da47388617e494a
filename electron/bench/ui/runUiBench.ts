import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { errorText } from '../../../shared/text';
import { nodeTrainer } from '../../host';
import { describeMachine } from '../machine';
import type { Machine } from '../report';
import { measureCharts } from './charts';
import { startChromium, viewport } from './chromium';
import type { Chromium } from './chromium';
import { createFeed } from './feed';
import { buildPages, writeFloorNetwork } from './floor';
import type { BuiltPages } from './floor';
import { Samples } from './measures';
import type { SubjectId, SubjectResult } from './measures';
import { uiNetworks } from './networks';
import type { UiNetwork, UiTemplates } from './networks';
import { measureFloor, measureNetwork, measureStart } from './scenario';
import { startVisit } from './visit';
import type { Visit, VisitOptions } from './visit';

export type UiBenchOptions = {
  readonly appRoot: string;
  readonly templates: UiTemplates;
  /** Only this subject; absent: all. The start of the app is measured with each. */
  readonly only?: SubjectId;
  /** Default 3. */
  readonly rounds?: number;
  /** Steps of the long run. Default 100,000. */
  readonly stepCount?: number;
  /** Ends the bench early; what has been measured is reported. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly progress?: (line: string) => void;
};

/** What `convloom bench --ui --json` prints. */
export type UiReport = {
  readonly machine: Machine;
  readonly browser: { readonly path: string; readonly version: string };
  readonly viewport: { readonly width: number; readonly height: number };
  readonly rounds: number;
  readonly stepCount: number;
  readonly interrupted: boolean;
  readonly subjects: readonly SubjectResult[];
};

const defaultRounds = 3;
const defaultStepCount = 100_000;

/** One thing to measure: in each round a visit of its own, so that none inherits another's memory. */
type Subject = {
  readonly id: SubjectId;
  readonly label: string;
  readonly nodeCount: number | null;
  readonly samples: Samples;
  readonly failures: Set<string>;
  measure(): Promise<void>;
};

type Setting = UiBenchOptions & { readonly chromium: Chromium; readonly pages: BuiltPages; readonly start: Samples };

/** Measures what a person feels of the app, round by round in turns: whatever else the machine does then falls on all alike. */
export async function runUiBench(options: UiBenchOptions): Promise<Result<UiReport>> {
  const chromium = await startChromium();
  if (!chromium.ok) return chromium;
  const scratch = await mkdtemp(join(tmpdir(), 'convloom-bench-pages-'));
  const closeBrowser = (): void => void chromium.value.close().catch(() => undefined);
  options.signal?.addEventListener('abort', closeBrowser, { once: true });
  try {
    options.progress?.('building the pages of the benchmark');
    const pages = await buildPages(options.appRoot, scratch);
    const report = await measureAll({ ...options, chromium: chromium.value, pages, start: new Samples() });
    return success(report);
  } finally {
    options.signal?.removeEventListener('abort', closeBrowser);
    await chromium.value.close().catch(() => undefined);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function measureAll(setting: Setting): Promise<UiReport> {
  const rounds = setting.rounds ?? defaultRounds;
  const subjects = subjectsOf(setting);
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      if (setting.signal?.aborted === true) break;
      setting.progress?.(`round ${round} of ${rounds}: ${subject.label}`);
      await subject.measure().catch((error: unknown) => {
        if (setting.signal?.aborted !== true) subject.failures.add(errorText(error).split('\n')[0] ?? '');
      });
    }
  }
  const { chromium, start } = setting;
  return {
    machine: describeMachine(),
    browser: { path: chromium.path, version: chromium.version },
    viewport,
    rounds,
    stepCount: setting.stepCount ?? defaultStepCount,
    interrupted: setting.signal?.aborted === true,
    subjects: [
      { id: 'app', label: 'The app', nodeCount: null, measures: start.measures(), failures: [] },
      ...subjects.map(({ id, label, nodeCount, samples, failures }) => ({
        id,
        label,
        nodeCount,
        measures: samples.measures(),
        failures: [...failures],
      })),
    ],
  };
}

function subjectsOf(setting: Setting): readonly Subject[] {
  const networks = uiNetworks(setting.templates);
  const all = [
    ...networks.map((network) => networkSubject(setting, network)),
    ...networks.slice(-1).map((network) => floorSubject(setting, network)),
    chartsSubject(setting),
  ];
  return all.filter(({ id }) => setting.only === undefined || id === setting.only);
}

function networkSubject(setting: Setting, network: UiNetwork): Subject {
  const { id, label } = network;
  const samples = new Samples();
  return {
    id,
    label,
    nodeCount: network.document.nodes.length,
    samples,
    failures: new Set(),
    measure: () =>
      visit(setting, {}, async (opened) => {
        await measureStart(opened, setting.start);
        await measureNetwork(opened, network, samples);
      }),
  };
}

function floorSubject(setting: Setting, { document }: UiNetwork): Subject {
  const samples = new Samples();
  const nodeCount = document.nodes.length;
  const { floorDir } = setting.pages;
  return {
    id: 'floor',
    label: 'Plain React Flow',
    nodeCount,
    samples,
    failures: new Set(),
    measure: async () => {
      await writeFloorNetwork(floorDir, document);
      await visit(setting, { rendererDir: floorDir }, (opened) => measureFloor(opened, nodeCount, samples));
    },
  };
}

function chartsSubject(setting: Setting): Subject {
  const stepCount = setting.stepCount ?? defaultStepCount;
  const samples = new Samples();
  return {
    id: 'charts',
    label: `Live charts, ${stepCount.toLocaleString('en-US')} steps`,
    nodeCount: null,
    samples,
    failures: new Set(),
    measure: async () => {
      const feed = createFeed(nodeTrainer(join(setting.appRoot, 'out', 'main', 'trainer.js')));
      await visit(setting, { forkTrainer: feed.fork }, async (opened) => {
        await measureStart(opened, setting.start);
        await measureCharts(opened, feed, stepCount, samples);
      });
    },
  };
}

async function visit(
  { chromium, pages }: Setting,
  options: Pick<VisitOptions, 'rendererDir' | 'forkTrainer'>,
  work: (opened: Visit) => Promise<void>,
): Promise<void> {
  const opened = await startVisit({ chromium, probeScript: pages.probe, ...options });
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}
