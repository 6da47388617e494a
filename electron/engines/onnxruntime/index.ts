import { engineUnavailable } from '../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../../shared/text';
import type { Engine, EngineSession, EngineStatus } from '../engine';
import { compileProgram } from './compile';
import { chooseDevice } from './device';
import type { Device } from './device';
import { engineName, probeLibrary } from './library';
import type { Provider } from './onnxGraph';

/** The way around what fails on a card: a network may want more of it than the one that was checked. */
const advice = text(
  'This was on WebGPU; with CONVLOOM_ONNXRUNTIME=cpu ONNX Runtime keeps to the CPU.',
  '这是在 WebGPU 上；设置 CONVLOOM_ONNXRUNTIME=cpu 可让 ONNX Runtime 只用 CPU。',
);

function refusedOnCard(diagnostic: Diagnostic): Diagnostic {
  const { en, zh } = diagnostic.why ?? text('', '');
  return { ...diagnostic, why: text(`${en} ${advice.en}`.trim(), `${zh} ${advice.zh}`.trim()) };
}

function withAdvice(session: EngineSession): EngineSession {
  const advise = (error: unknown): never => {
    throw new Error(`${errorText(error)} ${advice.en}`, { cause: error });
  };
  return {
    write: (variables) => session.write(variables).catch(advise),
    read: (names) => session.read(names).catch(advise),
    run: (functionName, inputs) => session.run(functionName, inputs).catch(advise),
    dispose: () => session.dispose(),
  };
}

type OnnxruntimeEngineOptions = {
  /** Runs on this and asks nobody whether it should. For tests; absent, {@link chooseDevice} decides. */
  readonly provider?: Provider;
};

/**
 * The engine that needs npm alone: each function of a program is one ONNX graph, run by onnxruntime-node on the CPU, or on a
 * graphics card through WebGPU where that has been seen to train correctly and faster.
 */
export function createOnnxruntimeEngine({ provider }: OnnxruntimeEngineOptions = {}): Engine {
  const device = async (): Promise<Device> =>
    provider === undefined ? await chooseDevice() : { provider, name: provider, passedOver: null };
  return {
    id: 'onnxruntime',
    reducedTypes: [],
    async probe(): Promise<EngineStatus> {
      const library = await probeLibrary(process.platform, process.arch);
      if (!library.available) return library;
      const { name, passedOver } = await device();
      return { ...library, device: name, ...(passedOver === null ? {} : { passedOver }) };
    },
    async compile(program) {
      const library = await probeLibrary(process.platform, process.arch);
      if (!library.available) return failure(engineUnavailable(engineName, library.why, library.mend));
      const { provider: chosen } = await device();
      const compiled = await compileProgram(program, chosen);
      if (chosen === 'cpu') return compiled;
      return compiled.ok ? success(withAdvice(compiled.value)) : failure(...compiled.diagnostics.map(refusedOnCard));
    },
  };
}
