import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';
import { decodeFrame, encodeFrame, hostFrameLimits } from '../../../shared/host/frames';
import { createMemoryChannel } from '../../../shared/host/memory';
import { readClientMessage } from '../../../shared/host/protocol';
import { serveHost } from '../../../shared/host/rpc';
import { requestSchemas } from '../../../shared/host/schemas';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { corpusOf, fuzz, fuzzSeed, mutantCount } from '../../support/fuzz/corpus';
import type { Case } from '../../support/fuzz/corpus';
import { createDice, mutateBytes, mutateValue } from '../../support/fuzz/mutate';
import { createScriptedTrainer } from '../../support/scriptedTrainer';
import { tellSoak } from '../../support/faults/points';

const timeout = 60_000 + 100 * mutantCount;

let dir: string;
let host: Host;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-messages-'));
  host = createHost({
    form: 'memory',
    dataDir: join(dir, 'home'),
    projectsDir: dir,
    // Every question finds its process dead: what is asked here is the host alone.
    forkTrainer: () => {
      const trainer = createScriptedTrainer(null);
      setImmediate(() => trainer.exit({ code: 1 }));
      return trainer.process;
    },
  });
});
afterAll(async () => {
  await host.dispose();
  await rm(dir, { recursive: true, force: true });
});

const document = { ...emptyDocument('N'), nodes: [{ id: 'x', kind: 'input', params: { shape: [8, 8, 1] } }] };
const model = { type: 'run', runId: 'r' };

/** A right payload for what takes more than nothing; a path is one in the test's own folder. */
const payloads = (): Readonly<Record<string, unknown>> => ({
  'data.info': { spec: 'mnist' },
  'data.record': {
    dir: join(dir, 'recorded'),
    classes: ['a', 'b'],
    labels: Int32Array.of(0),
    lengths: Int32Array.of(4),
    bytes: new Uint8Array(4),
    deleted: [{ name: 'a', files: ['00001.jpg'] }],
  },
  'data.recordings': { dir },
  'data.recording': { dir },
  'data.recorded': { dir, name: 'a', files: ['00001.jpg'] },
  'templates.open': { id: 'lenet' },
  'files.list': { dir, any: true },
  'project.open': { path: join(dir, 'n.convloom') },
  'project.save': { path: join(dir, 'n.convloom'), document, baseRevision: null, overwrite: true },
  'project.forget': { path: join(dir, 'n.convloom') },
  'draft.save': { key: 'k', path: null, revision: 'r', runId: 'r', replaces: 'o', document },
  'draft.discard': { key: 'k' },
  'run.start': { document, config: defaultTrainingConfig },
  'run.resume': { runId: 'r' },
  'run.follow': { dir: join(dir, 'run'), replay: true },
  'run.stop': { runId: 'r' },
  'run.get': { runId: 'r' },
  'run.delete': { runId: 'r' },
  'run.prune': { keep: 5, isTrial: true },
  'model.info': { model },
  'model.save': { model, path: join(dir, 'm'), overwrite: false },
  'model.evaluate': { model, data: null, engine: 'auto' },
  'model.predict': { model, input: { pixels: new Uint8Array(4), shape: [2, 2] } },
  'model.predictTable': { model, table: { bytes: new Uint8Array(4), name: 't.csv' } },
  'model.activations': { model, nodes: ['x'], input: { image: join(dir, 'p.png') } },
  'checkpoint.info': { model },
  'export.preview': { document, target: 'typescript', model: null },
  'import.read': { path: join(dir, 'm.onnx'), onto: document },
  'import.receive': { upload: null, name: 'm.onnx', bytes: new Uint8Array(4) },
  'import.kept': { id: 'i' },
  'library.keep': { name: 'b', blocks: { b: { params: {}, nodes: [], edges: [] } } },
  'library.forget': { name: 'b' },
  'settings.set': { theme: 'dark', layout: { a: 1 } },
});

/** What would start engines or read the whole disk is not asked a thousand times. */
const leftOut = ['engines.list', 'host.check', 'host.info', 'export.write', 'menu.set'];

function* frames(count: number): Generator<Case> {
  const dice = createDice(fuzzSeed);
  const known = payloads();
  const names = Object.keys(requestSchemas).filter((name) => !leftOut.includes(name));
  for (let at = 0; at < count; at++) {
    const name = dice.of(names);
    const message = { type: 'request', id: at, name, payload: known[name] ?? {} };
    const isBytes = at % 5 === 0;
    const frame = encodeFrame(isBytes ? message : mutateValue(message, dice));
    const bytes = typeof frame === 'string' ? Buffer.from(frame) : Buffer.from(frame);
    yield {
      name: `${name}.${typeof frame === 'string' ? 'json' : 'frame'}`,
      bytes: isBytes ? mutateBytes(bytes, dice) : bytes,
    };
  }
}

/** Sends one frame as a page would: it is refused as no message, or every request in it is answered by more than "that failed". */
async function takeFrame({ name, bytes }: Case): Promise<string | null> {
  const frame = name.endsWith('.json') ? bytes.toString('utf8') : new Uint8Array(bytes);
  const message = decodeFrame(frame, hostFrameLimits);
  if (!message.ok) return message.diagnostics.length > 0 ? null : 'It is refused without a reason.';
  const channel = createMemoryChannel(structuredClone);
  const answers: unknown[] = [];
  const ended = { isSo: false };
  channel.client.onMessage((answer) => answers.push(answer));
  channel.client.onClose(() => (ended.isSo = true));
  const visit = host.visit('fuzz');
  serveHost(visit.api, channel.host);
  channel.client.send(message.value);
  // What is no message of the protocol is dropped; everything else has its answer.
  const isRequest = readClientMessage(message.value)?.type === 'request';
  for (let turn = 0; answers.length === 0 && !ended.isSo && (isRequest || turn < 3); turn++) {
    await new Promise((resolve) => setTimeout(resolve, turn < 20 ? 0 : 5));
  }
  channel.client.close();
  visit.leave();
  const text = JSON.stringify(answers);
  return text.includes('host/failed') ? `The host failed: ${text.slice(0, 500)}` : null;
}

describe('a message', () => {
  it('that once found a fault finds none', async () => {
    expect((await fuzz('messages', corpusOf('messages'), takeFrame)).problems).toEqual([]);
  });

  it('of every kind is answered', async () => {
    for (const [name, payload] of Object.entries(payloads())) {
      const frame = encodeFrame({ type: 'request', id: 1, name, payload });
      const bytes = Buffer.from(typeof frame === 'string' ? frame : frame);
      expect(await takeFrame({ name: `${name}.${typeof frame === 'string' ? 'json' : 'frame'}`, bytes })).toBeNull();
    }
  });

  it('changed at random is answered with a result or a reason, and the host goes on', { timeout }, async () => {
    const found = await fuzz('messages', frames(mutantCount), takeFrame);
    expect(found.problems.join('\n\n')).toBe('');
    expect((await host.request('host.info', {})).ok).toBe(true);
    expect(Object.keys(Object.prototype)).toEqual([]);
    tellSoak(`messages: ${found.count} mutants, 0 exceptions, the slowest took ${Math.round(found.slowestMs)} ms`);
  });
});
