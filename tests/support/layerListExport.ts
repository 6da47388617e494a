import type { NetworkAnalysis } from '../../shared/analysis/types';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import { lineText } from '../../shared/exports/names';
import { formatCount, formatShape } from '../../shared/text';

/**
 * An export target that Convloom does not come with: a list of layers with shapes and parameters, one a line. It names no kind, so it
 * takes every kind that there will be.
 */
export function printLayerList(analysis: NetworkAnalysis): Result<string> {
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return failure(...errors);
  const lines = analysis.order.flatMap((id) => {
    const node = analysis.nodes.get(id);
    if (node === undefined) return [];
    // An id is free text: without this, a line feed in it would begin a line of its own.
    return [`${lineText(id)}: ${formatShape(node.outputShape ?? [])}, ${formatCount(node.paramCount ?? 0)} parameters`];
  });
  return success(`${lines.join('\n')}\n`);
}
