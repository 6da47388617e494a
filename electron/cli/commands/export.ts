import { isOfRun } from '../../../shared/analysis/heat';
import { resolve } from 'node:path';
import { conflictingOptions, missingArgument } from '../../../shared/diagnostics/catalog/commandLine';
import { badOptionValue } from '../../../shared/diagnostics/catalog/commandLine';
import { nearestWord } from '../../../shared/nearest';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { LayerTimes } from '../../../shared/host/api';
import type { NetworkDocument } from '../../../shared/schema/document';
import { exportTargets, findExportTarget } from '../../../shared/schema/exports';
import { choiceNames, defaultFigureOptions, figureChoices, figureLimits } from '../../../shared/schema/figures';
import { text } from '../../../shared/text';
import { proofText } from '../../host/proof';
import { defineCommand, forceOption, jsonOption, outputOption, type OptionSpecs } from '../command';
import { measureTimes, nodeTimes } from '../layerTimes';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure } from '../report';
import { findRun } from '../../files/paths';
import { trainingConfig } from '../trainingOptions';
import { withHost } from '../withHost';

const formats = exportTargets.map(({ id }) => id);

/** Options of the targets that draw; a table takes the language alone. */
const figureOptions = {
  view: {
    type: 'choice',
    values: choiceNames(figureChoices.view),
    doc: `what a picture shows, ${defaultFigureOptions.view} if left out`,
  },
  style: { type: 'choice', values: choiceNames(figureChoices.style), doc: 'how volumes are drawn' },
  arrangement: {
    type: 'choice',
    values: choiceNames(figureChoices.arrangement),
    doc: `how volumes are set, ${defaultFigureOptions.arrangement} if left out`,
  },
  heat: {
    type: 'choice',
    // What a run measures of its layers is seen in the app alone.
    values: choiceNames(figureChoices.heat).filter((name) => name === 'none' || !isOfRun(name)),
    doc: `what a picture colours its layers by, ${defaultFigureOptions.heat} if left out; time is measured first`,
  },
  scale: {
    type: 'choice',
    values: choiceNames(figureChoices.scale),
    doc: `how lengths of volumes follow sizes, ${defaultFigureOptions.scale} if left out`,
  },
  width: {
    type: 'number',
    ...figureLimits.width,
    doc: `how wide a picture is on paper in millimetres, ${defaultFigureOptions.width} if left out`,
  },
  dpi: {
    type: 'integer',
    ...figureLimits.dpi,
    doc: `pixels in an inch of a PNG, ${defaultFigureOptions.dpi} if left out`,
  },
  'no-shapes': { type: 'flag', doc: 'a picture without sizes' },
  'no-legend': { type: 'flag', doc: 'a picture without its legend' },
  language: { type: 'choice', values: ['en', 'zh'], doc: 'the words of a picture or a table, en if left out' },
} as const satisfies OptionSpecs;

/** `convloom export`. */
export const exportNetwork = defineCommand({
  name: 'export',
  summary: `a network as ${formats.join(', ')}`,
  details: exportTargets.map(({ id, doc }) => `  ${id.padEnd(10)}  ${doc.en}`).join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model', optional: true }],
  options: {
    to: { type: 'text', placeholder: formats.join('|'), required: true, doc: 'the format' },
    run: {
      type: 'text',
      placeholder: 'RUN',
      doc: "with a run's weights; its own network is taken unless FILE is given",
    },
    ...figureOptions,
    output: outputOption,
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [file] }, terminal) => {
    const { to, run, json, force } = options;
    const target = findExportTarget(to);
    if (target === null) {
      const wanted = text(`one of ${formats.join(', ')}`, `以下之一：${formats.join(', ')}`);
      const diagnostic = badOptionValue('--to', to, wanted, nearestWord(to, formats));
      return reportDiagnostics([diagnostic], json, terminal);
    }
    if (file === undefined && run === undefined) {
      return reportDiagnostics([missingArgument('FILE (or --run RUN)')], json, terminal);
    }
    if (run !== undefined && !target.takesWeights) {
      const diagnostic = conflictingOptions(
        `--to ${to} carries no weights: leave --run out.`,
        `--to ${to} 不含权值：请去掉 --run。`,
      );
      return reportDiagnostics([diagnostic], json, terminal);
    }
    const { view, style, arrangement, scale, heat, width, dpi, language } = options;
    const parts = { shapes: !options['no-shapes'], legend: !options['no-legend'] };
    const figure = { view, style, arrangement, scale, heat, width, dpi, language, ...parts };
    const runDir = run === undefined ? null : findRun(run);
    const document = file === undefined && runDir !== null ? await networkOf(runDir) : await readNetwork(file ?? '');
    if (!document.ok) return reportFailure(document, json, terminal);
    const output = resolve(options.output);
    const times = await timesFor(document.value, target.draws && heat === 'time');
    if (times?.ok === false) return reportFailure(times, json, terminal);
    return await withHost(async (host) => {
      const written = await host.request('export.write', {
        document: document.value,
        target: target.id,
        model: runDir === null ? null : { type: 'path', path: runDir },
        path: output,
        overwrite: force,
        figure: { ...figure, ...(times !== null && { measured: nodeTimes(times.value) }) },
      });
      if (!written.ok) return reportFailure(written, json, terminal);
      const { files, proof, notProved } = written.value;
      if (json) {
        const why = notProved === null ? {} : { notProved: notProved.en };
        terminal.out(JSON.stringify({ ok: true, path: output, files, proof, ...why }));
        return 0;
      }
      for (const name of files) terminal.err(`Wrote ${name}.`);
      if (proof !== null) terminal.err(proofText(proof).en);
      if (notProved !== null) terminal.err(`Not proved: ${notProved.en}.`);
      return 0;
    });
  },
});

/** The times that a picture is coloured by, measured as the file says that it is trained; null where none are wanted. */
async function timesFor(document: NetworkDocument, isWanted: boolean): Promise<Result<LayerTimes> | null> {
  return isWanted ? await measureTimes(document, trainingConfig(document, {})) : null;
}

/** The network of a run's folder or of a model, in whatever form that is. */
async function networkOf(path: string): Promise<Result<NetworkDocument>> {
  return await withHost(async (host) => {
    const info = await host.request('model.info', { model: { type: 'path', path } });
    return info.ok ? success(info.value.document) : info;
  });
}
