import uPlot from 'uplot';
import { useEffect, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { unpackEvents } from '../../shared/training/packedEvents';
import type { RunMetrics } from '../session';
import { appendMetrics, emptyMetrics } from '../session/metrics';
import { useReadyHost } from '../store';

/** Lines of different runs, in colours that are apart in both themes. */
const lineColors = [
  '--family-fc',
  '--family-gap',
  '--family-upconv',
  '--family-conv',
  '--family-pool',
  '--family-activation',
  '--family-norm',
  '--family-merge',
] as const;

/** The colour of one of several runs. From the ninth on they come again, in dashes. */
export function lineOf(index: number): { readonly color: `--${string}`; readonly dash: boolean } {
  const color = lineColors[index % lineColors.length] ?? '--family-fc';
  return { color, dash: Math.floor(index / lineColors.length) % 2 === 1 };
}

/** The numbers of runs, read anew when one of them has come further. */
export function useMetricsOf(runs: readonly RunSummary[]): ReadonlyMap<string, RunMetrics> {
  const host = useReadyHost();
  const [metrics, setMetrics] = useState<ReadonlyMap<string, RunMetrics>>(new Map());
  const key = runs.map(({ id, state, lastEpoch }) => `${id} ${state} ${lastEpoch?.epoch ?? 0}`).join('\n');
  useEffect(() => {
    if (host === null) return undefined;
    let isCurrent = true;
    void Promise.all(runs.map(({ id }) => host.request('run.get', { runId: id }))).then((answers) => {
      if (!isCurrent) return;
      const read = answers.flatMap((answer): [string, RunMetrics][] => {
        if (!answer.ok) return [];
        const numbers = emptyMetrics();
        for (const event of unpackEvents(answer.value.events)) appendMetrics(numbers, event);
        return [[answer.value.summary.id, numbers]];
      });
      setMetrics(new Map(read));
    });
    return () => {
      isCurrent = false;
    };
    // `key` stands for `runs`: a new list of the same runs, no further than before, has the same numbers.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host, key]);
  return metrics;
}

/** Tables of several runs as one: the places of all of them, and the columns of each. */
export function joinTables(tables: readonly uPlot.AlignedData[]): uPlot.AlignedData {
  return tables.length === 0 ? [[]] : uPlot.join([...tables]);
}

/** One column of a table with its places. */
export function columnOf([x, ...ys]: uPlot.AlignedData, column: number): uPlot.AlignedData {
  return [x, ys[column] ?? []];
}
