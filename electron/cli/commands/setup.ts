import { badOptionValue } from '../../../shared/diagnostics/catalog/commandLine';
import { text } from '../../../shared/text';
import { setupTensorflow } from '../../setup';
import type { SetupProgress } from '../../setup';
import { defineCommand, jsonOption } from '../command';
import { reportDiagnostics, reportFailure } from '../report';
import type { Terminal } from '../terminal';

/** Says a new step on a line of its own, and how far it is on a line that replaces itself; JSON gets one line per whole percent. */
function createReporter(json: boolean, terminal: Terminal): (progress: SetupProgress) => void {
  let last = '';
  return ({ step, message, fraction }) => {
    const percent = fraction === undefined ? '' : Math.floor(fraction * 100);
    const key = `${step} ${percent}`;
    if (key === last) return;
    const isNewStep = !last.startsWith(`${step} `);
    last = key;
    if (json)
      terminal.out(JSON.stringify({ event: 'progress', step, message: message.en, fraction: fraction ?? null }));
    else if (isNewStep || fraction === undefined) terminal.err(message.en);
    else terminal.progress(message.en);
  };
}

/** `convloom setup`. */
export const setup = defineCommand({
  name: 'setup',
  summary: 'fetch and build an engine that npm alone does not bring: setup tensorflow',
  details:
    'Takes TensorFlow from the folder or wheel that --from (or CONVLOOM_TENSORFLOW) names, else by pip, else over HTTPS, and builds ' +
    "tfjs-node's addon against it. Needs npm and a C++ compiler. A try that was cut short goes on where it stopped.",
  positionals: [{ name: 'ENGINE', doc: 'tensorflow' }],
  options: {
    gpu: { type: 'flag', doc: 'the CUDA build; also checks the driver and the CUDA libraries' },
    from: { type: 'text', placeholder: 'PATH', doc: 'a TensorFlow that is already on disk' },
    force: { type: 'flag', doc: 'build again even if there is a build' },
    json: jsonOption,
  },
  run: async ({ options: { gpu, from, force, json }, positionals: [engine = ''] }, terminal) => {
    if (engine !== 'tensorflow') {
      return reportDiagnostics([badOptionValue('ENGINE', engine, text('tensorflow', 'tensorflow'))], json, terminal);
    }
    const stop = new AbortController();
    const release = terminal.onInterrupt(() => stop.abort());
    const result = await setupTensorflow({ gpu, from, force, signal: stop.signal }, createReporter(json, terminal));
    release();
    if (!result.ok) return reportFailure(result, json, terminal);
    const { dir, manifest } = result.value;
    if (json) terminal.out(JSON.stringify({ event: 'finished', dir, ...manifest }));
    return 0;
  },
});
