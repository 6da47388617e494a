import { join } from 'node:path';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../../shared/schema/document';
import {
  accuracyMarkdown,
  benchMarkdown,
  candidates,
  recipeIds,
  runAccuracy,
  runBench,
  runUiBench,
  uiMarkdown,
  uiSubjectIds,
} from '../../bench';
import { findAppRoot, type Host } from '../../host';
import { benchCases, benchKinds, findBenchMisuse, kindOf } from '../benchOptions';
import type { BenchKind, BenchOptions } from '../benchOptions';
import { drawReport, writePage } from '../benchPage';
import { defineCommand, forceOption, jsonOption } from '../command';
import type { ExitCode } from '../command';
import { reportDiagnostics, reportFailure } from '../report';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';
import { checkOutput } from '../writeOutput';

/** `convloom bench`. */
export const bench = defineCommand({
  name: 'bench',
  summary: 'time a training step of every engine here, and the analysis; with --accuracy whole runs, with --ui the app',
  details: [
    'All candidates take turns within one run, so that what else the machine does falls on all alike: read the ratios. Peers are',
    'timed where they are: tfjs-node after `convloom setup tensorflow`, PyTorch and Keras in the Python that --python names. All',
    'are given the same number of threads. What cannot take part is named with the reason, and the others go on without it.',
    '',
    'Beside the steps stands the roof of this machine, measured in the same run: the product of two square matrices and a copy of',
    'memory, by the libraries that the candidates stand on, each at its best size. A step is told in useful operations a second, and as',
    'a share of that roof: two operations a multiply-add, once forward, once for the gradient of the weights, and once for that of the',
    'input where something before it learns. Peers run as they are fastest: of the ways that a framework has (channels last, compiled,',
    'one fused Adam) the fastest of a short trial, named among the versions, and in bfloat16 too.',
    '',
    'With --ops single ops in the place of whole networks: up-convs, dilated and depthwise convs, batch norm, large kernels.',
    '',
    'With --ui the app is opened in a headless Chromium and used: opened, panned, zoomed, dragged, edited, and watched while a long',
    'run streams its metrics; beside it plain React Flow with as many nodes. CHROMIUM_PATH names another browser.',
    '',
    'With --accuracy two recipes train on the built-in digits until they reach 98 % of validation accuracy, and the second 99 %: the',
    'template LeNet with its own, and six convs with batch norm. The clock runs from the command to the end of the epoch whose',
    'validation first reaches it, start and data included; from --seeds N seeds, by every engine, and by PyTorch and Keras with the same',
    'recipe on the same split. Seeds that never do are counted. An interrupted run is told as far as it came.',
    '',
    '--html FILE draws the report as a page of its own; --from FILE draws one that --json printed before.',
    '',
    '--json prints one value. Without --ui and --accuracy: {machine, threads, baseline, interrupted, roof: {rows: [{by, products:',
    '[{precision, size, gflops}], copy: {bytes, gigabytesPerSecond}}], float32Gflops, bfloat16Gflops, copyGigabytesPerSecond}, cases: [{id,',
    'label, batchSize, flops, results: [{candidate, label, available, device, version, medianMs, minMs, quartilesMs: [low, high], steps,',
    'ratio, ratioQuartiles, gflops, roofShare, peakBytes, firstStepMs, firstStepQuartilesMs, streamingShare, streamingQuartiles} or',
    '{candidate, label, available: false, why}]}], analysis: [{id, nodeCount, coldMs, coldQuartilesMs, editMs, editQuartilesMs}]}; in the',
    'roof a figure is {median, low, high, most, samples}, the roof the most, and low and high are quartiles everywhere. With --accuracy: {machine, threads, seeds,',
    'interrupted, recipes: [{id, label, epochs, results: [{candidate, label, available, device, version, levels: [{level, reached, seeds,',
    'seconds: {mean, deviation, least, most}}], runs: [{seed, epochs: [{epoch, valAccuracy, seconds}], fault}]} or {candidate, label,',
    'available: false, why}]}]}. With --ui: {machine, browser, viewport, rounds, stepCount, interrupted, subjects: [{id, label, nodeCount,',
    'failures, measures: [{id, label, kind: "latency", medianMs, bestMs, worstMs, roundsMs}, {.. kind: "frames", frames, medianMs, p95Ms,',
    'longestMs, lateShare}, {.. kind: "memory", medianBytes, leastBytes, worstBytes}]}]}. Shares are fractions; what does not apply is',
    'null or left out.',
    '',
    'Ctrl-C ends it early and prints what has been measured; the exit code is then 1.',
  ].join('\n'),
  positionals: [],
  options: {
    ui: { type: 'flag', doc: 'time what a person feels of the app, in a browser' },
    ops: { type: 'flag', doc: 'time single ops: up-convs, dilated and depthwise convs, batch norm, large kernels' },
    accuracy: { type: 'flag', doc: 'train on the built-in digits, and time how soon an accuracy is reached' },
    case: {
      type: 'choice',
      values: [...new Set(benchKinds.flatMap((kind) => benchCases[kind]))],
      doc: [
        `only this network: one of ${benchCases.engines.join(', ')}`,
        ...benchKinds
          .filter((kind) => kind !== 'engines')
          .map((kind) => `with --${kind} one of ${benchCases[kind].join(', ')}`),
      ].join('; '),
    },
    only: { type: 'choice', values: candidates, doc: 'time this one alone' },
    rounds: { type: 'integer', min: 1, max: 1000, doc: 'turns of each: 5 unless said, 3 with --ui' },
    seeds: { type: 'integer', min: 1, max: 1000, doc: 'with --accuracy: from how many seeds each trains (default: 5)' },
    epochs: { type: 'integer', min: 1, max: 1000, doc: "with --accuracy: epochs in the place of the recipe's own" },
    python: { type: 'text', placeholder: 'PATH', doc: 'a Python with PyTorch or Keras' },
    html: { type: 'text', placeholder: 'FILE', doc: 'draw the report as one HTML file too' },
    from: { type: 'text', placeholder: 'FILE', doc: 'measure nothing: draw what --json printed before; with --html' },
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options }, terminal) => {
    // A page that could not be written is known before minutes are spent.
    const unwritable = options.html === undefined ? null : await checkOutput(options.html, options.force);
    const misused = findBenchMisuse(options) ?? unwritable;
    if (misused !== null) return reportDiagnostics([misused], options.json, terminal);
    if (options.from !== undefined) return await drawReport(options.from, options, terminal);
    const abort = new AbortController();
    const stopListening = terminal.onInterrupt(() => {
      terminal.err('Ending; what was measured until now follows.');
      abort.abort();
    });
    try {
      return await withHost(async (host) => {
        const opened = await openTemplates(host);
        if ('diagnostics' in opened) return reportDiagnostics(opened.diagnostics, options.json, terminal);
        return await measurers[kindOf(options)]({ options, opened, terminal, signal: abort.signal });
      });
    } finally {
      stopListening();
    }
  },
});

