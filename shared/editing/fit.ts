import { noSuchPort } from '../diagnostics/catalog/graph';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import type { Shape } from '../layers/define';
import { paramsOfChoice, type LayerChoice } from '../layers/names';
import { readParams } from '../layers/params';
import { isInput } from '../layers/traits';

/** The shape that a new layer would give behind one of this shape, or why it cannot stand there; null where that shape is unknown. */
export function shapeBehind(choice: LayerChoice, shape: Shape | null): Result<Shape | null> {
  const { definition } = choice;
  if (isInput(definition)) return failure(noSuchPort(definition.kind, 0, definition.label, 0));
  if (shape === null) return success(null);
  const params = readParams(definition, paramsOfChoice(choice), definition.kind);
  return params.ok ? definition.inferShape({ nodeId: definition.kind, params: params.value, inputs: [shape] }) : params;
}
