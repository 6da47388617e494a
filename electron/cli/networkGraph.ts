import { analyzeNetwork } from '../../shared/analysis/analyze';
import { chooseOutput } from '../../shared/compile/checks';
import { compileInference, compileTraining } from '../../shared/compile/compile';
import { isLossOfValues } from '../../shared/compile/losses';
import type { TrainingTask } from '../../shared/compile/losses';
import { pixelClasses } from '../../shared/compile/oneScore';
import { closeOpenSizes } from '../../shared/compile/openSizes';
import type { ClosedNetwork, InputShapes } from '../../shared/compile/openSizes';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { badOptionValue } from '../../shared/diagnostics/catalog/commandLine';
import type { OpFunction, OpNode, Program } from '../../shared/ops/graph';
import { constantText, countOps } from '../../shared/ops/print';
import { isOfClasses } from '../../shared/schema/data';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { LossName, OptimizerName } from '../../shared/schema/training';
import type { NetworkDocument } from '../../shared/schema/document';
import { text } from '../../shared/text';

/** What `convloom graph` was asked for. */
export type GraphQuestion = {
  readonly train: boolean;
  readonly task: TrainingTask['kind'] | undefined;
  readonly output: string | undefined;
  readonly size: string | undefined;
  readonly optimizer: OptimizerName | undefined;
  readonly loss: LossName | undefined;
};

/** The op graph of a network, and what was taken for granted, in words. */
export type NetworkGraph = {
  readonly program: Program;
  readonly task: TrainingTask | null;
  readonly notes: readonly string[];
};

/** Compiles a network as `convloom graph` shows it: forward, or with `train` its training step. */
export function graphOf(document: NetworkDocument, question: GraphQuestion): Result<NetworkGraph> {
  const closed = closeBySize(document, question.size);
  if (!closed.ok) return closed;
  return question.train ? trainingGraph(closed.value, question) : inferenceGraph(closed.value, question);
}

/** `--size 224x320`, for every input that leaves its height and width open. */
function closeBySize(document: NetworkDocument, size: string | undefined): Result<ClosedNetwork> {
  const analysis = analyzeNetwork(document);
  if (size === undefined) return success({ document, analysis });
  const [, height, width = height] = /^(\d+)(?:x(\d+))?$/.exec(size) ?? [];
  const given = [Number(height), Number(width)];
  if (!given.every((length) => Number.isInteger(length) && length > 0)) {
    return failure(badOptionValue('--size', size, text('height x width, as 224x320', '高x宽，如 224x320')));
  }
  const shapes: [string, readonly number[]][] = [];
  for (const id of analysis.inputs) {
    const shape = analysis.nodes.get(id)?.outputShape;
    if (shape?.includes(null) === true) shapes.push([id, shape.map((length, axis) => length ?? given[axis] ?? 1)]);
  }
  return closeOpenSizes(document, analysis, Object.fromEntries(shapes) satisfies InputShapes);
}

function inferenceGraph({ document, analysis }: ClosedNetwork, { output }: GraphQuestion): Result<NetworkGraph> {
  const compiled = compileInference(document, analysis, output === undefined ? {} : { nodes: [output] });
  return compiled.ok ? success({ program: compiled.value.program, task: null, notes: [] }) : compiled;
}

function trainingGraph({ document, analysis }: ClosedNetwork, question: GraphQuestion): Result<NetworkGraph> {
  const chosen = { ...defaultTrainingConfig, ...document.train };
  const loss = question.loss ?? chosen.loss;
  const named = question.output ?? chosen.output;
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return failure(...errors);
  const output = chooseOutput(analysis, named);
  if (!output.ok) return output;
  const shape = analysis.nodes.get(output.value)?.outputShape ?? [];
  const { task, why } = taskOf(shape, loss, question.task);
  const options = {
    ...chosen,
    task,
    optimizer: question.optimizer ?? chosen.optimizer,
    loss,
    output: output.value,
  };
  // A trial, which 'auto' asks for, belongs to a run.
  const precision = chosen.precision === 'auto' ? 'float32' : chosen.precision;
  const compiled = compileTraining(document, analysis, options, precision);
  if (!compiled.ok) return compiled;
  const { trainStep: step } = compiled.value.program.functions;
  const recompute = { batch: chosen.batchSize, within: null };
  const trainStep = step !== undefined && chosen.recompute === 'on' ? { ...step, recompute } : step;
  const functions = trainStep === undefined ? {} : { trainStep };
  const classes = isOfClasses(task.kind) ? ` of ${task.classCount} classes` : '';
  return success({
    program: { ...compiled.value.program, functions },
    task,
    notes: [`Trained for ${task.kind}${classes}: ${why}.`],
  });
}

/** The task decides loss and labels; a document does not hold it, since a run learns it from the data. */
function taskOf(
  shape: readonly (number | null)[],
  loss: LossName,
  asked: TrainingTask['kind'] | undefined,
): { readonly task: TrainingTask; readonly why: string } {
  const classCount = shape.at(-1) ?? 0;
  const ofPixels = { kind: 'segmentation', classCount: pixelClasses(classCount) } as const;
  const isImage = shape.length === 3 && (shape[0] !== 1 || shape[1] !== 1);
  if (asked === 'segmentation') return { task: ofPixels, why: 'as asked for' };
  if (asked !== undefined) return { task: { kind: asked, classCount }, why: 'as asked for' };
  if (loss !== 'auto' && isLossOfValues(loss)) {
    const words = loss === 'meanSquaredError' ? 'mean squared error' : 'mean absolute error';
    return {
      task: { kind: isImage ? 'image-to-image' : 'regression', classCount },
      why: `the loss is the ${words} (--task says otherwise)`,
    };
  }
  return isImage
    ? { task: ofPixels, why: 'the output is an image (--task says otherwise)' }
    : { task: { kind: 'classification', classCount }, why: 'the output is one vector (--task says otherwise)' };
}

function nodeJson(node: OpNode, id: number): object {
  const { op, inputs, shape, dtype, ...attributes } = node;
  const values = 'data' in attributes ? { data: constantText(attributes.data) } : attributes;
  return { id, op, inputs, shape, dtype, attributes: values };
}

/** A function as `--json` has it; ids are places in `nodes`. */
export function functionJson(name: string, { inputs, nodes, outputs, updates }: OpFunction): object {
  const counts = Object.fromEntries(countOps({ inputs, nodes, outputs, updates }));
  return { name, inputs, nodes: nodes.map(nodeJson), outputs, updates, counts };
}