type Setting = {
  readonly options: BenchOptions;
  readonly opened: Opened;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

const measurers: { readonly [K in BenchKind]: (setting: Setting) => Promise<ExitCode> } = {
  engines: measureEngines,
  ops: measureEngines,
  ui: measureUi,
  accuracy: measureAccuracy,
};

/** Progress replaces its line where somebody watches; elsewhere a new stage is a line, so that a log tells where it stands. */
function progressOf(terminal: Terminal): (line: string) => void {
  return (line) => {
    if (terminal.interactive) terminal.progress(line);
    else terminal.err(line);
  };
}

/** Prints a report, and draws it where a page is asked for. `code` is that of the measurement. */
async function tellReport<R>(
  report: R,
  markdown: (report: R) => string,
  code: ExitCode,
  { options, terminal }: Setting,
): Promise<ExitCode> {
  const json = JSON.stringify(report, null, 2);
  terminal.out(options.json ? json : markdown(report));
  // The data stream holds the report alone, also where its page could not be written.
  const drawn = await writePage(json, '', { ...options, json: false }, terminal);
  return drawn === 0 ? code : drawn;
}

async function measureEngines(setting: Setting): Promise<ExitCode> {
  const { options, opened, terminal, signal } = setting;
  const { lenet, smallUnet, resnet18, analysed } = opened;
  const report = await runBench({
    workerEntry: join(findAppRoot(import.meta.dirname), 'out', 'main', 'benchWorker.js'),
    templates: { lenet, smallUnet, resnet18 },
    analysed,
    python: options.python ?? null,
    ops: options.ops,
    ...(options.case === undefined ? {} : { cases: [options.case] }),
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    signal,
    progress: progressOf(terminal),
  });
  if (!report.ok) return reportFailure(report, options.json, terminal);
  return await tellReport(report.value, benchMarkdown, report.value.interrupted ? 1 : 0, setting);
}

async function measureAccuracy(setting: Setting): Promise<ExitCode> {
  const { options, opened, terminal, signal } = setting;
  const recipe = recipeIds.find((id) => id === options.case);
  const report = await runAccuracy({
    command: join(findAppRoot(import.meta.dirname), 'bin', 'convloom.mjs'),
    lenet: opened.lenet,
    python: options.python ?? null,
    ...(recipe === undefined ? {} : { recipe }),
    ...(options.seeds === undefined ? {} : { seeds: options.seeds }),
    ...(options.epochs === undefined ? {} : { epochs: options.epochs }),
    ...(options.only === undefined ? {} : { only: options.only }),
    signal,
    progress: progressOf(terminal),
  });
  if (!report.ok) return reportFailure(report, options.json, terminal);
  return await tellReport(report.value, accuracyMarkdown, report.value.interrupted ? 1 : 0, setting);
}

async function measureUi(setting: Setting): Promise<ExitCode> {
  const { options, opened, terminal, signal } = setting;
  const only = uiSubjectIds.find((id) => id === options.case);
  const report = await runUiBench({
    appRoot: findAppRoot(import.meta.dirname),
    templates: { unet: opened.unet, resnet50: opened.resnet50 },
    ...(only === undefined ? {} : { only }),
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    signal,
    progress: progressOf(terminal),
  });
  if (!report.ok) {
    reportFailure(report, options.json, terminal);
    return 2;
  }
  const hasFailures = report.value.subjects.some(({ failures }) => failures.length > 0);
  return await tellReport(report.value, uiMarkdown, report.value.interrupted || hasFailures ? 1 : 0, setting);
}

type Opened = {
  readonly lenet: NetworkDocument;
  readonly smallUnet: NetworkDocument;
  readonly resnet18: NetworkDocument;
  readonly resnet50: NetworkDocument;
  readonly unet: NetworkDocument;
  readonly analysed: readonly { readonly id: string; readonly document: NetworkDocument }[];
};

async function openTemplates(host: Host): Promise<Opened | { readonly diagnostics: readonly Diagnostic[] }> {
  const [lenet, smallUnet, resnet18, resnet50, unet] = await Promise.all(
    ['lenet', 'unet-small', 'resnet-18', 'resnet-50', 'unet'].map(
      async (id) => await host.request('templates.open', { id }),
    ),
  );
  const missing = [lenet, smallUnet, resnet18, resnet50, unet].flatMap((result) =>
    result?.ok === false ? result.diagnostics : [],
  );
  if (!lenet?.ok || !smallUnet?.ok || !resnet18?.ok || !resnet50?.ok || !unet?.ok) return { diagnostics: missing };
  return {
    lenet: lenet.value,
    smallUnet: smallUnet.value,
    resnet18: resnet18.value,
    resnet50: resnet50.value,
    unet: unet.value,
    analysed: [
      { id: 'resnet-50', document: resnet50.value },
      { id: 'unet', document: unet.value },
    ],
  };
}
