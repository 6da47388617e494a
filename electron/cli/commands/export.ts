import { resolve } from 'node:path';
import { conflictingOptions, missingArgument, notAvailable } from '../../../shared/diagnostics/catalog/commandLine';
import { badOptionValue } from '../../../shared/diagnostics/catalog/commandLine';
import { nearestWord } from '../../../shared/nearest';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../../shared/schema/document';
import { exportTargets, findExportTarget } from '../../../shared/schema/exports';
import { text } from '../../../shared/text';
import { defineCommand, forceOption, jsonOption, outputOption } from '../command';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure } from '../report';
import { resolveRun } from '../resolveRun';
import { withHost } from '../withHost';

const built = exportTargets.filter(({ isBuilt }) => isBuilt);
const formats = built.map(({ id }) => id);

/** `convloom export`. */
export const exportNetwork = defineCommand({
  name: 'export',
  summary: `a network as ${formats.join(', ')}`,
  details: built.map(({ id, doc }) => `  ${id.padEnd(10)}  ${doc.en}`).join('\n'),
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
    const target = built.find(({ id }) => id === to);
    if (target === undefined) {
      const diagnostic =
        findExportTarget(to) !== null
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
    if (run !== undefined && !target.takesWeights) {
      const diagnostic = conflictingOptions(
        `--to ${to} carries no weights: leave --run out.`,
        `--to ${to} 不含权重：请去掉 --run。`,
      );
      return reportDiagnostics([diagnostic], json, terminal);
    }
    const runDir = run === undefined ? null : resolveRun(run);
    const document = file === undefined && runDir !== null ? await networkOf(runDir) : await readNetwork(file ?? '');
    if (!document.ok) return reportFailure(document, json, terminal);
    const output = resolve(options.output);
    return await withHost(async (host) => {
      const written = await host.request('export.write', {
        document: document.value,
        target: target.id,
        model: runDir === null ? null : { type: 'path', path: runDir },
        path: output,
        overwrite: force,
      });
      if (!written.ok) return reportFailure(written, json, terminal);
      if (json) terminal.out(JSON.stringify({ ok: true, path: output, files: written.value.files }));
      else for (const name of written.value.files) terminal.err(`Wrote ${name}.`);
      return 0;
    });
  },
});

/** The network of a run's folder or of a model, in whatever form that is. */
async function networkOf(path: string): Promise<Result<NetworkDocument>> {
  return await withHost(async (host) => {
    const info = await host.request('model.info', { model: { type: 'path', path } });
    return info.ok ? success(info.value.document) : info;
  });
}
