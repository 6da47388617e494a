import { basename, extname, resolve } from 'node:path';
import { missingArgument, unknownTemplate } from '../../../shared/diagnostics/catalog/commandLine';
import { failure, type Result } from '../../../shared/diagnostics/diagnostic';
import { networkFromSketch } from '../../../shared/editing/sketch/edits';
import { nearestWord } from '../../../shared/nearest';
import { defineCommand, forceOption, jsonOption, outputOption } from '../command';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { Host } from '../../host';
import { reportFailure } from '../report';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';

/** `convloom new`. */
export const newNetwork = defineCommand({
  name: 'new',
  summary: 'make a network file from a template or a sketch',
  details: 'A sketch names layers with commas between them: "input 28 28 1, 2x(conv 32 3 same, relu), pool, fc 10".',
  positionals: [{ name: 'TEMPLATE', doc: 'its id, as `convloom templates` lists it', optional: true }],
  options: {
    sketch: { type: 'text', placeholder: 'TEXT', doc: 'build these layers instead of a template' },
    output: outputOption,
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [id] }, terminal) =>
    await withHost(async (host) => {
      const path = resolve(options.output);
      const document =
        options.sketch === undefined
          ? await openTemplate(host, id, terminal)
          : networkFromSketch(basename(path, extname(path)), options.sketch);
      if (!document.ok) {
        reportFailure(document, options.json, terminal);
        return 2;
      }
      const saved = await host.request('project.save', {
        path,
        document: document.value,
        baseRevision: null,
        overwrite: options.force,
      });
      if (!saved.ok) return reportFailure(saved, options.json, terminal);
      if (options.json) terminal.out(JSON.stringify({ ok: true, path }));
      else terminal.err(`Wrote ${path}.`);
      return 0;
    }),
});

async function openTemplate(host: Host, id: string | undefined, terminal: Terminal): Promise<Result<NetworkDocument>> {
  if (id === undefined) return failure(missingArgument('TEMPLATE'));
  const list = await host.request('templates.list', {});
  if (!list.ok) return list;
  const ids = list.value.map((template) => template.id);
  if (!ids.includes(id)) {
    terminal.err(`Templates: ${ids.join(', ')}.`);
    return failure(unknownTemplate(id, nearestWord(id, ids)));
  }
  return await host.request('templates.open', { id });
}
