import { join } from 'node:path';
import { badOptionValue, conflictingOptions } from '../../../shared/diagnostics/catalog/commandLine';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../../shared/schema/document';
import { text } from '../../../shared/text';
import {
  benchCaseIds,
  benchMarkdown,
  candidates,
  opCaseIds,
  runBench,
  runUiBench,
  uiMarkdown,
  uiSubjectIds,
} from '../../bench';
import type { CandidateId } from '../../bench';
import { findAppRoot, type Host } from '../../host';
import { defineCommand, jsonOption } from '../command';
import type { ExitCode } from '../command';
import { reportDiagnostics, reportFailure } from '../report';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';

/** `convloom bench`. */
export const bench = defineCommand({
  name: 'bench',
  summary: 'time a training step of every engine here, and the analysis; with --ui, the app itself',
  details: [
    'All candidates take turns within one run, so that what else the machine does falls on all alike: read the ratios. Peers are',
    'timed where they are: tfjs-node after `convloom setup tensorflow`, PyTorch and Keras in the Python that --python names. All',
    'are given the same number of threads. What cannot take part is named with the reason, and the others go on without it.',
    '',
    'With --ops single ops in the place of whole networks: up-convs, dilated and depthwise convs, batch norm, large kernels.',
    '',
    'With --ui the app is opened in a headless Chromium and used: opened, panned, zoomed, dragged, edited, and watched while a long',
    'run streams its metrics; beside it plain React Flow with as many nodes. CHROMIUM_PATH names another browser.',
    '',
    'Beside the steps stands the roof of this machine, measured in the same run: the product of two square matrices and a copy of',
    'memory, by the libraries that the candidates stand on, each at its best size. A step is told in useful operations a second, and as',
    'a share of that roof: two operations a multiply-add, once forward, once for the gradient of the weights, and once for that of the',
    'input where something before it learns. Peers run as they are fastest: of the ways that a framework has (channels last, compiled,',
    'one fused Adam) the fastest of a short trial, named among the versions, and in bfloat16 too.',
    '',
    '--json prints one value. Without --ui: {machine, threads, baseline, interrupted, roof: {rows: [{by, products: [{precision, size,',
    'gflops}], copy: {bytes, gigabytesPerSecond}}], float32Gflops, bfloat16Gflops, copyGigabytesPerSecond}, cases: [{id, label, batchSize,',
    'flops, results: [{candidate, label, available, device, version, medianMs, minMs, quartilesMs: [low, high], steps, ratio,',
    'ratioQuartiles, gflops, roofShare, peakBytes, firstStepMs, firstStepQuartilesMs, streamingShare, streamingQuartiles} or {candidate,',
    'label, available: false, why}]}], analysis: [{id, nodeCount, coldMs, coldQuartilesMs, editMs, editQuartilesMs}]}; in the roof a figure',
    'is {median, low, high, samples}, and low and high are quartiles everywhere. With --ui: {machine, browser,',
    'viewport, rounds, stepCount, interrupted, subjects: [{id, label, nodeCount, failures, measures: [{id, label, kind: "latency",',
    'medianMs, worstMs, roundsMs}, {.. kind: "frames", frames, medianMs, p95Ms, longestMs, lateShare}, {.. kind: "memory",',
    'medianBytes, worstBytes}]}]}. Shares are fractions; what does not apply is null or left out.',
    '',
    'Ctrl-C ends it early and prints what has been measured; the exit code is then 1.',
  ].join('\n'),
  positionals: [],
  options: {
    ui: { type: 'flag', doc: 'time what a person feels of the app, in a browser' },
    ops: { type: 'flag', doc: 'time single ops: up-convs, dilated and depthwise convs, batch norm, large kernels' },
    case: {
      type: 'choice',
      values: [...benchCaseIds, ...opCaseIds, ...uiSubjectIds],
      doc: `only this network; with --ui one of ${uiSubjectIds.join(', ')}; with --ops one of ${opCaseIds.join(', ')}`,
    },
    rounds: { type: 'integer', min: 1, max: 1000, doc: 'turns of each: 5 unless said, 3 with --ui' },
    only: { type: 'choice', values: candidates, doc: 'time this one alone' },
    python: { type: 'text', placeholder: 'PATH', doc: 'a Python with PyTorch or Keras' },
    json: jsonOption,
  },
  run: async ({ options }, terminal) => {
    const misused = findMisuse(options);
    if (misused !== null) return reportDiagnostics([misused], options.json, terminal);
    const abort = new AbortController();
    const stopListening = terminal.onInterrupt(() => {
      terminal.err('Ending; what was measured until now follows.');
      abort.abort();
    });
    try {
      return await withHost(async (host) => {
        const opened = await openTemplates(host);
        if ('diagnostics' in opened) return reportDiagnostics(opened.diagnostics, options.json, terminal);
        const setting = { options, opened, terminal, signal: abort.signal };
        return options.ui ? await benchUi(setting) : await benchEngines(setting);
      });
    } finally {
      stopListening();
    }
  },
});

type Options = {
  readonly ui: boolean;
  readonly ops: boolean;
  readonly case: string | undefined;
  readonly only: CandidateId | undefined;
  readonly rounds: number | undefined;
  readonly python: string | undefined;
  readonly json: boolean;
};

type Setting = {
  readonly options: Options;
  readonly opened: Opened;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

/** What each option's own check cannot see: what does not go together. */
function findMisuse({ ui, ops, case: only, python }: Options): Diagnostic | null {
  if (ui && ops) {
    return conflictingOptions('--ops times the engines; --ui times the app.', '--ops 测量引擎；--ui 测量的是界面。');
  }
  if (ui && python !== undefined) {
    return conflictingOptions(
      '--python names a peer of the engines; --ui times the app.',
      '--python 用于引擎对比，--ui 测量的是界面。',
    );
  }
  const fitting: readonly string[] = ui ? uiSubjectIds : ops ? opCaseIds : benchCaseIds;
  if (only === undefined || fitting.includes(only)) return null;
  const words = fitting.join(', ');
  const when = ui
    ? text(`one of ${words} with --ui`, `在 --ui 下为 ${words} 之一`)
    : ops
      ? text(`one of ${words} with --ops`, `在 --ops 下为 ${words} 之一`)
      : text(`one of ${words} without --ui and --ops`, `不带 --ui 和 --ops 时为 ${words} 之一`);
  return badOptionValue('--case', only, when);
}

/** Progress replaces its line where somebody watches; elsewhere a new stage is a line, so that a log tells where it stands. */
function progressOf(terminal: Terminal): (line: string) => void {
  return (line) => {
    if (terminal.interactive) terminal.progress(line);
    else terminal.err(line);
  };
}

async function benchEngines({ options, opened, terminal, signal }: Setting): Promise<ExitCode> {
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
  if (!report.ok) {
    reportFailure(report, options.json, terminal);
    return 2;
  }
  terminal.out(options.json ? JSON.stringify(report.value, null, 2) : benchMarkdown(report.value));
  return report.value.interrupted ? 1 : 0;
}

async function benchUi({ options, opened, terminal, signal }: Setting): Promise<ExitCode> {
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
  terminal.out(options.json ? JSON.stringify(report.value, null, 2) : uiMarkdown(report.value));
  const hasFailures = report.value.subjects.some(({ failures }) => failures.length > 0);
  return report.value.interrupted || hasFailures ? 1 : 0;
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
