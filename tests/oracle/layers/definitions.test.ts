import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/schema/document';
import { expectClose } from '../../support/describeEngine';
import { runLayer } from '../../support/loweredLayer';
import { at, generate, type Tensor64 } from '../../support/tensor64';

type Params = { readonly [name: string]: Json };
type Pair = readonly [number, number];

/** Where tfjs has no such layer: the definition in nested loops, over `[batch, height, width, channels]`. */
function upconvByHand(
  x: Tensor64,
  kernel: Tensor64,
  sizes: { readonly strides: Pair; readonly dilation: Pair; readonly cut: Pair; readonly length: Pair },
): Tensor64 {
  const [batch = 0, height = 0, width = 0, inputs = 0] = x.shape;
  const [rows = 0, columns = 0, outputs = 0] = kernel.shape;
  const { strides, dilation, cut, length } = sizes;
  const result = generate([batch, ...length, outputs], () => 0);
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < columns; b++) {
            // Every value stamps its window a stride apart; padding cuts the edge off.
            const [row, column] = [
              i * strides[0] + a * dilation[0] - cut[0],
              j * strides[1] + b * dilation[1] - cut[1],
            ];
            if (row < 0 || column < 0 || row >= length[0] || column >= length[1]) continue;
            for (let o = 0; o < outputs; o++)
              for (let c = 0; c < inputs; c++)
                result.data[((n * length[0] + row) * length[1] + column) * outputs + o]! +=
                  at(x, [n, i, j, c]) * at(kernel, [a, b, o, c]);
          }
  return result;
}

describe('upconv is the stamp of every value, a stride apart', () => {
  it.each<readonly [string, Params, Pair, Pair]>([
    ['no padding, stride beyond the kernel', { kernelSize: 2, strides: 3 }, [0, 0], [11, 14]],
    ['padding 1', { kernelSize: 3, padding: 1 }, [1, 1], [7, 9]],
    ['asymmetric padding', { kernelSize: 4, padding: [0, 2, 1, 1] }, [0, 1], [8, 10]],
    ['outputPadding inside the padding', { kernelSize: 3, padding: 1, outputPadding: 1 }, [1, 1], [8, 10]],
    ['outputPadding beyond the padding', { kernelSize: 3, outputPadding: [1, 0] }, [0, 0], [10, 11]],
    ['dilation', { kernelSize: 3, strides: 1, dilationRate: 2 }, [0, 0], [8, 9]],
    [
      'dilation above the stride, outputPadding 2',
      { kernelSize: 2, strides: 2, dilationRate: 3, outputPadding: 2 },
      [0, 0],
      [12, 14],
    ],
    ["'same', kernel shorter than its stride", { kernelSize: 1, strides: 3, padding: 'same' }, [0, 0], [12, 15]],
    ["'same', odd rest at the bottom and right", { kernelSize: 5, strides: 2, padding: 'same' }, [1, 1], [8, 10]],
  ])('%s', (_, params, cut, length) => {
    const run = runLayer('upconv', { filters: 3, useBias: false, ...params }, [[4, 5, 2]]);
    const pair = (value: Json | undefined, otherwise: number): Pair =>
      typeof value === 'number' ? [value, value] : [otherwise, otherwise];
    const expected = upconvByHand(run.inputs[0]!, run.weights['kernel']!, {
      strides: pair(params['strides'], 2),
      dilation: pair(params['dilationRate'], 1),
      cut,
      length,
    });
    expectClose(run.output, expected, 1e-9);
  });
});

type Windows = {
  readonly size: Pair;
  readonly strides: Pair;
  readonly pad: Pair;
  readonly length: Pair;
  readonly dilation?: Pair;
};

