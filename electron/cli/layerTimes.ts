import { heatOf } from '../../shared/analysis/heat';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { LayerTimes } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import { formatMilliseconds } from '../../shared/text';
import type { TrainingConfig } from '../../shared/schema/training';
import { withHost } from './withHost';

/** Times the layers of a network in a training step, on the engine of the configuration. */
export async function measureTimes(document: NetworkDocument, config: TrainingConfig): Promise<Result<LayerTimes>> {
  return await withHost(async (host) => await host.request('run.measureLayers', { document, config }));
}

/** The milliseconds of a node, or of all that a block holds; null where none were measured. */
export function timeOf({ nodes }: LayerTimes, id: string): number | null {
  const own = Object.hasOwn(nodes, id) ? nodes[id] : undefined;
  if (own !== undefined) return own.ms;
  const inside = Object.entries(nodes).filter(([node]) => node.startsWith(`${id}/`));
  return inside.length === 0 ? null : inside.reduce((sum, [, { ms }]) => sum + ms, 0);
}

/** As figures and heat have them: milliseconds by node. */
export function nodeTimes({ nodes }: LayerTimes): { readonly [id: string]: number } {
  return Object.fromEntries(Object.entries(nodes).map(([id, { ms }]) => [id, ms]));
}

/** What `--time` adds to the JSON beside each node's `timeMs`. */
export function timesJson({ engine, device, batchSize, stepMs, layersMs }: LayerTimes): object {
  return { engine, device, batchSize, stepMs, layersMs };
}

/** What `--time` adds below the table: the sum, the step, and where most of it goes. */
export function timesLines(analysis: NetworkAnalysis, times: LayerTimes): readonly string[] {
  const { engine, device, batchSize, stepMs, layersMs } = times;
  const heat = heatOf(analysis, 'time', nodeTimes(times));
  const most = [...heat.values].toSorted(([, a], [, b]) => b.value - a.value).slice(0, 3);
  const shares = most.map(([id, { share }]) => `${id} ${Math.round((share ?? 0) * 100)} %`).join(', ');
  return [
    '',
    `Time         layers alone ${formatMilliseconds(layersMs)}, the step ${formatMilliseconds(stepMs)} (${engine} on ${device}, batch ${batchSize})`,
    `             most in ${shares}`,
  ];
}
