import { resolve } from 'node:path';
import { conflictingOptions, missingArgument, notAvailable } from '../../../shared/diagnostics/catalog/commandLine';
import { badOptionValue } from '../../../shared/diagnostics/catalog/commandLine';
import { nearestWord } from '../../../shared/nearest';
import { text } from '../../../shared/text';
import { exporters, plannedFormats } from '../exporters';
import { defineCommand, forceOption, jsonOption, outputOption } from '../command';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure } from '../report';
import { resolveRun } from '../resolveRun';

const formats = exporters.map(({ format }) => format);

/** `convloom export`. */
export const exportNetwork = defineCommand({
  name: 'export',
  summary: `a network as ${formats.join(', ')}`,
  details: exporters.map(({ format, doc }) => `  ${format.padEnd(10)}  ${doc}`).join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file', optional: true }],
  options: {
    to: { type: 'text', placeholder: formats.join('|'), required: true, doc: 'the format' },
    run: {
      type: 'text',
      placeholder: 'RUN',
      doc: "with a run's weights; its own network is taken unless FILE is given",
    },
    output: outputOption,
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [file] }, terminal) => {
    const { to, run, json, force } = options;
    const exporter = exporters.find(({ format }) => format === to);
    if (exporter === undefined) {
      const diagnostic = plannedFormats.includes(to)
        ? notAvailable(`--to ${to}`)
        : badOptionValue(
            '--to',
            to,
            text(`one of ${formats.join(', ')}`, `以下之一：${formats.join(', ')}`),
            nearestWord(to, formats),
          );
      return reportDiagnostics([diagnostic], json, terminal);
    }
    if (file === undefined && run === undefined) {
      return reportDiagnostics([missingArgument('FILE (or --run RUN)')], json, terminal);
    }
    if (run !== undefined && !exporter.takesWeights) {
      const diagnostic = conflictingOptions(
        `--to ${to} carries no weights: leave --run out.`,
        `--to ${to} 不含权重：请去掉 --run。`,
      );
      return reportDiagnostics([diagnostic], json, terminal);
    }
    const runDir = run === undefined ? null : resolveRun(run);
    const document = await readNetwork(file ?? resolve(runDir ?? '', 'network.json'));
    if (!document.ok) return reportFailure(document, json, terminal);
    const output = resolve(options.output);
    const written = await exporter.write({ document: document.value, runDir, output, force });
    if (!written.ok) return reportFailure(written, json, terminal);
    if (json) terminal.out(JSON.stringify({ ok: true, path: output, files: written.value.files }));
    else for (const name of written.value.files) terminal.err(`Wrote ${name}.`);
    return 0;
  },
});
