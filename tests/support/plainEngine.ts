import type { Engine, EngineSession, TensorMap } from '../../electron/engines/engine';
import { success } from '../../shared/diagnostics/diagnostic';
import type { DType, OpShape, Program } from '../../shared/ops/graph';
import { interpret, type Tensors64 } from './referenceInterpreter';
import { fromHostTensor, toHostTensor } from './tensor64';

type Declared = { readonly name: string; readonly dtype: DType; readonly shape: OpShape };

/** Declared values as the interpreter takes them. A wrong name, type or shape is a mistake of the calling code, so it throws. */
function checked(declared: readonly Declared[], given: TensorMap): Tensors64 {
  const entries = Object.entries(given).map(([name, tensor]) => {
    const own = declared.find((one) => one.name === name);
    const fits =
      own?.dtype === tensor.dtype &&
      own.shape.length === tensor.shape.length &&
      own.shape.every((size, axis) => size === 'batch' || size === tensor.shape[axis]);
    if (!fits) throw new Error(`plain engine: "${name}" is not what the program declares.`);
    return [name, fromHostTensor(tensor)] as const;
  });
  return Object.fromEntries(entries);
}

function createSession(program: Program): EngineSession {
  let variables: Tensors64 = {};
  return {
    write: (given) =>
      Promise.resolve().then(() => {
        variables = { ...variables, ...checked(program.variables, given) };
      }),
    read: (names) =>
      Promise.resolve().then(() =>
        Object.fromEntries(
          names.map((name) => {
            const value = variables[name];
            const declared = program.variables.find((variable) => variable.name === name);
            if (value === undefined || declared === undefined) throw new Error(`plain engine: there is no "${name}".`);
            return [name, toHostTensor(value, declared.dtype)];
          }),
        ),
      ),
    run: (functionName, inputs) =>
      Promise.resolve().then(() => {
        const definition = program.functions[functionName];
        if (definition === undefined) throw new Error(`plain engine: there is no function "${functionName}".`);
        const missing = [
          ...definition.inputs.filter(({ name }) => inputs[name] === undefined),
          ...program.variables.filter(({ name }) => variables[name] === undefined),
        ];
        if (missing.length > 0) throw new Error(`plain engine: no value for "${missing[0]?.name ?? ''}".`);
        // Every read comes before every update: the interpreter gives the variables as they are afterwards.
        const result = interpret(definition, checked(definition.inputs, inputs), variables);
        variables = result.variables;
        const outputs = Object.entries(result.outputs).map(([name, value]) => {
          const node = definition.nodes[definition.outputs[name] ?? -1];
          return [name, toHostTensor(value, node?.dtype ?? 'float32')] as const;
        });
        return Object.fromEntries(outputs);
      }),
    dispose: () => Promise.resolve(),
  };
}

/** An engine that Convloom does not come with: the definitions of the ops, in nested loops and double precision. Slow, and plain. */
export function createPlainEngine(): Engine {
  return {
    // A new engine has an id of its own in shared/schema/engines.ts; this one stands in for the one that it is most like.
    id: 'tfjs',
    reducedTypes: ['bfloat16'],
    probe: () => Promise.resolve({ available: true, device: 'CPU, one thread', versions: {} }),
    compile: (program) => Promise.resolve(success(createSession(program))),
  };
}
