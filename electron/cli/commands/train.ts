import { resolve } from 'node:path';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import type { RunEvent } from '../../../shared/training/events';
import type { Host } from '../../host';
import { defineCommand, jsonOption, type ExitCode } from '../command';
import { readNetwork } from '../readNetwork';
import { diagnosticJson, diagnosticLines, reportDiagnostics, reportFailure } from '../report';
import { countText } from '../table';
import type { Terminal } from '../terminal';
import { blockingDiagnostics, trainingConfig, trainingOptions } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom train`. */
export const train = defineCommand({
  name: 'train',
  summary: 'train a network; Ctrl-C ends it after the step at hand and keeps the weights',
  details: [
    'What an option leaves open is taken from the file\'s own "train" section, then from the defaults. With --json, one event',
    'a line: started, step, epoch, warning, finished, failed. The same file, options and seed give the same run.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file' }],
  options: {
    ...trainingOptions,
    run: { type: 'text', placeholder: 'DIR', doc: 'keep the run in this new or empty folder' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const config = trainingConfig(document.value, options);
    const blocking = blockingDiagnostics(document.value, config);
    if (blocking.length > 0) return reportDiagnostics(blocking, options.json, terminal);
    return await withHost(async (host) => {
      const followed = followRun(host, options.json, terminal);
      const started = await host.request('run.start', {
        document: document.value,
        config,
        ...(options.run === undefined ? {} : { dir: resolve(options.run) }),
      });
      if (!started.ok) return reportFailure(started, options.json, terminal);
      for (const warning of started.value.warnings) tellWarning(warning, terminal);
      const release = terminal.onInterrupt(() => {
        terminal.err('Stopping after this step; the weights are kept. Ctrl-C again ends at once.');
        void host.request('run.stop', { runId: started.value.runId });
      });
      const code = await followed;
      release();
      return code;
    });
  },
});

/** Warnings are for the reader, not among the events: what reads those expects `started` first. */
function tellWarning(warning: Diagnostic, terminal: Terminal): void {
  for (const line of diagnosticLines([warning])) terminal.err(line);
}

/** Prints a run's events as they come; settles with the exit code when it has ended. */
function followRun(host: Host, json: boolean, terminal: Terminal): Promise<ExitCode> {
  return new Promise((resolve) => {
    let epochs = 0;
    const release = host.on('run.event', ({ event }) => {
      if (event.type === 'started') epochs = event.epochs;
      if (json) terminal.out(JSON.stringify(eventJson(event)));
      else tellEvent(event, epochs, terminal);
      if (event.type !== 'finished' && event.type !== 'failed') return;
      release();
      resolve(event.type === 'finished' ? 0 : 1);
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
      break;
    case 'warning':
    case 'failed':
      for (const line of diagnosticLines([event.diagnostic])) terminal.err(line);
      break;
  }
}
