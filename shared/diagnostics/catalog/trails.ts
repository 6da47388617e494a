import { text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** `layers/window-too-large` with the lengths that led to it. */
export function windowTrail(
  diagnostic: Diagnostic,
  trail: string | null,
  cause: Text | null,
  related: readonly string[],
): Diagnostic {
  const why = diagnostic.why ?? text('', '');
  const first = cause === null ? text('', '') : text(`${cause.en} `, cause.zh);
  const told =
    trail === null
      ? why
      : text(`From the input down it is ${trail}; here ${why.en}`, `从输入往下依次是 ${trail}；这里 ${why.zh}`);
  return { ...diagnostic, why: text(`${first.en}${told.en}`, `${first.zh}${told.zh}`), related };
}

/** A merge's mismatch with the lengths of every branch, and the node that rounded a row away where there is one. */
export function branchTrails(
  diagnostic: Diagnostic,
  trails: readonly string[],
  rounded: { readonly nodeId: string; readonly length: number } | null,
  ambiguous: {
    readonly nodeId: string;
    readonly stride: number;
    readonly lengths: readonly [number, number, number];
  } | null,
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
  const choice =
    ambiguous === null
      ? text('', '')
      : text(
          ` Stride ${ambiguous.stride} maps ${ambiguous.lengths[0]} and ${ambiguous.lengths[1]} both to ${ambiguous.lengths[2]}, so the way back through “${ambiguous.nodeId}” is ambiguous; outputPadding picks.`,
          ` 步长 ${ambiguous.stride} 把 ${ambiguous.lengths[0]} 和 ${ambiguous.lengths[1]} 都变成 ${ambiguous.lengths[2]}，因此经“${ambiguous.nodeId}”还原时有歧义，由 outputPadding 决定。`,
        );
  return {
    ...diagnostic,
    why: text(
      `The branches run ${list.en}.${cause.en}${choice.en} ${why.en}`,
      `各支路的大小依次是 ${list.zh}。${cause.zh}${choice.zh} ${why.zh}`,
    ),
    related,
  };
}