/** Every window by itself; what lies outside the input is not there at all. */
function poolByHand(x: Tensor64, sizes: Windows, keep: (values: readonly number[]) => number): Tensor64 {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const { size, strides, pad, length, dilation = [1, 1] } = sizes;
  return generate([batch, ...length, channels], ([n = 0, i = 0, j = 0, c = 0]) => {
    const values: number[] = [];
    for (let a = 0; a < size[0]; a++)
      for (let b = 0; b < size[1]; b++) {
        const row = i * strides[0] + a * dilation[0] - pad[0];
        const column = j * strides[1] + b * dilation[1] - pad[1];
        if (row >= 0 && column >= 0 && row < height && column < width) values.push(at(x, [n, row, column, c]));
      }
    return keep(values);
  });
}

describe('pool takes the real values of each window', () => {
  const modes: { readonly [mode: string]: (values: readonly number[]) => number } = {
    max: (values) => Math.max(...values),
    avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
    sum: (values) => values.reduce((sum, value) => sum + value, 0),
    l2: (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)),
  };
  const windows: readonly (readonly [string, Params, Windows])[] = [
    [
      'ceil, overhanging',
      { poolSize: 3, strides: 2, rounding: 'ceil' },
      { size: [3, 3], strides: [2, 2], pad: [0, 0], length: [4, 4] },
    ],
    [
      'ceil, padded',
      { poolSize: 3, strides: 2, padding: 1, rounding: 'ceil' },
      { size: [3, 3], strides: [2, 2], pad: [1, 1], length: [5, 5] },
    ],
    [
      'asymmetric padding',
      { poolSize: 2, strides: 1, padding: [1, 0, 0, 1] },
      { size: [2, 2], strides: [1, 1], pad: [1, 0], length: [8, 9] },
    ],
    [
      'dilated',
      { poolSize: [3, 2], strides: [1, 2], dilationRate: [2, 3], padding: [1, 0, 0, 2] },
      { size: [3, 2], strides: [1, 2], pad: [1, 0], length: [5, 4], dilation: [2, 3] },
    ],
    [
      'dilated, ceil',
      { poolSize: 2, strides: 3, dilationRate: 2, rounding: 'ceil' },
      { size: [2, 2], strides: [3, 3], pad: [0, 0], length: [3, 3], dilation: [2, 2] },
    ],
    [
      'rectangular, same',
      { poolSize: [2, 3], strides: [3, 2], padding: 'same' },
      { size: [2, 3], strides: [3, 2], pad: [0, 1], length: [3, 5] },
    ],
  ];
  it.each(
    windows.flatMap(([title, params, sizes]) =>
      Object.keys(modes).map((mode) => [mode, title, params, sizes] as const),
    ),
  )('%s, %s', (mode, _, params, sizes) => {
    const run = runLayer('pool', { mode, ...params }, [[8, 9, 2]]);
    expectClose(run.output, poolByHand(run.inputs[0]!, sizes, modes[mode]!), 1e-6);
  });
});

