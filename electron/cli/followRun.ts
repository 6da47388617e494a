import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../shared/host/api';
import { formatDecibels } from '../../shared/text';
import type { BaselineScores, RunEvent } from '../../shared/training/events';
import type { LabelScores } from '../../shared/training/labelScores';
import { lossPartsText } from '../../shared/training/lossParts';
import { scoreText } from '../../shared/training/runTable';
import type { WatchedMetric, WatchReport } from '../../shared/training/watching';
import type { StartReport } from '../../shared/training/carryWeights';
import type { Host } from '../host';
import type { ExitCode } from './command';
import { diagnosticJson, diagnosticLines, reportFailure } from './report';
import { countText } from './table';
import type { Terminal } from './terminal';

type Finished = Extract<RunEvent, { type: 'finished' }>;

/** Who else hears of a run, and what each line of JSON says besides. */
type Listening = { readonly fields?: object; readonly hear?: (event: RunEvent) => void };

/** Starts a run, prints its events as they come, and stops it on Ctrl-C; gives the exit code when it has ended. */
export async function followRun(
  host: Host,
  json: boolean,
  terminal: Terminal,
  start: () => Promise<Result<HostRequests['run.start'][1]>>,
  listening: Listening = {},
): Promise<ExitCode> {
  const tell = findingTeller(terminal);
  const followed = tellEvents(host, json, terminal, listening, tell);
  const started = await start();
  if (!started.ok) return reportFailure(started, json, terminal);
  const { runId, warnings } = started.value;
  // Warnings are for the reader, not among the events: what reads those expects `started` first.
  for (const warning of warnings) tell(warning);
  const release = terminal.onInterrupt(() => {
    terminal.err('Stopping after this step; the weights are kept. Ctrl-C again ends at once.');
    void host.request('run.stop', { runId });
  });
  const code = await followed;
  release();
  return code;
}

type TellFinding = (finding: Diagnostic) => void;

/** Tells each finding once: what is known of the data at the start of a run is among its events, too. */
function findingTeller(terminal: Terminal): TellFinding {
  const told = new Set<string>();
  return (finding) => {
    const lines = diagnosticLines([finding]);
    const key = lines.join('\n');
    if (told.has(key)) return;
    told.add(key);
    for (const line of lines) terminal.err(line);
  };
}

/** Settles when the run has ended. Weights that could not be saved where they belong are an error, though the run was finished. */
export function tellEvents(
  host: Host,
  json: boolean,
  terminal: Terminal,
  { fields = {}, hear }: Listening = {},
  tell: TellFinding = findingTeller(terminal),
): Promise<ExitCode> {
  return new Promise((resolve) => {
    let epochs = 0;
    let hasError = false;
    const releaseReading = host.on('run.reading', ({ done, total }) => {
      terminal.progress(`reading pictures  ${countText(done)} of ${countText(total)}`);
    });
    const releaseValidating = host.on('run.validating', ({ done, total, usage }) => {
      terminal.progress(`validating  ${countText(done)} of ${countText(total)}  ${usage.cores.toFixed(1)} cores busy`);
    });
    const release = host.on('run.event', ({ event }) => {
      if (event.type === 'started') epochs = event.epochs;
      if (event.type === 'warning' && event.diagnostic.severity === 'error') hasError = true;
      hear?.(event);
      if (json) terminal.out(JSON.stringify({ ...eventJson(event), ...fields }));
      else tellEvent(event, { epochs, areKept: !hasError }, terminal, tell);
      if (event.type !== 'finished' && event.type !== 'failed') return;
      release();
      releaseReading();
      releaseValidating();
      resolve(event.type === 'finished' && !hasError ? 0 : 1);
    });
  });
}

