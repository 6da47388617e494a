import { describe, expect, it } from 'vitest';
import { nodeLines } from '../../../../renderer/code/nodeLines';

describe('lines of code that speak of a node', () => {
  const code = ["const c1 = conv({ name: 'c1' });", 'const c10 = pool(c1);', "const f = fc({ name: 'f-1' });"].join(
    '\n',
  );

  it('are those with its id as a whole word', () => {
    expect(nodeLines(code, ['c1'])).toEqual([1]);
    expect(nodeLines(code, ['c10'])).toEqual([2]);
    expect(nodeLines(code, ['f-1'])).toEqual([3]);
    expect(nodeLines(code, [])).toEqual([]);
  });

  it('are those that only take its value where none names it', () => {
    expect(nodeLines('layer(x1)\nlayer(x2)', ['x1'])).toEqual([1]);
  });

  it('are none where an id is a common word', () => {
    expect(nodeLines(Array.from({ length: 40 }, () => 'const x = 1;').join('\n'), ['const'])).toEqual([]);
  });
});
