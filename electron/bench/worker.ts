import { errorText } from '../../shared/text';
import { createEngineStepper } from './engineStepper';
import type { BenchReply, BenchRequest, Stepper } from './protocol';
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
  switch (candidate) {
    case 'tensorflow':
    case 'onnxruntime':
    case 'tfjs':
      return createEngineStepper(candidate, benchCase);
    case 'tfjs-layers-wasm':
      return createTfjsLayersStepper(benchCase);
    case 'tfjs-node-minimize':
      return createTfjsNodeStepper(benchCase);
    case 'pytorch':
    case 'keras':
      throw new Error(`${candidate} runs in Python.`);
  }
}

async function answer(request: BenchRequest): Promise<void> {
  if (request.type === 'prepare') {
    stepper = await create(request);
    const loss = await stepper.step();
    reply({ type: 'ready', device: stepper.device, version: stepper.version, loss });
    return;
  }
  if (stepper === undefined) throw new Error('Nothing is prepared.');
  if (request.type === 'stream') {
    const begin = performance.now();
    for (let step = 0; step < request.count; step++) reply({ type: 'event', step, loss: 1 / (step + 1) });
    reply({ type: 'streamed', eventMs: (performance.now() - begin) / request.count });
    return;
  }
  const stepsMs: number[] = [];
  for (let step = 0; step < request.count; step++) {
    const begin = performance.now();
    await stepper.step();
    stepsMs.push(performance.now() - begin);
  }
  // maxRSS is in kilobytes.
  reply({ type: 'times', stepsMs, peakBytes: process.resourceUsage().maxRSS * 1024 });
}

process.on('message', (request: BenchRequest) => {
  answer(request).catch((error: unknown) => {
    reply({ type: 'cannot', why: errorText(error) });
  });
});
process.on('disconnect', () => process.exit(0));
