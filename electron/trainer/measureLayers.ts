import { compileLayerSteps } from '../../shared/compile/layerSteps';
import type { LayerStep } from '../../shared/compile/layerSteps';
import { initialWeights } from '../../shared/compile/initialWeights';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { LayerTime, LayerTimes } from '../../shared/host/api';
import { zeroTensor } from '../../shared/ops/tensor';
import type { TensorMap } from '../../shared/ops/tensor';
import { chooseEngine } from '../engines';
import type { Engine, EngineSession } from '../engines/engine';
import { closed, measureStep, optionsOf } from './measure';
import type { MeasureQuestion } from './measure';

/** A layer is timed for so many rounds at the most, and for no more than three beyond this time. */
const mostRounds = 15;
const leastRounds = 3;
const enoughMs = 150;

/**
 * Times the part of each layer in a training step, on random values: the time of its forward pass, its backward pass and the update of its
 * weights, less the time of a run that does nothing with the same feeds. Layers that are equal are timed as one. The whole step is timed
 * as well, since an engine may do in one go what layers do one by one.
 */
export async function measureLayers(
  question: MeasureQuestion,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Result<LayerTimes>> {
  const network = await closed(question);
  if (!network.ok) return network;
  const { document, analysis } = network.value;
  const { config } = question;
  const compiled = compileLayerSteps(document, analysis, optionsOf(analysis, config));
  if (!compiled.ok) return compiled;
  const layers = compiled.value;
  const choice = await chooseEngine(config.engine);
  if (!choice.ok) return choice;
  const { engine, status } = choice.value;
  // The whole step is one part more, and the first: what does not fit in memory fails there.
  const total = layers.length + 1;
  onProgress(0, total);
  const whole = await measureStep({ document, config: { ...config, engine: engine.id } }, signal);
  if (!whole.ok) return whole;
  const nodes: { [id: string]: LayerTime } = {};
  let layersMs = 0;
  for (const [place, layer] of layers.entries()) {
    onProgress(place + 1, total);
    const timed = await timeLayer(engine, layer, question, signal);
    if (!timed.ok) return timed;
    for (const id of layer.nodes) nodes[id] = timed.value;
    layersMs += timed.value.ms * layer.nodes.length;
  }
  onProgress(total, total);
  const { batchSize } = config;
  const stepMs = whole.value.secondsPerStep * 1000;
  return success({ engine: engine.id, device: status.device, batchSize, stepMs, layersMs, nodes });
}

async function timeLayer(
  engine: Engine,
  layer: LayerStep,
  { config }: MeasureQuestion,
  signal: AbortSignal,
): Promise<Result<LayerTime>> {
  const opened = await engine.compile(layer.program);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const slots: TensorMap = Object.fromEntries(layer.slots.map(({ name, shape }) => [name, zeroTensor(shape)]));
    await session.write({ ...initialWeights(layer.weights, config.seed), ...slots });
    const feeds = layer.feeds(config.batchSize);
    const times: number[] = [];
    let spent = 0;
    // The first round warms up.
    for (let round = 0; times.length < leastRounds || (times.length < mostRounds && spent < enoughMs); round++) {
      if (signal.aborted) return failure(requestCancelled('run.measureLayers'));
      const idle = await timeRun(session, 'idle', feeds.idle);
      const step = await timeRun(session, 'step', feeds.step);
      if (round === 0) continue;
      times.push(step - idle);
      spent += step + idle;
      // A long native call leaves no room to hear that nobody waits any more.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return success(summarize(times));
  } finally {
    await session.dispose();
  }
}

async function timeRun(session: EngineSession, name: string, feeds: TensorMap): Promise<number> {
  const start = performance.now();
  await session.run(name, feeds);
  return performance.now() - start;
}

/** The median, not below nothing, and how far the quartiles lie apart. */
function summarize(times: readonly number[]): LayerTime {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { ms: Math.max(0, at(0.5)), spreadMs: at(0.75) - at(0.25), rounds: times.length };
}
