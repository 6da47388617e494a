import { formatShape } from '../../../shared/text';
import { defineCommand, jsonOption } from '../command';
import { reportFailure } from '../report';
import { countText, tableLines } from '../table';
import { withHost } from '../withHost';

/** `convloom templates`. */
export const templates = defineCommand({
  name: 'templates',
  summary: 'the networks that come with Convloom',
  positionals: [],
  options: { json: jsonOption },
  run: async ({ options }, terminal) =>
    await withHost(async (host) => {
      const list = await host.request('templates.list', {});
      if (!list.ok) return reportFailure(list, options.json, terminal);
      if (options.json) {
        terminal.out(
          JSON.stringify(
            list.value.map(({ summary, ...rest }) => ({ ...rest, summary: summary.en })),
            null,
            2,
          ),
        );
        return 0;
      }
      const rows = list.value.map(({ id, inputShape, params, trainableParams, summary }) => [
        id,
        formatShape(inputShape),
        countText(params),
        countText(trainableParams),
        summary.en,
      ]);
      const columns = [
        { title: 'Template', align: 'left' },
        { title: 'Input', align: 'right' },
        { title: 'All parameters', align: 'right' },
        { title: 'Trainable', align: 'right' },
        { title: 'What it is', align: 'left' },
      ] as const;
      for (const line of tableLines(columns, rows)) terminal.out(line);
      terminal.err('`convloom new TEMPLATE -o FILE` makes a file of one.');
      return 0;
    }),
});
