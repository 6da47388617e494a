import { engineLacks, engineRefused, engineUnavailable } from '../../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../../shared/diagnostics/diagnostic';
import type { Program } from '../../../../shared/ops/graph';
import { errorText } from '../../../../shared/text';
import type { Engine, EngineSession } from '../engine';
import { loadLibrary, probeLibrary } from './library';
import { lowerFunction } from './lower';
import type { LoweredFunction } from './lower';
import type { Provider } from './onnxGraph';
import { OnnxRuntimeSession } from './session';
import { planStorage } from './storage';

const engineName = 'ONNX Runtime';

/** The engine that needs npm alone: each function of a program is one ONNX graph, run by onnxruntime-node on the CPU. */
export function createOnnxruntimeEngine(): Engine {
  return {
    id: 'onnxruntime',
    probe: () => probeLibrary(process.platform, process.arch),
    compile: (program) => compileProgram(program, 'cpu'),
  };
}

async function compileProgram(program: Program, provider: Provider): Promise<Result<EngineSession>> {
  const status = await probeLibrary(process.platform, process.arch);
  if (!status.available) return failure(engineUnavailable(engineName, status.why, status.mend));
  const library = await loadLibrary();
  const storage = planStorage(program);
  const functions = new Map<string, LoweredFunction>();
  for (const [name, definition] of Object.entries(program.functions)) {
    const lacking = whatIsLacking(program, name);
    if (lacking !== null) return failure(engineLacks(engineName, lacking));
    functions.set(name, lowerFunction(definition, storage, provider));
  }
  const session = new OnnxRuntimeSession(library, program, functions, storage, provider);
  for (const name of functions.keys()) {
    try {
      await session.prepare(name);
    } catch (error) {
      return failure(engineRefused(engineName, name, errorText(error)));
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