describe('pool with an output size takes the windows of PyTorch', () => {
  it.each<readonly [mode: string, height: number, width: number, count: Pair]>([
    ['avg', 7, 10, [3, 4]],
    ['max', 7, 10, [3, 4]],
    ['avg', 2, 3, [5, 3]],
    ['max', 6, 8, [3, 2]],
    ['avg', 6, 8, [3, 2]],
  ])('%s of %d×%d', (mode, height, width, count) => {
    const run = runLayer('pool', { mode, outputSize: [...count] }, [[height, width, 2]]);
    const x = run.inputs[0]!;
    const windowOf = (at: number, length: number, windows: number): number[] => {
      const [from, to] = [Math.floor((at * length) / windows), Math.ceil(((at + 1) * length) / windows)];
      return Array.from({ length: to - from }, (_, step) => from + step);
    };
    const expected = generate([x.shape[0]!, ...count, 2], ([n = 0, i = 0, j = 0, c = 0]) => {
      const columns = windowOf(j, width, count[1]);
      const values = windowOf(i, height, count[0]).flatMap((row) =>
        columns.map((column) => at(x, [n, row, column, c])),
      );
      return mode === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    expectClose(run.output, expected, 1e-6);
  });
});

describe('norms that no other framework here has', () => {
  const x3 = [[3, 5, 4]] as const;
  it('rmsnorm divides by the root of the mean of the squares of the channels', () => {
    const { inputs, weights, output } = runLayer('rmsnorm', { epsilon: 0.01 }, x3);
    const x = inputs[0]!;
    const expected = generate(x.shape, ([n = 0, i = 0, j = 0, c = 0]) => {
      const squares = [0, 1, 2, 3].map((channel) => at(x, [n, i, j, channel]) ** 2);
      const meanSquare = squares.reduce((sum, one) => sum + one, 0) / 4;
      return (at(x, [n, i, j, c]) / Math.sqrt(meanSquare + 0.01)) * weights['gamma']!.data[c]!;
    });
    expectClose(output, expected, 1e-9);
  });
  it('grn strengthens a channel by its norm over the map against the mean of those of all channels', () => {
    const { inputs, weights, output } = runLayer('grn', { epsilon: 0.01 }, x3);
    const x = inputs[0]!;
    const [gamma, beta] = [weights['gamma']!.data, weights['beta']!.data];
    const expected = generate(x.shape, ([n = 0, i = 0, j = 0, c = 0]) => {
      const norms = [0, 1, 2, 3].map((channel) => {
        let sum = 0;
        for (let row = 0; row < 3; row++)
          for (let column = 0; column < 5; column++) sum += at(x, [n, row, column, channel]) ** 2;
        return Math.sqrt(sum);
      });
      const share = norms[c]! / (norms.reduce((sum, one) => sum + one, 0) / 4 + 0.01);
      const value = at(x, [n, i, j, c]);
      return value + gamma[c]! * value * share + beta[c]!;
    });
    expectClose(output, expected, 1e-9);
  });
});

describe('depthToSpace and spaceToDepth put every value where the frameworks do', () => {
  const block = 2;
  /** The channel in which a place of a block lies: TensorFlow's order, and PyTorch's. */
  const depthOf = (order: string, row: number, column: number, channel: number, channels: number): number => {
    const place = row * block + column;
    return order === 'DCR' ? place * channels + channel : channel * block * block + place;
  };
  it.each(['DCR', 'CRD'])('%s', (order) => {
    const laid = runLayer('depthToSpace', { blockSize: block, order }, [[2, 3, 12]]);
    const deep = laid.inputs[0]!;
    const whole = generate([deep.shape[0]!, 4, 6, 3], ([n = 0, i = 0, j = 0, c = 0]) =>
      at(deep, [n, i >> 1, j >> 1, depthOf(order, i % block, j % block, c, 3)]),
    );
    expectClose(laid.output, whole, 1e-9);
    const stacked = runLayer('spaceToDepth', { blockSize: block, order }, [[4, 6, 3]]);
    const x = stacked.inputs[0]!;
    const expected = generate([x.shape[0]!, 2, 3, 12], () => 0);
    for (let n = 0; n < x.shape[0]!; n++)
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 6; j++)
          for (let c = 0; c < 3; c++) {
            const depth = depthOf(order, i % block, j % block, c, 3);
            expected.data[((n * 2 + (i >> 1)) * 3 + (j >> 1)) * 12 + depth] = at(x, [n, i, j, c]);
          }
    expectClose(stacked.output, expected, 1e-9);
  });
});

describe('pool counts padding in a mean where it is told to', () => {
  it.each<readonly [string, Params, readonly number[]]>([
    // Of a map of ones: how many of the values of a window are real, over how many of it lie inside the padding.
    ['floor', { poolSize: 3, strides: 2, padding: 1 }, [4 / 9, 6 / 9, 6 / 9, 6 / 9, 1, 1]],
    // PyTorch: what hangs over the padded map counts on neither side.
    ['ceil', { poolSize: 3, strides: 2, padding: [1, 0, 1, 0], rounding: 'ceil' }, [4 / 9, 6 / 9, 4 / 6, 6 / 9, 1, 1]],
  ])('%s', (_, params, expected) => {
    const run = runLayer('pool', { mode: 'avg', countIncludePad: true, ...params }, [[4, 6, 1]]);
    const ones = runLayer('pool', { mode: 'avg', ...params }, [[4, 6, 1]]);
    const shares = run.output.data.map((value, index) => value / ones.output.data[index]!);
    expect(run.output.shape).toEqual([3, 2, 3, 1]);
    expected.forEach((share, index) => expect(shares[index]).toBeCloseTo(share, 9));
  });
});

describe('upconv in groups is one up-conv for each, side by side', () => {
  it('with two', () => {
    const run = runLayer('upconv', { filters: 6, kernelSize: 3, groups: 2, useBias: false }, [[4, 5, 4]]);
    const kernel = run.weights['kernel']!;
    expect(kernel.shape).toEqual([3, 3, 3, 4]);
    const sizes = { strides: [2, 2], dilation: [1, 1], cut: [0, 0], length: [9, 11] } as const;
    const parts = [0, 1].map((group) =>
      upconvByHand(
        generate([3, 4, 5, 2], ([n = 0, i = 0, j = 0, c = 0]) => at(run.inputs[0]!, [n, i, j, 2 * group + c])),
        generate([3, 3, 3, 2], ([a = 0, b = 0, o = 0, c = 0]) => at(kernel, [a, b, o, 2 * group + c])),
        sizes,
      ),
    );
    const expected = generate([3, 9, 11, 6], ([n = 0, i = 0, j = 0, o = 0]) =>
      at(parts[Math.floor(o / 3)]!, [n, i, j, o % 3]),
    );
    expectClose(run.output, expected, 1e-9);
  });
});

describe('conv sums its window over its own group of channels', () => {
  it.each<readonly [string, Params, Pair, Pair, Pair]>([
    ['three groups, dilation 2', { groups: 3, dilationRate: 2 }, [1, 1], [0, 0], [5, 6]],
    [
      'two groups, stride 2, asymmetric padding',
      { groups: 2, strides: 2, padding: [2, 0, 1, 3] },
      [2, 2],
      [2, 1],
      [5, 6],
    ],
    [
      "stride and dilation with 'same'",
      { groups: 1, strides: 2, dilationRate: 2, padding: 'same' },
      [2, 2],
      [2, 1],
      [5, 5],
    ],
  ])('%s', (_, params, strides, pad, length) => {
    const run = runLayer('conv', { filters: 6, kernelSize: 3, ...params }, [[9, 10, 6]]);
    const [x, kernel, bias] = [run.inputs[0]!, run.weights['kernel']!, run.weights['bias']!];
    const groups = Number(params['groups']);
    const dilation = typeof params['dilationRate'] === 'number' ? params['dilationRate'] : 1;
    const expected = generate([3, ...length, 6], ([n = 0, i = 0, j = 0, o = 0]) => {
      let sum = at(bias, [o]);
      const group = Math.floor((o * groups) / 6);
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3; b++)
          for (let c = 0; c < 6 / groups; c++) {
            const [row, column] = [i * strides[0] + a * dilation - pad[0], j * strides[1] + b * dilation - pad[1]];
            if (row < 0 || column < 0 || row >= 9 || column >= 10) continue;
            sum += at(x, [n, row, column, (group * 6) / groups + c]) * at(kernel, [a, b, c, o]);
          }
      return sum;
    });
    expect(run.output.shape).toEqual(expected.shape);
    expectClose(run.output, expected, 1e-9);
  });
});

describe('crop to a second map', () => {
  it.each<readonly [string, Params, Pair]>([
    ['from the centre, the odd row cut off below', {}, [2, 1]],
    ['from a corner', { offset: 0 }, [0, 0]],
    ['from a given row and column', { offset: [3, 1] }, [3, 1]],
  ])('%s', (_, params, [top, left]) => {
    const run = runLayer('crop', params, [
      [9, 8, 2],
      [4, 5, 3],
    ]);
    const expected = generate([3, 4, 5, 2], ([n = 0, i = 0, j = 0, c = 0]) =>
      at(run.inputs[0]!, [n, i + top, j + left, c]),
    );
    expectClose(run.output, expected, 1e-12);
  });
});
