import { identifiersOf } from '../../../shared/exports/names';
import type { OpFunction, Program } from '../../../shared/ops/graph';
import type { FloatTensors } from '../../../shared/ops/tensor';
import { attribute } from './graphDef';
import type { SignaturePort } from './graphDef';
import { createGraphWriter, partialShape } from './graphWriter';
import { lowerFunction } from './programGraph';

/** What a serving model's inputs and outputs are called in its signature, by their names in the function. */
export type ServingNames = {
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
};

/** The tensor of an input or output in the graph, by its name in the signature. */
export function inputTensor(name: string): string {
  return `${inputNode(name)}:0`;
}

export function outputTensor(name: string): string {
  return `${outputNode(name)}:0`;
}

function inputNode(name: string): string {
  return `serving_default_${name}`;
}

function outputNode(name: string): string {
  return `output_${name}`;
}

/** Names of constants that TensorFlow takes, as close to those of the weights as that allows. */
export function constantNames({ variables }: Program): (variable: string) => string {
  const names = identifiersOf(variables.map(({ name }) => name));
  return (variable) => `weight_${names.get(variable) ?? ''}`;
}

/**
 * The `saved_model.pb` of one function with its weights as constants, to be called by `serving_default`. Kernels are those that every
 * machine has. Throws on what has no TensorFlow form.
 */
export function encodeServingModel(
  fn: OpFunction,
  weights: FloatTensors,
  names: ServingNames,
  constantName: (variable: string) => string,
): Uint8Array {
  const graph = createGraphWriter();
  const feeds = new Map(
    fn.inputs.map(({ name, shape, dtype }) => {
      const attributes = { dtype: attribute.type(dtype), shape: attribute.shape(partialShape(shape)) };
      return [name, graph.add('Placeholder', [], attributes, inputNode(names.inputs.get(name) ?? name))];
    }),
  );
  const constants = new Map<string, string>();
  const { definition, tensor } = lowerFunction(graph, fn, 'cpu', {
    input: (name) => feeds.get(name) ?? '',
    variable: (name) => {
      const made = constants.get(name) ?? addWeight(name);
      constants.set(name, made);
      return made;
    },
  });
  function addWeight(name: string): string {
    const weight = weights[name];
    if (weight === undefined) throw new Error(`There is no weight ${name}.`);
    const { data, shape } = weight;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const value = { kind: 'tensor', value: { dtype: 'float32', shape, bytes } } as const;
    return graph.add('Const', [], { dtype: attribute.type('float32'), value }, constantName(name));
  }
  const inputs = fn.inputs.map(({ name, shape, dtype }): SignaturePort => ({
    name: names.inputs.get(name) ?? name,
    tensor: inputTensor(names.inputs.get(name) ?? name),
    dtype,
    shape: partialShape(shape),
  }));
  const outputs = Object.entries(definition.outputs).map(([name, id]): SignaturePort => {
    const called = names.outputs.get(name) ?? name;
    const { dtype = 'float32', shape = [] } = definition.nodes[id] ?? {};
    graph.add('Identity', [tensor(id)], { T: attribute.type(dtype) }, outputNode(called));
    return { name: called, tensor: outputTensor(called), dtype, shape: partialShape(shape) };
  });
  return graph.encode({ inputs, outputs });
}
