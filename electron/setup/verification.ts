import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { setupVerifyFailed } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import { partialShape } from '../engines/tensorflow/graphWriter';
import { buildProgramGraph } from '../engines/tensorflow/programGraph';
import { restoreRemovedUtil } from '../engines/tensorflow/tfjsNode';
import { smallestProgram, smallestSize } from '../engines/verification';
import { addonPath, packagePath } from '../engines/tensorflow/installed';
import type { SetupContext } from './context';
import { SetupFailure } from './failure';
import { runProgram } from './process';

const checkSchema = z.object({
  version: z.string(),
  isGpu: z.boolean(),
  /** Loss at every step: of the compiled graph, and of tfjs-node's own `minimize`. */
  compiled: z.array(z.number()),
  eager: z.array(z.number()),
});

/** What the check saw. */
export type Check = z.infer<typeof checkSchema>;

const steps = 20;
const batch = 4;

type CheckInput = {
  readonly addon: string;
  readonly packageDir: string;
  readonly model: string;
  readonly steps: number;
  readonly batch: number;
  readonly size: number;
  readonly ports: {
    readonly write: readonly { readonly feed: string; readonly assign: string; readonly shape: readonly number[] }[];
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
  };
};

/**
 * Runs in a process of its own, as text: it must not refer to anything outside itself. Loads the package the way a user's code
 * would and trains with it, then trains the compiled graph.
 */
const checkScript = `
const { createRequire } = require('node:module');
module.exports = (input) => {
  const load = createRequire(input.packageDir + '/package.json');
  const wave = (count, phase) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + phase));
  const tf = load(input.packageDir);
  const x = tf.tensor(wave(input.batch * 4, 0), [input.batch, 4]);
  const y = tf.tensor(wave(input.batch, 1), [input.batch, 1]);
  const w = tf.variable(tf.zeros([4, 1]));
  const optimizer = tf.train.sgd(0.1);
  const eager = [];
  for (let step = 0; step < input.steps; step++) {
    eager.push(optimizer.minimize(() => tf.mean(tf.square(tf.sub(tf.matMul(x, w), y))), true).dataSync()[0]);
  }
  const binding = load(input.addon);
  const model = binding.loadSavedModel(input.model, 'serve');
  const run = (feeds, fetches) => binding.runSavedModel(
    model,
    feeds.map(([, shape, data]) => binding.createTensor([...shape], 1, data)),
    feeds.map(([port]) => port).join(),
    fetches.join(),
  );
  const count = (shape) => shape.reduce((product, length) => product * length, 1);
  run(
    input.ports.write.map(({ feed, shape }, i) => [feed, shape, wave(count(shape), i).map((v) => v * 0.3)]),
    input.ports.write.map(({ assign }) => assign),
  );
  const images = [input.batch, input.size, input.size, 1];
  const feeds = [[input.ports.inputs[0], images, wave(count(images), 2)], [input.ports.inputs[1], [input.batch, 2], wave(input.batch * 2, 3)], [input.ports.inputs[2], [], Float32Array.of(0.05)]];
  const compiled = [];
  for (let step = 0; step < input.steps; step++) {
    compiled.push(binding.tensorDataSync(run(feeds, input.ports.outputs)[0].id)[0]);
  }
  return { version: binding.TF_Version, isGpu: binding.isUsingGpuDevice(), compiled, eager };
};
`;

const marker = 'convloom-check ';

/** Trains with a build in a process of its own, so that a library that ends its process ends only that one. */
export async function verifyBuild(context: SetupContext): Promise<Check> {
  context.report({
    step: 'verify',
    message: text('Training a few steps to check the build', '正在训练几步以检查构建'),
  });
  const graph = buildProgramGraph(smallestProgram(), 'cpu');
  const trainStep = graph.functions.get('trainStep');
  if (trainStep === undefined) throw new Error('The check has no training step.');
  const model = await mkdtemp(join(tmpdir(), 'convloom-check-'));
  try {
    await writeFile(join(model, 'saved_model.pb'), graph.savedModel);
    const input: CheckInput = {
      addon: join(context.staging, addonPath),
      packageDir: join(context.staging, packagePath),
      model,
      steps,
      batch,
      size: smallestSize,
      ports: {
        write: [...graph.variables.values()].map(({ feed, assign }) => ({
          feed: feed.port,
          assign,
          shape: partialShape(feed.shape),
        })),
        inputs: [...trainStep.inputs.values()].map(({ port }) => port),
        outputs: [
          ...[...trainStep.outputs.values()].map(({ port }) => port),
          ...(trainStep.driver === undefined ? [] : [trainStep.driver]),
        ],
      },
    };
    const check = await runCheck(context, input);
    for (const [name, losses] of [
      ['The compiled graph', check.compiled],
      ['tfjs-node', check.eager],
    ] as const) {
      const [first = Number.NaN, last = Number.NaN] = [losses[0], losses.at(-1)];
      // A loss that is NaN fails this comparison too.
      if (!(last < first)) {
        const reason = `${name} went from a loss of ${first} to ${last} in ${steps} steps.`;
        throw new SetupFailure(setupVerifyFailed(reason));
      }
    }
    return check;
  } finally {
    await rm(model, { recursive: true, force: true });
  }
}

async function runCheck({ environment, signal }: SetupContext, input: CheckInput): Promise<Check> {
  const source = `(${restoreRemovedUtil.toString()})(require('node:util'));${checkScript}
process.stdout.write('\\n${marker}' + JSON.stringify(module.exports(${JSON.stringify(input)})) + '\\n');`;
  const outcome = await runProgram(process.execPath, ['-e', source], {
    // In Electron the executable is Electron; this makes it a plain Node.
    environment: { ...environment, TF_CPP_MIN_LOG_LEVEL: '1', ELECTRON_RUN_AS_NODE: '1' },
    signal,
  });
  const line = outcome.out.split('\n').find((candidate) => candidate.startsWith(marker));
  if (line === undefined) {
    const cause = /^\w*Error: .*$/m.exec(outcome.err)?.[0];
    const end =
      outcome.code === null ? 'The check was ended by a signal.' : `The check ended with code ${outcome.code}.`;
    throw new SetupFailure(setupVerifyFailed(cause ?? end));
  }
  return checkSchema.parse(JSON.parse(line.slice(marker.length)));
}
