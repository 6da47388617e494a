import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { failure, success } from '../../../../shared/diagnostics/diagnostic';
import { runNotFound } from '../../../../shared/diagnostics/catalog/run';
import type { HostRequests, RunSummary } from '../../../../shared/host/api';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../../shared/schema/training';
import { text } from '../../../../shared/text';
import type { RunEvent } from '../../../../shared/training/events';
import { packEvents } from '../../../../shared/training/packedEvents';
import { headRaceOf, trainHeads } from '../../../../renderer/compare/headRace';
import { structureDigest } from '../../../../shared/document/digest';
import { builtHeads, headLab } from '../../../../shared/transforms/headLab';
import { flowOf } from '../../../../renderer/canvas/flow';
import { createWorkspace, SessionProvider, useProject, useRun } from '../../../../renderer/session';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const label = text('Edit', '编辑');
const config = { ...defaultTrainingConfig, data: 'idx:/digits' };

function network(name: string, filters: number): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name,
    nodes: [
      { id: 'x', kind: 'input', params: { shape: [8, 8, 1] } },
      { id: 'c', kind: 'conv', params: { filters, kernelSize: 3 } },
      { id: 'f', kind: 'fc', params: { units: 2 } },
    ],
    edges: [
      { from: 'x', to: 'c' },
      { from: 'c', to: 'f' },
    ],
  };
}

const started: RunEvent = {
  type: 'started',
  engine: 'tfjs',
  device: 'cpu',
  epochs: 1,
  stepsPerEpoch: 4,
  baseline: { accuracy: 0.5, meanIou: null },
} as unknown as RunEvent;

function step(number: number): RunEvent {
  return { type: 'step', epoch: 1, step: number, loss: 1 / number, accuracy: 0.5, imagesPerSecond: 1, secondsLeft: 1 };
}

const summary: RunSummary = {
  id: 'run-1',
  dir: '/runs/run-1',
  name: 'A',
  startedAt: '2026-01-01T00:00:00Z',
  config,
  state: 'running',
  lastEpoch: null,
  network: null,
  tags: [],
  seconds: null,
};

