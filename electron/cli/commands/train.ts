import { resolve } from 'node:path';
import { limits } from '../../../shared/schema/limits';
import { defineCommand, jsonOption } from '../command';
import { followRun } from '../followRun';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure } from '../report';
import { findRun } from '../../files/paths';
import { readTags } from '../runTags';
import { showForecast, showSweep } from '../beforeTraining';
import { trainSeeds } from '../trainSeeds';
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
    '--seeds N trains N times, with the seed and those that follow it, and ends with a table of the scores, their mean and their',
    'deviation; each run has a folder seed-S in that of --run, and each line of JSON its `seed`.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model' }],
  options: {
    ...trainingOptions,
    run: { type: 'text', placeholder: 'DIR', doc: 'keep the run in this new or empty folder' },
    from: {
      type: 'text',
      placeholder: 'MODEL',
      doc: 'start from the weights of a run, a model or a file of weights, where name and shape are the same',
    },
    name: { type: 'text', placeholder: 'NAME', maxLength: limits.runName, doc: 'what the run is called in tables' },
    tag: { type: 'text', placeholder: 'TAG,...', doc: 'tags to find the run by' },
    seeds: { type: 'integer', min: 1, max: 1000, doc: 'train so many times from different seeds (default: 1)' },
    'find-rate': { type: 'flag', doc: 'train nothing: sweep the learning rate and suggest one' },
    forecast: {
      type: 'flag',
      doc: 'train nothing: take a few steps and say how long it will take, and in how much memory',
    },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const config = trainingConfig(document.value, options);
    const blocking = blockingDiagnostics(document.value, config);
    if (blocking.length > 0) return reportDiagnostics(blocking, options.json, terminal);
    const from = options.from === undefined ? {} : ({ from: { type: 'path', path: findRun(options.from) } } as const);
    const dir = options.run === undefined ? {} : { dir: resolve(options.run) };
    const named = options.name === undefined ? {} : { name: options.name };
    const tags = readTags(options.tag);
    if (!tags.ok) return reportFailure(tags, options.json, terminal);
    const request = { document: document.value, config, ...from, ...dir, ...named, ...tags.value };
    if (options['find-rate']) return await withHost((host) => showSweep(host, request, options.json, terminal));
    if (options.forecast) return await withHost((host) => showForecast(host, request, options.json, terminal));
    return await withHost((host) =>
      options.seeds === undefined
        ? followRun(host, options.json, terminal, () => host.request('run.start', request))
        : trainSeeds(host, request, options.seeds, options.json, terminal),
    );
  },
});
