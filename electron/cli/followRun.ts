import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../shared/host/api';
import type { RunEvent } from '../../shared/training/events';
import type { Host } from '../host';
import type { ExitCode } from './command';
import { diagnosticJson, diagnosticLines, reportFailure } from './report';
import { countText } from './table';
import type { Terminal } from './terminal';

/** Starts a run, prints its events as they come, and stops it on Ctrl-C; gives the exit code when it has ended. */
export async function followRun(
  host: Host,
  json: boolean,
  terminal: Terminal,
  start: () => Promise<Result<HostRequests['run.start'][1]>>,
): Promise<ExitCode> {
  const followed = tellEvents(host, json, terminal);
  const started = await start();
  if (!started.ok) return reportFailure(started, json, terminal);
  const { runId, warnings } = started.value;
  for (const warning of warnings) tellWarning(warning, terminal);
  const release = terminal.onInterrupt(() => {
    terminal.err('Stopping after this step; the weights are kept. Ctrl-C again ends at once.');
    void host.request('run.stop', { runId });
  });
  const code = await followed;
  release();
  return code;
}

/** Warnings are for the reader, not among the events: what reads those expects `started` first. */
function tellWarning(warning: Diagnostic, terminal: Terminal): void {
  for (const line of diagnosticLines([warning])) terminal.err(line);
}

/** Settles when the run has ended. Weights that could not be saved where they belong are an error, though the run was finished. */
export function tellEvents(host: Host, json: boolean, terminal: Terminal): Promise<ExitCode> {
  return new Promise((resolve) => {
    let epochs = 0;
    let hasError = false;
    const releaseReading = host.on('run.reading', ({ done, total }) => {
      terminal.progress(`reading pictures  ${countText(done)} of ${countText(total)}`);
    });
    const release = host.on('run.event', ({ event }) => {
      if (event.type === 'started') epochs = event.epochs;
      if (event.type === 'warning' && event.diagnostic.severity === 'error') hasError = true;
      if (json) terminal.out(JSON.stringify(eventJson(event)));
      else tellEvent(event, epochs, terminal);
      if (event.type !== 'finished' && event.type !== 'failed') return;
      release();
      releaseReading();
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

function baselineText(baseline: { readonly accuracy: number; readonly meanIou: number | null }): string {
  const iou = baseline.meanIou === null ? '' : `, mean IoU ${percent(baseline.meanIou)}`;
  return `The commonest class as the only answer scores: accuracy ${percent(baseline.accuracy)}${iou}.`;
}

function tellEvent(event: RunEvent, epochs: number, terminal: Terminal): void {
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
      if (event.baseline.accuracy > 0) terminal.err(baselineText(event.baseline));
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
      terminal.out(
        `epoch ${event.epoch}/${epochs}  loss ${event.loss.toFixed(4)}  val loss ${event.valLoss.toFixed(4)}${accuracy}${valAccuracy}${iou}  ${event.seconds.toFixed(1)} s`,
      );
      break;
    }
    case 'finished':
      terminal.out(
        `${event.reason === 'stopped' ? 'stopped' : 'finished'} after ${event.seconds.toFixed(1)} s: ${event.runDir}`,
      );
      if (event.reason === 'stopped') terminal.err('`convloom resume` with this folder goes on from here.');
      break;
    case 'warning':
    case 'failed':
      for (const line of diagnosticLines([event.diagnostic])) terminal.err(line);
      break;
  }
}