/** Lets answers over the memory channel arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function open(answers: Parameters<typeof createSessionHost>[0] = {}) {
  const host = createSessionHost(answers);
  const workspace = createWorkspace(sessionServices(host.link));
  const a = workspace.replace({ document: network('A', 4) });
  const b = workspace.open({ document: network('B', 6) });
  return { host, workspace, a, b };
}

describe('two networks that are open side by side', () => {
  it('have a document, an analysis, a history and a selection each', () => {
    const { a, b } = open();
    const before = b.project.getState();
    a.project.edit(label, [{ type: 'setParams', id: 'c', params: { filters: 32 } }]);
    a.project.select(['c']);
    expect(a.project.getState().analysis.nodes.get('c')?.paramCount).toBe(320);
    expect(b.project.getState()).toBe(before);
    expect(before.analysis.nodes.get('c')?.paramCount).toBe(60);
    b.project.undo();
    expect(a.project.getState().history.past).toHaveLength(1);
    a.project.undo();
    expect(a.project.getState().analysis.nodes.get('c')?.paramCount).toBe(40);
  });

  it('are drawn each by itself, with nodes of equal ids', () => {
    const { a, b } = open();
    flowOf(a).showAt(new Map([['c', { x: 900, y: 900 }]]));
    expect(flowOf(a).shownPlace('c')).toEqual({ x: 900, y: 900 });
    expect(flowOf(b).shownPlace('c')).toEqual(b.project.getState().document.nodes[1]?.position);
    a.view.openProblemCard('one');
    a.view.keepViewport({ x: 1, y: 2, zoom: 0.5 });
    expect(b.view.getState()).toEqual({ openProblem: null, isProblemCalled: false, viewport: null });
  });

  it('show the events of their own run only, even those that come before the answer', async () => {
    let count = 0;
    const { host, a, b } = open({
      'run.start': () => {
        count += 1;
        const runId = `run-${count}`;
        host.emit('run.event', { runId, event: started });
        return success({ runId, dir: '/runs', warnings: [] });
      },
    });
    const startA = a.run.start(config, a.project.getState().document);
    const startB = b.run.start(config, b.project.getState().document);
    await Promise.all([startA, startB]);
    expect([a.run.getState(), b.run.getState()]).toMatchObject([
      { phase: 'running', runId: 'run-1' },
      { phase: 'running', runId: 'run-2' },
    ]);
    host.emit('run.event', { runId: 'run-1', event: step(1) });
    host.emit('run.event', { runId: 'run-1', event: step(2) });
    host.emit('run.event', { runId: 'run-2', event: step(3) });
    await settle();
    expect([a.run.metrics().steps, b.run.metrics().steps]).toEqual([[1, 2], [3]]);
    await a.run.stop();
    expect(a.run.getState().phase).toBe('stopping');
    expect(b.run.getState().phase).toBe('running');
    expect(host.namesOf('run.stop')).toEqual([{ runId: 'run-1' }]);
  });

  it('keep a failure of one run out of the other, and out of what is opened next', async () => {
    const { workspace, a, b } = open({ 'run.start': () => failure(runNotFound('x')) });
    await a.run.start(config, a.project.getState().document);
    expect(a.run.getState().phase).toBe('failed');
    expect(b.run.getState().phase).toBe('idle');
    workspace.activate(a.id);
    const next = workspace.replace({ document: network('C', 2) });
    expect(next.run.getState().phase).toBe('idle');
    expect(workspace.getState().sessions).toEqual([next, b]);
  });

  it('train their heads in turn from one seed, each run told which head of which race it is', async () => {
    const epoch = {
      type: 'epoch',
      epoch: 1,
      loss: 1,
      valLoss: 1,
      accuracy: 0.9,
      valAccuracy: 0.75,
      valMeanIou: null,
      seconds: 1,
    };
    const finished = { type: 'finished', reason: 'completed', seconds: 1, runDir: '/runs' };
    const { host, a, b } = open({
      'run.start': () => {
        for (const event of [started, epoch, finished] as unknown as RunEvent[])
          host.emit('run.event', { runId: 'r', event });
        return success({ runId: 'r', dir: '/runs', warnings: [] });
      },
    });
    const lab = headLab(a.project.getState().document, a.project.getState().analysis);
    if (!lab.ok) throw new Error('no heads');
    const heads = builtHeads(lab.value);
    await trainHeads(a, heads, config);
    const requests = host.namesOf('run.start') as HostRequests['run.start'][0][];
    const asked = requests.map(({ variant }) => variant);
    expect(asked.map((variant) => variant?.head)).toEqual(heads.map(({ id }) => id));
    expect(new Set(asked.map((variant) => variant?.group)).size).toBe(1);
    expect(asked[0]?.network).toBe(structureDigest(a.project.getState().document));
    expect([a, b].map((session) => headRaceOf(session).getState().current)).toEqual([null, null]);
    expect(requests.map(({ config: { seed } }) => seed)).toEqual(heads.map(() => config.seed));
  });

  it('are each what the components under their provider show', () => {
    const { a, b } = open();
    function Name() {
      return createElement(
        'b',
        null,
        useProject((state) => state.document.name),
        ' ',
        useRun((run) => run.phase),
      );
    }
    const page = [a, b].map((session) =>
      createElement(SessionProvider, { key: session.id, session, children: createElement(Name) }),
    );
    expect(renderToStaticMarkup(page)).toBe('<b>A idle</b><b>B idle</b>');
    expect(() => renderToStaticMarkup(createElement(Name))).toThrow('SessionProvider');
  });
});

describe('a workspace', () => {
  it('is never empty, and shows a neighbour when the active network is closed', () => {
    const { workspace, a, b } = open();
    workspace.close(b.id);
    expect(workspace.active()).toBe(a);
    workspace.close(a.id);
    expect(workspace.active().project.getState().document.nodes).toEqual([]);
    expect(workspace.getState().sessions).toHaveLength(1);
  });

  it('keeps a network whose run is at work open behind the one that is opened over it', async () => {
    const { workspace, a, b } = open({ 'run.start': () => success({ runId: 'run-1', dir: '/runs', warnings: [] }) });
    await b.run.start(config, b.project.getState().document);
    const next = workspace.replace({ document: network('C', 2) });
    expect(workspace.getState()).toMatchObject({ sessions: [a, b, next], active: next });
  });

  it('that is opened during a run shows the network of that run, its data, its curve, and what it says from then on', async () => {
    const host = createSessionHost({
      'run.list': () => success([summary, { ...summary, id: 'old', state: 'completed' }]),
      'run.get': () => success({ summary, document: network('A', 4), events: packEvents([started, step(1), step(2)]) }),
    });
    const workspace = createWorkspace(sessionServices(host.link));
    await workspace.showRunsAtWork(host.client);
    const { sessions, active } = workspace.getState();
    expect(sessions).toEqual([active]);
    expect(active.project.getState().document).toMatchObject({ name: 'A', train: { data: 'idx:/digits' } });
    expect(active.run.getState()).toMatchObject({ phase: 'running', runId: 'run-1' });
    host.emit('run.event', { runId: 'run-1', event: step(3) });
    await settle();
    expect(active.run.metrics().steps).toEqual([1, 2, 3]);
    await workspace.showRunsAtWork(host.client);
    expect(workspace.getState().sessions).toEqual([active]);
  });

  it('goes on with a run that was stopped: its curve up to the checkpoint, then what is said from there', async () => {
    const end: RunEvent = { type: 'finished', reason: 'stopped', runDir: '/runs/run-1', seconds: 1 };
    const stopped: RunSummary = { ...summary, state: 'stopped' };
    const { host, a, b } = open({
      'run.get': () =>
        success({
          summary: stopped,
          document: network('A', 4),
          events: packEvents([started, step(1), step(2), step(3), end]),
        }),
      'run.resume': ({ runId }) => success({ runId, dir: '/runs/run-1', warnings: [] }),
    });
    await a.run.resume('run-1');
    expect(a.run.getState()).toMatchObject({ phase: 'preparing', runId: 'run-1' });
    host.emit('run.event', { runId: 'run-1', event: { ...started, resumed: { epoch: 1, step: 2 } } as RunEvent });
    host.emit('run.event', { runId: 'run-1', event: step(3) });
    await settle();
    expect(a.run.getState()).toMatchObject({ phase: 'running', runId: 'run-1', started: { resumed: { step: 2 } } });
    expect(a.run.metrics().steps).toEqual([1, 2, 3]);
    expect(b.run.getState().phase).toBe('idle');
    await a.run.stop();
    expect(host.namesOf('run.stop')).toEqual([{ runId: 'run-1' }]);
  });

  it('has every step of a run once it has ended, as when it is opened again: not all were sent', async () => {
    const end: RunEvent = { type: 'finished', reason: 'completed', runDir: '/runs/run-1', seconds: 1 };
    const ended: RunSummary = { ...summary, state: 'completed' };
    const events = packEvents([started, step(1), step(2), step(3), step(4), end]);
    const { host, a } = open({
      'run.start': () => success({ runId: 'run-1', dir: '/runs', warnings: [] }),
      'run.get': () => success({ summary: ended, document: network('A', 4), events }),
    });
    await a.run.start(config, a.project.getState().document);
    for (const event of [started, step(1), step(4)]) host.emit('run.event', { runId: 'run-1', event });
    await settle();
    expect(a.run.metrics().steps).toEqual([1, 4]);
    host.emit('run.event', { runId: 'run-1', event: end });
    await settle();
    expect(a.run.metrics().steps).toEqual([1, 2, 3, 4]);
    expect(a.run.getState().phase).toBe('finished');
  });

  it('says why a run cannot go on', async () => {
    const { a } = open({
      'run.get': () => success({ summary, document: network('A', 4), events: packEvents([started, step(1)]) }),
      'run.resume': () => failure(runNotFound('run-1')),
    });
    await a.run.resume('run-1');
    expect(a.run.getState()).toMatchObject({ phase: 'failed', diagnostics: [{ code: 'run/not-found' }] });
  });

  it('opens a run at work behind what the user is at', async () => {
    const { host, workspace, a, b } = open({
      'run.list': () => success([summary]),
      'run.get': () => success({ summary, document: network('R', 4), events: packEvents([started]) }),
    });
    await workspace.showRunsAtWork(host.client);
    expect(workspace.getState().sessions).toHaveLength(3);
    expect(workspace.active()).toBe(b);
    expect(a.run.getState().phase).toBe('idle');
  });
});
