import { describe, expect, it } from 'vitest';
import { foldProblems, shownAtFirst, shownMore } from '../../../../renderer/problems/foldProblems';
import type { Diagnostic } from '../../../../shared/diagnostics/diagnostic';
import { text } from '../../../../shared/text';

const found = (code: string, nodeId: string): Diagnostic => ({
  code,
  severity: 'warning',
  at: { nodeId },
  summary: text(code, code),
  fixes: [],
});
const many = (code: string, count: number) => Array.from({ length: count }, (_, index) => found(code, `${index}`));

describe('folded findings', () => {
  it('are all there while they are few, and one more takes no line of its own', () => {
    const sorted = many('design/linear-pair', shownAtFirst + 1);
    expect(foldProblems(sorted, new Map())).toEqual([{ shown: sorted, code: 'design/linear-pair', left: 0 }]);
  });

  it('stand by their code at the place of the first, the others counted', () => {
    const linear = many('design/linear-pair', 1000);
    const sorted = [...linear.slice(0, 1), found('design/no-head', 'x'), ...linear.slice(1)];
    const folded = foldProblems(sorted, new Map());
    expect(folded.map(({ code, shown, left }) => [code, shown.length, left])).toEqual([
      ['design/linear-pair', shownAtFirst, 1000 - shownAtFirst],
      ['design/no-head', 1, 0],
    ]);
    expect(folded[0]?.shown).toEqual(linear.slice(0, shownAtFirst));
  });

  it('come as they are asked for, until none is left', () => {
    const sorted = many('design/linear-pair', 150);
    const at = (limit: number) => foldProblems(sorted, new Map([['design/linear-pair', limit]]))[0];
    expect(at(shownAtFirst + shownMore)?.left).toBe(150 - shownAtFirst - shownMore);
    expect(at(shownAtFirst + 2 * shownMore)?.shown).toEqual(sorted);
  });
});
