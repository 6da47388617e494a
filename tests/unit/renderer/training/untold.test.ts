import { expect, it } from 'vitest';
import { firstUntold } from '../../../../renderer/training/untold';
import type { Diagnostic } from '../../../../shared/diagnostics/diagnostic';
import { text } from '../../../../shared/text';

const finding = (code: string, nodeId: string): Diagnostic => ({
  code,
  severity: 'warning',
  at: { nodeId },
  summary: text(code, code),
  fixes: [],
});

it('shows once what a network and its run both say of a node, and what is said of another all the same', () => {
  const [a, b, c] = [finding('train/x', 'f1'), finding('train/x', 'f2'), finding('train/y', 'f1')];
  expect(firstUntold([a, b, c], [])).toBe(a);
  expect(firstUntold([a, b, c], [a])).toBe(b);
  expect(firstUntold([a, c], [a, b])).toBe(c);
  expect(firstUntold([a], [a])).toBeUndefined();
});
