import { compileInference } from '../../shared/compile/compile';
import { closeOpenSizes } from '../../shared/compile/openSizes';
import { nodeNotInModel } from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensor, HostTensor } from '../../shared/ops/tensor';
import type { TrainerQuestions } from './protocol';
import { loadProgram, readTrained } from './trained';

/**
 * Runs a model on tensors as they are, without any reading of them as pictures: `inputs` by the id of the input node, each
 * `[batch, ...shape]`, closing what the network leaves open. The answers are batches too.
 */
export async function forward({
  path,
  nodes,
  inputs,
}: TrainerQuestions['forward'][0]): Promise<Result<TrainerQuestions['forward'][1]>> {
  const trained = await readTrained(path);
  if (!trained.ok) return trained;
  const { model } = trained.value;
  const shapes = Object.entries(inputs).map(([id, { shape }]) => [id, shape.slice(1)] as const);
  const closed = closeOpenSizes(model.document, trained.value.analysis, Object.fromEntries(shapes));
  if (!closed.ok) return closed;
  const { document, analysis } = closed.value;
  const unknown = nodes.find((id) => !analysis.nodes.has(id));
  if (unknown !== undefined) return failure(nodeNotInModel(unknown));
  const compiled = compileInference(document, analysis, { nodes });
  if (!compiled.ok) return compiled;
  const { program, weights, inputs: wanted } = compiled.value;
  const feeds = wanted.flatMap(({ name, nodeId }): [string, FloatTensor][] => {
    const tensor = inputs[nodeId];
    return tensor === undefined ? [] : [[name, tensor]];
  });
  const loaded = await loadProgram({ ...trained.value, analysis }, program, weights, 'auto');
  if (!loaded.ok) return loaded;
  const { session } = loaded.value;
  try {
    const outputs = await session.run('predict', Object.fromEntries(feeds));
    const tensors = nodes.flatMap((id): [string, HostTensor][] => {
      const tensor = outputs[id];
      return tensor === undefined ? [] : [[id, tensor]];
    });
    return success({ tensors: Object.fromEntries(tensors) });
  } finally {
    await session.dispose();
  }
}
