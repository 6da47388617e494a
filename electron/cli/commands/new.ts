import { resolve } from 'node:path';
import { unknownTemplate } from '../../../shared/diagnostics/catalog/commandLine';
import { nearestWord } from '../../../shared/nearest';
import { defineCommand, forceOption, jsonOption, outputOption } from '../command';
import { reportDiagnostics, reportFailure } from '../report';
import { withHost } from '../withHost';

/** `convloom new`. */
export const newNetwork = defineCommand({
  name: 'new',
  summary: 'make a network file from a template',
  positionals: [{ name: 'TEMPLATE', doc: 'its id, as `convloom templates` lists it' }],
  options: { output: outputOption, force: forceOption, json: jsonOption },
  run: async ({ options, positionals: [id = ''] }, terminal) =>
    await withHost(async (host) => {
      const list = await host.request('templates.list', {});
      if (!list.ok) return reportFailure(list, options.json, terminal);
      const ids = list.value.map((template) => template.id);
      if (!ids.includes(id)) {
        reportDiagnostics([unknownTemplate(id, nearestWord(id, ids))], options.json, terminal);
        terminal.err(`Templates: ${ids.join(', ')}.`);
        return 2;
      }
      const document = await host.request('templates.open', { id });
      if (!document.ok) return reportFailure(document, options.json, terminal);
      const path = resolve(options.output);
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
