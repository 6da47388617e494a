import { readRecord } from '../../files/runRecord';
import { defineCommand, jsonOption } from '../command';
import { followRun } from '../followRun';
import { reportFailure } from '../report';
import { findRun } from '../../files/paths';
import { withHost } from '../withHost';

/** `convloom resume`. */
export const resume = defineCommand({
  name: 'resume',
  summary: 'go on with a run that was stopped, killed or broken off, from its last checkpoint',
  details: [
    'The run goes on in its own folder, with its own network, data and settings, and ends as if it had never been broken: what a step',
    'is fed follows the seed and the number of the step alone. With --json, the events are those of `convloom train`; `started` also',
    'says where the run goes on: resumed {epoch, step}. A run whose data have changed since is refused.',
  ].join('\n'),
  positionals: [{ name: 'RUN', doc: "a run's folder, or its id" }],
  options: { json: jsonOption },
  run: async ({ options, positionals: [run = ''] }, terminal) => {
    const dir = findRun(run);
    const record = await readRecord(dir);
    if (!record.ok) return reportFailure(record, options.json, terminal);
    return await withHost((host) =>
      followRun(host, options.json, terminal, () => host.request('run.resume', { runId: record.value.id, dir })),
    );
  },
});
