import { engineLacks, engineRefused } from '../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { Program } from '../../../shared/ops/graph';
import { reducedProduct } from '../../../shared/ops/precision';
import { errorText } from '../../../shared/text';
import type { EngineSession } from '../engine';
import { blockSize } from './blocks';
import { engineName, loadLibrary } from './library';
import { lowerFunction } from './lower';
import type { LoweredFunction } from './lower';
import type { Provider } from './onnxGraph';
import { OnnxRuntimeSession } from './session';
import { planStorage } from './storage';

/** Makes one ONNX graph of each function and has ONNX Runtime accept it, for one of its execution providers. */
export async function compileProgram(program: Program, provider: Provider): Promise<Result<EngineSession>> {
  const reduced = reducedProduct(program);
  if (reduced !== null) return failure(engineLacks(engineName, reduced));
  const library = await loadLibrary();
  const storage = planStorage(program);
  const block = provider === 'cpu' ? await blockSize(library) : null;
  const functions = new Map<string, LoweredFunction>();
  for (const [name, definition] of Object.entries(program.functions)) {
    const lacking = whatIsLacking(program, name);
    if (lacking !== null) return failure(engineLacks(engineName, lacking));
    functions.set(name, lowerFunction(definition, storage, provider, block));
  }
  const session = new OnnxRuntimeSession(library, program, functions, storage, provider);
  for (const name of functions.keys()) {
    try {
      await session.prepare(name);
    } catch (error) {
      return failure(engineRefused(engineName, name, errorText(error).trim()));
    }
  }
  return success(session);
}

/** Ops whose ONNX kernels take float32 only; on other types the op graph's own rules leave few. */
const anyType: ReadonlySet<string> = new Set([
  'input',
  'variable',
  'constant',
  'cast',
  'gather',
  'oneHot',
  'argMax',
  'reshape',
  'transpose',
  'slice',
  'concat',
  'broadcastTo',
  'softmaxCrossEntropy',
  'softmaxCrossEntropyGrad',
]);

/** The first thing that a function uses and this engine does not have, in words. */
function whatIsLacking(program: Program, functionName: string): string | null {
  for (const node of program.functions[functionName]?.nodes ?? []) {
    if (node.dtype !== 'float32' && !anyType.has(node.op)) return `${node.op} on ${node.dtype}`;
    if (node.shape.indexOf('batch') > 0) return `a batch behind the first axis (${node.op})`;
  }
  return null;
}
