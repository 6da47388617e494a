import { z } from 'zod';
import { text, type Text } from '../text';

/**
 * The engines, the fastest first: what 'auto' tries in turn, and the order in every list. A new engine is one entry here, its folder in
 * electron/engines, and its line in the table there, which does not compile without it.
 */
export const engineTable = [
  {
    id: 'tensorflow',
    label: 'TensorFlow',
    doc: text(
      'The whole step as one TensorFlow graph, also on CUDA cards. Set up with `convloom setup tensorflow`.',
      '整个训练步为一个 TensorFlow 图，也可用于 CUDA 显卡。用 `convloom setup tensorflow` 安装。',
    ),
  },
  {
    id: 'onnxruntime',
    label: 'ONNX Runtime',
    doc: text(
      'The whole step as one ONNX graph. Comes with Convloom and needs no set-up.',
      '整个训练步为一个 ONNX 图。随 Convloom 提供，无需安装。',
    ),
  },
  {
    id: 'tfjs',
    label: 'TensorFlow.js',
    doc: text(
      'Op by op with TensorFlow.js: the reference, and the last resort.',
      '用 TensorFlow.js 逐算子运行：参考，也是后备。',
    ),
  },
] as const satisfies readonly { readonly id: string; readonly label: string; readonly doc: Text }[];

/** What computes a run. */
export type EngineId = (typeof engineTable)[number]['id'];

/** The engines' ids, the fastest first. */
export const engineIds: readonly EngineId[] = engineTable.map(({ id }) => id);

/** An engine that is asked for: 'auto' takes the fastest that can run. */
export type EngineChoiceId = EngineId | 'auto';

/** What may be asked for, in the order in which it is offered. */
export const engineChoices = ['auto', ...engineTable.map(({ id }) => id)] as const;

/** What may be asked for, as a schema. */
export const engineChoiceSchema: z.ZodType<EngineChoiceId> = z.enum(engineChoices);

/** Whether a word is an engine's id. */
export function isEngineId(word: string): word is EngineId {
  return engineTable.some(({ id }) => id === word);
}

/** What people call an engine. */
export function engineLabel(id: EngineId): string {
  return engineTable.find((engine) => engine.id === id)?.label ?? id;
}
