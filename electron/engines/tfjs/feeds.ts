import { elementCount } from '../../../shared/ops/tensor';
import type { HostTensor, TensorMap } from '../engine';
import type { DType, OpFunction, OpShape, Program, VariableSpec } from '../../../shared/ops/graph';

/** A mistake of the calling code, which no user can make: wrong names, types or shapes. */
function misuse(reason: string): never {
  throw new Error(`tfjs engine: ${reason}.`);
}

function checkTensor(name: string, tensor: HostTensor, dtype: DType, shape: OpShape): void {
  const fits =
    tensor.shape.length === shape.length &&
    shape.every((size, axis) => size === 'batch' || size === tensor.shape[axis]);
  const count = elementCount(tensor.shape);
  if (tensor.dtype !== dtype || !fits || tensor.data.length !== count) {
    misuse(
      `"${name}" is declared ${dtype} [${shape.join(', ')}] and given ${tensor.dtype} [${tensor.shape.join(', ')}] with ${tensor.data.length} values`,
    );
  }
}

/** Checks what a run is fed against the function's inputs, and gives the batch size (1 where no input has one). */
export function checkFeeds(functionName: string, { inputs }: OpFunction, feeds: TensorMap): number {
  const unknown = Object.keys(feeds).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined) misuse(`${functionName} has no input "${unknown}"`);
  let batch: number | undefined;
  for (const { name, dtype, shape } of inputs) {
    const tensor = feeds[name] ?? misuse(`${functionName} is not fed "${name}"`);
    checkTensor(name, tensor, dtype, shape);
    if (shape[0] !== 'batch') continue;
    const size = tensor.shape[0] ?? 0;
    if (size < 1) misuse(`"${name}" is an empty batch`);
    if (batch !== undefined && size !== batch)
      misuse(`"${name}" has a batch of ${size}, another input one of ${batch}`);
    batch = size;
  }
  return batch ?? 1;
}

/** The function of a program by name. */
export function functionOf<T>(functions: ReadonlyMap<string, T>, name: string): T {
  return functions.get(name) ?? misuse(`the program has no function "${name}"`);
}

/** The declaration of a variable by name. */
export function variableOf({ variables }: Program, name: string): VariableSpec {
  return variables.find((variable) => variable.name === name) ?? misuse(`the program has no variable "${name}"`);
}

export function checkVariable({ name, dtype, shape }: VariableSpec, tensor: HostTensor): void {
  checkTensor(name, tensor, dtype, shape);
}
