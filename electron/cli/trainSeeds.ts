import { join } from 'node:path';
import { structureDigest } from '../../shared/document/digest';
import type { HostRequests } from '../../shared/host/api';
import { formatDecibels } from '../../shared/text';
import type { RunEvent } from '../../shared/training/events';
import { seedGroup, seedOf, seededRun, seedScores, summarizeSeeds } from '../../shared/training/seedSeries';
import type { SeededRun, SeedScore } from '../../shared/training/seedSeries';
import type { Host } from '../host';
import type { ExitCode } from './command';
import { followRun } from './followRun';
import { tableLines } from './table';
import type { Terminal } from './terminal';

const titles: { readonly [S in SeedScore]: string } = {
  valLoss: 'val loss',
  valAccuracy: 'val accuracy',
  valMacroF1: 'val macro F1',
  valMeanIou: 'val mean IoU',
  valPsnr: 'val PSNR',
};

function scoreText(score: SeedScore, value: number | null): string {
  if (value === null) return '-';
  if (score === 'valPsnr') return formatDecibels(value);
  return score === 'valLoss' ? value.toFixed(4) : `${(100 * value).toFixed(2)} %`;
}

/** Trains a network from several seeds, one after the other, and tells what they come to. A run that fails or is stopped ends the series. */
export async function trainSeeds(
  host: Host,
  request: HostRequests['run.start'][0],
  count: number,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const runs: SeededRun[] = [];
  const group = seedGroup(Date.now());
  const network = structureDigest(request.document);
  let code: ExitCode = 0;
  for (let index = 0; index < count && code === 0; index++) {
    const { seed, label } = seedOf(request.config.seed, index);
    let epoch: Extract<RunEvent, { type: 'epoch' }> | null = null;
    const end = { runDir: '', isStopped: false };
    if (!json) terminal.err(`seed ${seed}, ${index + 1} of ${count}`);
    code = await followRun(
      host,
      json,
      terminal,
      () =>
        host.request('run.start', {
          ...request,
          config: { ...request.config, seed },
          ...(request.dir === undefined ? {} : { dir: join(request.dir, `seed-${seed}`) }),
          variant: { group, label, head: '', network },
        }),
      {
        fields: { seed },
        hear: (event) => {
          if (event.type === 'epoch') epoch = event;
          if (event.type !== 'finished') return;
          end.runDir = event.runDir;
          end.isStopped = event.reason === 'stopped';
        },
      },
    );
    if (code === 0) runs.push(seededRun(seed, end.runDir, epoch));
    if (end.isStopped) break;
  }
  tellSeeds(runs, json, terminal);
  return code;
}

function tellSeeds(runs: readonly SeededRun[], json: boolean, terminal: Terminal): void {
  const summary = summarizeSeeds(runs);
  if (json) {
    terminal.out(JSON.stringify({ event: 'seeds', runs, ...summary }));
    return;
  }
  if (runs.length === 0) return;
  const shown = seedScores.filter((score) => runs.some((run) => run[score] !== null));
  const row = (name: string, values: { readonly [S in SeedScore]: number | null }): readonly string[] => [
    name,
    ...shown.map((score) => scoreText(score, values[score])),
  ];
  const table = tableLines(
    [{ title: 'seed', align: 'left' }, ...shown.map((score) => ({ title: titles[score], align: 'right' as const }))],
    [
      ...runs.map((run) => row(String(run.seed), run)),
      row('mean', summary.mean),
      ...(runs.length < 2 ? [] : [row('deviation', summary.deviation)]),
    ],
  );
  for (const line of table) terminal.out(line);
}
