import type { Result } from '../../shared/diagnostics/diagnostic';
import { engineIds, type EngineId } from '../../shared/schema/engines';
import type { Engine } from './engine';
import { chooseFrom } from './ladder';
import type { EngineChoice } from './ladder';
import { createOnnxruntimeEngine } from './onnxruntime';
import { createTensorflowEngine } from './tensorflow';
import { createTfjsEngine } from './tfjs';

export { fasterWithinReach } from './ladder';
export type { EngineChoice } from './ladder';

const makers: { readonly [Id in EngineId]: () => Engine } = {
  tensorflow: () => createTensorflowEngine(),
  onnxruntime: () => createOnnxruntimeEngine(),
  tfjs: () => createTfjsEngine(),
};

/** Every engine, the fastest first. A new engine is its entry in shared/schema/engines.ts, one folder, and one line above. */
export const engines: readonly Engine[] = engineIds.map((id) => makers[id]());

/** The engine for a run: the best that can run here, or exactly the one asked for. */
export function chooseEngine(preference: EngineId | 'auto'): Promise<Result<EngineChoice>> {
  return chooseFrom(engines, preference);
}
