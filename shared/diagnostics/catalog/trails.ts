import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** `layers/window-too-large` with the lengths that led to it. */
export function windowTrail(diagnostic: Diagnostic, trail: string, related: readonly string[]): Diagnostic {
  const why = diagnostic.why ?? text('', '');
  return {
    ...diagnostic,
    why: text(`From the input down it is ${trail}; here ${why.en}`, `从输入往下依次是 ${trail}；这里 ${why.zh}`),
    related,
  };
}

/** A merge's mismatch with the lengths of every branch, and the node that rounded a row away where there is one. */
export function branchTrails(
  diagnostic: Diagnostic,
  trails: readonly string[],
  rounded: { readonly nodeId: string; readonly length: number } | null,
  related: readonly string[],
): Diagnostic {
  const why = diagnostic.why ?? text('', '');
  const list = { en: trails.join(', against '), zh: trails.join('，另一支是 ') };
  const cause =
    rounded === null
      ? text('', '')
      : text(
          ` ${rounded.length} does not divide evenly at “${rounded.nodeId}”, which drops the rest, and the way back up cannot know.`,
          ` ${rounded.length} 在“${rounded.nodeId}”处不能整除，余下的被舍去，上采样时无从恢复。`,
        );
  return {
    ...diagnostic,
    why: text(
      `The branches run ${list.en}.${cause.en} ${why.en}`,
      `各支路的大小依次是 ${list.zh}。${cause.zh} ${why.zh}`,
    ),
    related,
  };
}
