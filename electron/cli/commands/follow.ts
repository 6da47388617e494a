import { resolve } from 'node:path';
import { parseFarFolder } from '../../host/runs/farFolder';
import { defineCommand, jsonOption } from '../command';
import { tellEvents } from '../followRun';
import { reportFailure } from '../report';
import { withHost } from '../withHost';

/** `convloom follow`. */
export const follow = defineCommand({
  name: 'follow',
  summary: 'show how a run goes that another program or machine trains in a folder',
  details: [
    'DIR is the folder of a run of `convloom train` or of the `train.py` of an exported project: on this machine, or on another that',
    'ssh opens without a password, as HOST:DIR or ssh://USER@HOST:PORT/DIR.',
    'All that the run has said is shown, and what it says until its end. Nothing is written there. Ctrl-C ends the following, not the',
    'run. With --json, the events are those of `convloom train`.',
  ].join('\n'),
  positionals: [{ name: 'DIR', doc: "the run's folder" }],
  options: { json: jsonOption },
  run: async ({ options, positionals: [dir = ''] }, terminal) =>
    await withHost(async (host) => {
      const told = tellEvents(host, options.json, terminal);
      const followed = await host.request('run.follow', {
        dir: parseFarFolder(dir) === null ? resolve(dir) : dir,
        replay: true,
      });
      if (!followed.ok) return reportFailure(followed, options.json, terminal);
      const { runId } = followed.value;
      const release = terminal.onInterrupt(() => void host.request('run.stop', { runId }));
      const code = await told;
      release();
      return code;
    }),
});