function eventJson(event: RunEvent): object {
  const { type, ...fields } = event;
  return 'diagnostic' in fields
    ? { event: type, diagnostic: diagnosticJson(fields.diagnostic) }
    : { event: type, ...fields };
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

function baselineText(baseline: BaselineScores): string {
  const iou = baseline.meanIou === null ? '' : `, mean IoU ${percent(baseline.meanIou)}`;
  return `The commonest class as the only answer scores: accuracy ${percent(baseline.accuracy)}${iou}.`;
}

function shareText(fraction: number | null): string {
  return fraction === null ? '-' : percent(fraction);
}

function labelsText({ macroF1, microF1, meanAveragePrecision, exactMatch }: LabelScores): string {
  return `macro F1 ${shareText(macroF1)}, micro F1 ${shareText(microF1)}, mAP ${shareText(meanAveragePrecision)}, exact match ${percent(exactMatch)}`;
}

/** So many names are written out; `--json` has them all. */
const shownNames = 6;

function someNames(names: readonly string[]): string {
  const left = names.length - shownNames;
  return names.slice(0, shownNames).join(', ') + (left > 0 ? `, and ${countText(left)} more` : '');
}

/** What a run took over of other weights, and what not, with the reason. */
function startLines({ source, carried, fresh, unused, frozen }: StartReport): readonly string[] {
  const kept = frozen.length === 0 ? '' : `, ${countText(frozen.length)} of them frozen`;
  const missing = fresh.filter(({ found }) => found === null).map(({ name }) => name);
  const misfits = fresh.flatMap(({ name, shape, found }) =>
    found === null ? [] : [`${name} [${found.join(', ')}] where [${shape.join(', ')}] is wanted`],
  );
  return [
    `Starts from ${source}: ${countText(carried.length)} of ${countText(carried.length + fresh.length)} weights are carried over${kept}.`,
    ...(missing.length === 0 ? [] : [`  new, as it has none of the name: ${someNames(missing)}`]),
    ...(misfits.length === 0 ? [] : [`  new, as its shape is another: ${someNames(misfits)}`]),
    ...(unused.length === 0 ? [] : [`  left, as the network has no place for them: ${someNames(unused)}`]),
  ];
}

const metricNames: { readonly [K in WatchedMetric]: string } = {
  loss: 'val loss',
  accuracy: 'val accuracy',
  macroF1: 'val macro F1',
  meanIou: 'val mean IoU',
  psnr: 'val PSNR',
};

function namedScore(metric: WatchedMetric, score: number): string {
  return `${metricNames[metric]} ${scoreText(metric, score)}`;
}

/** Nothing where a run does not stop early; else what it waits for, and how long still. */
function patienceText(watch: WatchReport | undefined): string {
  if (watch === undefined || watch.patienceLeft === null) return '';
  const { metric, best, bestEpoch, patienceLeft } = watch;
  return `  (best ${namedScore(metric, best)} in epoch ${bestEpoch}, patience left ${patienceLeft})`;
}

function earlyText({ epoch, patience }: NonNullable<Finished['early']>, best: Finished['best']): string {
  const metric = best === undefined ? 'validation score' : metricNames[best.metric];
  return `Ended early after epoch ${epoch}: no better ${metric} in ${patience} ${patience === 1 ? 'epoch' : 'epochs'}.`;
}

function bestText({ epoch, metric, score }: NonNullable<Finished['best']>, areKept: boolean): string {
  const where = areKept ? '; its weights are in best.safetensors' : '';
  return `The best epoch is ${epoch}, with ${namedScore(metric, score)}${where}.`;
}

/** What was heard of a run so far: how many epochs it has, and whether all weights that it was to keep were kept. */
type Heard = { readonly epochs: number; readonly areKept: boolean };

function tellEvent(event: RunEvent, { epochs, areKept }: Heard, terminal: Terminal, tell: TellFinding): void {
  switch (event.type) {
    case 'started':
      terminal.err(`${event.engine} on ${event.device}`);
      terminal.err(
        `${countText(event.trainCount)} samples for training, ${countText(event.validationCount)} for validation, ${countText(event.stepsPerEpoch)} steps an epoch`,
      );
      if (event.resumed !== undefined) {
        const { epoch, step } = event.resumed;
        terminal.err(`Goes on in epoch ${epoch} of ${event.epochs}, after step ${countText(step)}.`);
      }
      if (event.from !== undefined) for (const line of startLines(event.from)) terminal.err(line);
      if (event.baseline.accuracy > 0) terminal.err(baselineText(event.baseline));
      if (event.baseline.labels !== undefined) {
        terminal.err(`Every class for every sample scores: ${labelsText(event.baseline.labels)}.`);
      }
      if (event.baseline.psnr !== undefined) {
        terminal.err(`The input, resized to the target, has a PSNR of ${formatDecibels(event.baseline.psnr)}.`);
      }
      break;
    case 'step':
      terminal.progress(
        `epoch ${event.epoch}/${epochs}  step ${countText(event.step)}  loss ${event.loss.toFixed(4)}  ${countText(Math.round(event.imagesPerSecond))} samples/s  ${Math.ceil(event.secondsLeft)} s left`,
      );
      break;
    case 'epoch': {
      const accuracy = event.accuracy === null ? '' : `  accuracy ${percent(event.accuracy)}`;
      const valAccuracy = event.valAccuracy === null ? '' : `  val accuracy ${percent(event.valAccuracy)}`;
      const iou = event.valMeanIou === null ? '' : `  val mean IoU ${percent(event.valMeanIou)}`;
      const parts = event.valLossParts === undefined ? '' : ` (${lossPartsText(event.valLossParts)})`;
      const labels = event.valLabels === undefined ? '' : `  val ${labelsText(event.valLabels)}`;
      const psnr = event.valPsnr === undefined ? '' : `  val PSNR ${formatDecibels(event.valPsnr)}`;
      terminal.out(
        `epoch ${event.epoch}/${epochs}  loss ${event.loss.toFixed(4)}  val loss ${event.valLoss.toFixed(4)}${parts}${accuracy}${valAccuracy}${labels}${iou}${psnr}  ${event.seconds.toFixed(1)} s${patienceText(event.watch)}`,
      );
      break;
    }
    case 'finished':
      terminal.out(
        `${event.reason === 'stopped' ? 'stopped' : 'finished'} after ${event.seconds.toFixed(1)} s: ${event.runDir}`,
      );
      if (event.early !== undefined) terminal.err(earlyText(event.early, event.best));
      if (event.best !== undefined) terminal.err(bestText(event.best, areKept));
      if (event.reason === 'stopped') terminal.err('`convloom resume` with this folder goes on from here.');
      break;
    case 'warning':
    case 'failed':
      tell(event.diagnostic);
      break;
  }
}
