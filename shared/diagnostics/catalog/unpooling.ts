import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

type Windows = {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
};

/** What an unpooling takes back is no max pool. */
export function unpoolWithoutPool(nodeId: string): Diagnostic {
  return {
    code: 'layers/unpool-without-pool',
    severity: 'error',
    at: { nodeId, port: 1 },
    summary: text(`The second input of “${nodeId}” is not a max pool.`, `“${nodeId}”的第二个输入不是最大池化。`),
    why: text(
      'It puts values back to where the largest of each window was, and only a max pool without gaps in its windows knows. Wire the pool itself to it, not a layer behind it.',
      '它把数值放回每个窗口最大值原来的位置，而只有窗口无空洞的最大池化才知道这些位置。请直接连接该池化，而不是它后面的层。',
    ),
    fixes: [],
  };
}

/** Its windows are not the pool's, or overlap. */
export function unpoolWindows(nodeId: string, own: Windows, pool: Windows): Diagnostic {
  const shown = ({ size, strides }: Windows): string => `${size.join('×')} / ${strides.join('×')}`;
  const overlaps = pool.strides.some((step, axis) => step < (pool.size[axis] ?? 0));
  return {
    code: 'layers/unpool-windows',
    severity: 'error',
    at: { nodeId, param: 'poolSize' },
    summary: overlaps
      ? text(
          `“${nodeId}” cannot take back windows that overlap: ${shown(pool)}.`,
          `“${nodeId}”无法倒回相互重叠的窗口：${shown(pool)}。`,
        )
      : text(
          `“${nodeId}” has windows of ${shown(own)}, and its pool of ${shown(pool)}.`,
          `“${nodeId}”的窗口是 ${shown(own)}，而它的池化是 ${shown(pool)}。`,
        ),
    why: overlaps
      ? text(
          'One place may be the largest of two windows, and would get two values. The strides must be as large as the window.',
          '同一位置可能是两个窗口的最大值，会得到两个数值。步长不能小于窗口。',
        )
      : text('It takes that very pool back.', '它要倒回的正是那个池化。'),
    fixes: overlaps
      ? []
      : [
          {
            title: text(`Take the windows of the pool, ${shown(pool)}`, `采用池化的窗口 ${shown(pool)}`),
            edits: [
              { type: 'setParams', id: nodeId, params: { poolSize: [...pool.size], strides: [...pool.strides] } },
            ],
            paramsDelta: 0,
          },
        ],
  };
}

/** Its map is not as large as what the pool gave. */
export function unpoolWrongSize(nodeId: string, map: string, pooled: string): Diagnostic {
  return {
    code: 'layers/unpool-size',
    severity: 'error',
    at: { nodeId, port: 0 },
    summary: text(
      `“${nodeId}” takes ${map}, and its pool gave ${pooled}.`,
      `“${nodeId}”输入为 ${map}，而它的池化给出 ${pooled}。`,
    ),
    why: text(
      'Each value goes to the place that one window of the pool kept, so there must be as many, channels included.',
      '每个数值放回池化中一个窗口所取的位置，所以大小和通道数都必须相同。',
    ),
    fixes: [],
  };
}
