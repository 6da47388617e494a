import { defineCommand, jsonOption } from '../command';
import { diagnosticLines, reportFailure } from '../report';
import { countText } from '../table';
import { formatShape } from '../../../shared/text';
import { withHost } from '../withHost';

/** `convloom data`. */
export const data = defineCommand({
  name: 'data',
  summary: 'what --data can be, or what one data set holds',
  positionals: [{ name: 'SPEC', doc: 'open this data set and describe it', optional: true }],
  options: { json: jsonOption },
  run: async ({ options, positionals: [spec] }, terminal) =>
    await withHost(async (host) => {
      if (spec !== undefined) {
        const info = await host.request('data.info', { spec });
        if (!info.ok) return reportFailure(info, options.json, terminal);
        const { value } = info;
        if (options.json) {
          terminal.out(JSON.stringify({ ok: true, ...value, split: value.split.en }, null, 2));
          return 0;
        }
        terminal.out(`${value.spec}: ${value.task}, images of ${formatShape(value.inputShape)}`);
        terminal.out(
          `${countText(value.trainCount)} for training, ${countText(value.validationCount)} for validation. ${value.split.en}`,
        );
        if (value.classes.length > 0) terminal.out(`${value.classes.length} classes: ${value.classes.join(', ')}`);
        for (const line of diagnosticLines(value.warnings)) terminal.err(line);
        return 0;
      }
      const list = await host.request('data.list', {});
      if (!list.ok) return reportFailure(list, options.json, terminal);
      if (options.json) {
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
    }),
});
