import { checkProgram, findingText } from '../../../shared/ops/check';
import type { OpFunction, Program } from '../../../shared/ops/graph';
import { countOps, printProgram } from '../../../shared/ops/print';
import type { Rewritten } from '../../../shared/ops/rewrite';
import { tasks } from '../../../shared/schema/data';
import { engineIds } from '../../../shared/schema/engines';
import { trainingFields } from '../../../shared/schema/training';
import type { Text } from '../../../shared/text';
import { engineRewrites } from '../../engines/rewrites';
import { defineCommand, jsonOption } from '../command';
import { functionJson, graphOf } from '../networkGraph';
import { readNetwork } from '../readNetwork';
import { reportFailure } from '../report';

/** A training setting as an option of this command. */
function choiceOf<Value extends string>({
  choices,
  doc,
}: {
  readonly choices: readonly { readonly value: Value }[];
  readonly doc: Text;
}) {
  return { type: 'choice', values: choices.map(({ value }) => value), doc: doc.en } as const;
}

/** `convloom graph`. */
export const graph = defineCommand({
  name: 'graph',
  summary: 'the op graph that the engines run: forward, or the whole training step',
  details: [
    'One line a node: %12 = conv2d %3 %w/c1/kernel {strides 1x1, pads 0 0 0 0} : f32[batch,24,24,20]. %in/NAME is fed at every run,',
    '%w/NAME is a variable, a number stands for itself. With --engine the graph is printed twice, before and after what that engine',
    "rewrites on the CPU, each with how many nodes of each op it has. The task of a training step is what the document's output is",
    'for: classes of a picture for one vector, classes of pixels for an image, numbers where the loss is the mean squared error.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model' }],
  options: {
    train: { type: 'flag', doc: 'the training step, with its backward pass and its updates' },
    engine: { type: 'choice', values: engineIds, doc: 'before and after its rewrites' },
    task: {
      type: 'choice',
      values: tasks,
      doc: 'with --train, what is learned',
    },
    optimizer: choiceOf(trainingFields.optimizer),
    loss: choiceOf(trainingFields.loss),
    output: { type: 'text', placeholder: 'NODE', doc: 'the output to train; without --train, any node to compute' },
    size: { type: 'text', placeholder: 'HxW', doc: 'for inputs that leave their size open' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const compiled = graphOf(document.value, options);
    if (!compiled.ok) return reportFailure(compiled, options.json, terminal);
    const { program, task, notes } = compiled.value;
    for (const note of notes) terminal.err(note);
    const before: Stage = { stage: 'before', program, fired: {} };
    const stages = options.engine === undefined ? [before] : [before, after(program, engineRewrites[options.engine])];
    if (options.json) {
      terminal.out(JSON.stringify({ task, engine: options.engine ?? null, graphs: stages.map(stageJson) }, null, 2));
    } else {
      const texts = stages.map((stage) => stageText(stage, options.engine));
      for (const line of texts.join('\n\n').split('\n')) terminal.out(line);
    }
    const findings = stages.flatMap((stage) => checkProgram(stage.program).map(findingText));
    for (const finding of findings) terminal.err(`The graph is not sound: ${finding}`);
    return findings.length === 0 ? 0 : 1;
  },
});

/** A program at one point of its way, and the rules that brought it there. */
type Stage = { readonly stage: 'before' | 'after'; readonly program: Program; readonly fired: Rewritten['fired'] };

function after(program: Program, rewrite: (definition: OpFunction) => Rewritten): Stage {
  const fired: { [rule: string]: number } = {};
  const functions = Object.entries(program.functions).map(([name, definition]): [string, OpFunction] => {
    const rewritten = rewrite(definition);
    for (const [rule, count] of Object.entries(rewritten.fired)) fired[rule] = (fired[rule] ?? 0) + count;
    return [name, rewritten.definition];
  });
  return { stage: 'after', program: { ...program, functions: Object.fromEntries(functions) }, fired };
}

function stageJson({ stage, program, fired }: Stage): object {
  const functions = Object.entries(program.functions).map(([name, definition]) => functionJson(name, definition));
  return { stage, fired, variables: program.variables, functions };
}

function countLine(name: string, definition: OpFunction): string {
  const counts = countOps(definition).map(([op, count]) => `${op} ${count}`);
  return `# ${name}: ${definition.nodes.length} nodes: ${counts.join(', ')}`;
}

function stageText({ stage, program, fired }: Stage, engine: string | undefined): string {
  const rules = Object.entries(fired).map(([rule, count]) => `${rule} ${count}`);
  const titles = {
    before: `# before the rewrites of ${engine ?? ''}`,
    after: `# after the rewrites of ${engine ?? ''}: ${rules.join(', ') || 'none applies'}`,
  };
  const head = [
    ...(engine === undefined ? [] : [titles[stage]]),
    ...Object.entries(program.functions).map(([name, definition]) => countLine(name, definition)),
  ];
  return [...head, printProgram(program)].join('\n');
}
