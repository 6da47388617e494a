import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { HostApi } from '../../../shared/host/api';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { Shape } from '../../../shared/layers/define';
import { defineCommand, jsonOption } from '../command';
import type { ExitCode } from '../command';
import { dataLookJson, dataLookLines } from '../dataLook';
import { printableLine } from '../printable';
import { readNetwork } from '../readNetwork';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import type { Terminal } from '../terminal';
import { readingOptions, trainingConfig } from '../trainingOptions';
import { withHost } from '../withHost';

/** What the one input of a network takes. */
function inputOf(document: NetworkDocument): Shape | null {
  const analysis = analyzeNetwork(document);
  return analysis.nodes.get(analysis.inputs[0] ?? '')?.outputShape ?? null;
}

async function listSources(host: HostApi, isJson: boolean, terminal: Terminal): Promise<ExitCode> {
  const list = await host.request('data.list', {});
  if (!list.ok) return reportFailure(list, isJson, terminal);
  if (isJson) {
    const rows = list.value.map(({ spec: name, label, doc, needsPath }) => ({
      spec: name,
      label: label.en,
      doc: doc.en,
      needsPath,
    }));
    terminal.out(JSON.stringify(rows, null, 2));
    return 0;
  }
  for (const { spec: name, label, doc } of list.value) {
    terminal.out(`${name.padEnd(12)}  ${label.en}`);
    terminal.out(`${' '.repeat(12)}  ${doc.en}`);
  }
  return 0;
}

/** `convloom data`. */
export const data = defineCommand({
  name: 'data',
  summary: 'what --data can be, or what one data set holds',
  details:
    'With a SPEC every sample is read: classes and their balance, sizes, values of masks, copies, pictures that are scored on and look as one that is trained on, broken files with the reason, and a snapshot, the digest of all of it. With --network, what the pictures go through on their way to its Input; its settings are the defaults of the other options.',
  positionals: [{ name: 'SPEC', doc: 'look at this data set', optional: true }],
  options: {
    network: { type: 'text', placeholder: 'FILE', doc: 'the network that is to learn from them' },
    ...readingOptions,
    json: jsonOption,
  },
  run: async ({ options: { network, json: isJson, ...settings }, positionals: [spec] }, terminal) =>
    await withHost(async (host) => {
      if (spec === undefined) return await listSources(host, isJson, terminal);
      const document: Result<NetworkDocument | null> =
        typeof network === 'string' ? await readNetwork(network) : success(null);
      if (!document.ok) return reportFailure(document, isJson, terminal);
      const config = { ...trainingConfig(document.value ?? {}, settings), data: spec };
      const input = document.value === null ? null : inputOf(document.value);
      const looked = await host.request('data.look', { config, input, ticket: '' });
      if (!looked.ok) return reportFailure(looked, isJson, terminal);
      const { value } = looked;
      if (isJson) {
        const warnings = value.info.warnings.map((warning) => diagnosticJson(warning));
        terminal.out(JSON.stringify({ ok: true, ...dataLookJson(value), warnings }, null, 2));
        return 0;
      }
      for (const line of dataLookLines(value, input !== null)) terminal.out(printableLine(line));
      // What was left out is listed by name already.
      const others = value.info.warnings.filter(({ code }) => code !== 'data/skipped');
      for (const line of diagnosticLines(others)) terminal.err(line);
      return 0;
    }),
});
