import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../shared/text';
import { createRunLog } from '../trainer/runLog';
import { measureEngineRoof } from './engineRoof';
import { createEngineStepper } from './engineStepper';
import type { BenchReply, BenchRequest, Stepper } from './protocol';
import { participantOf } from './report';
import { createTfjsLayersStepper, createTfjsNodeStepper } from './tfjsStepper';

/**
 * A candidate's own process: builds one network and makes steps when it is told to. Alone in a process, because engines share
 * neither thread pools nor, in the case of tfjs and tfjs-node, global state.
 */
let stepper: Stepper | undefined;

function reply(message: BenchReply): void {
  process.send?.(message);
}

async function create({ candidate, benchCase }: Extract<BenchRequest, { type: 'prepare' }>): Promise<Stepper> {
  const participant = participantOf(candidate);
  switch (participant.by) {
    case 'engine':
      return createEngineStepper(participant.engine, participant.precision, benchCase);
    case 'tfjs':
      return candidate === 'tfjs-layers-wasm' ? createTfjsLayersStepper(benchCase) : createTfjsNodeStepper(benchCase);
    case 'python':
      throw new Error(`${participant.label} runs in Python.`);
  }
}

/**
 * The most memory that this process has held. On Linux by its own record: maxRSS of a process begins with that of the one that started
 * it, which may have been larger.
 */
function peakBytes(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // No Linux.
  }
  // In kilobytes.
  return process.resourceUsage().maxRSS * 1024;
}

/**
 * What a step's metrics cost the trainer: the event is made, written to the run's log and sent at the trainer's pace, for which the
 * clock goes on by `stepMs` a step.
 */
async function stream({ count, stepMs }: Extract<BenchRequest, { type: 'stream' }>): Promise<BenchReply> {
  const dir = await mkdtemp(join(tmpdir(), 'convloom-bench-log-'));
  let now = 0;
  let sentCount = 0;
  const log = createRunLog(
    dir,
    (event) => {
      sentCount += 1;
      reply({ type: 'report', report: { type: 'event', event } });
    },
    () => now,
  );
  try {
    const begin = performance.now();
    for (let step = 1; step <= count; step++) {
      now += stepMs;
      log.add({
        type: 'step',
        epoch: 1,
        step,
        loss: 1 / step,
        accuracy: 1 - 1 / step,
        imagesPerSecond: 1000 / stepMs,
        secondsLeft: ((count - step) * stepMs) / 1000,
      });
    }
    await log.flush();
    return { type: 'streamed', stepCostMs: (performance.now() - begin) / count, sentCount };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function answer(request: BenchRequest): Promise<void> {
  if (request.type === 'prepare') {
    stepper = await create(request);
    const loss = await stepper.step();
    reply({ type: 'ready', device: stepper.device, version: stepper.version, loss });
    return;
  }
  if (request.type === 'roof') {
    const participant = participantOf(request.candidate);
    if (participant.by !== 'engine') throw new Error(`${participant.label} has no engine.`);
    reply({ type: 'roof', ...(await measureEngineRoof(participant.engine, request.turnMs)) });
    return;
  }
  if (stepper === undefined) throw new Error('Nothing is prepared.');
  if (request.type === 'stream') {
    reply(await stream(request));
    return;
  }
  const stepsMs: number[] = [];
  for (let step = 0; step < request.count; step++) {
    const begin = performance.now();
    await stepper.step();
    stepsMs.push(performance.now() - begin);
  }
  reply({ type: 'times', stepsMs, peakBytes: peakBytes() });
}

process.on('message', (request: BenchRequest) => {
  answer(request).catch((error: unknown) => {
    reply({ type: 'cannot', why: errorText(error) });
  });
});
// Ctrl-C, and that a terminal is closed, reach every process of it; the benchmark decides what they mean, and ends this one.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
