import { resolve } from 'node:path';
import { defineCommand, jsonOption } from '../command';
import { followRun } from '../followRun';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure } from '../report';
import { blockingDiagnostics, trainingConfig, trainingOptions } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom train`. */
export const train = defineCommand({
  name: 'train',
  summary: 'train a network; Ctrl-C ends it after the step at hand and keeps the weights',
  details: [
    'What an option leaves open is taken from the file\'s own "train" section, then from the defaults. With --json, one event',
    'a line: started, step, epoch, warning, finished, failed. The same file, options and seed give the same run.',
    'A run that was ended before its last epoch goes on with `convloom resume`.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model' }],
  options: {
    ...trainingOptions,
    run: { type: 'text', placeholder: 'DIR', doc: 'keep the run in this new or empty folder' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const config = trainingConfig(document.value, options);
    const blocking = blockingDiagnostics(document.value, config);
    if (blocking.length > 0) return reportDiagnostics(blocking, options.json, terminal);
    return await withHost((host) =>
      followRun(host, options.json, terminal, () =>
        host.request('run.start', {
          document: document.value,
          config,
          ...(options.run === undefined ? {} : { dir: resolve(options.run) }),
        }),
      ),
    );
  },
});
