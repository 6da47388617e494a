import type { Result } from '../../shared/diagnostics/diagnostic';
import type { EngineId } from '../../shared/schema/training';
import type { Engine } from './engine';
import { chooseFrom } from './ladder';
import type { EngineChoice } from './ladder';
import { createOnnxruntimeEngine } from './onnxruntime';
import { createTensorflowEngine } from './tensorflow';
import { createTfjsEngine } from './tfjs';

export { fasterWithinReach } from './ladder';
export type { EngineChoice } from './ladder';

/** Every engine, the fastest first. A new engine is one folder and one line here. */
export const engines: readonly Engine[] = [createTensorflowEngine(), createOnnxruntimeEngine(), createTfjsEngine()];

/** The engine for a run: the best that can run here, or exactly the one asked for. */
export function chooseEngine(preference: EngineId | 'auto'): Promise<Result<EngineChoice>> {
  return chooseFrom(engines, preference);
}
