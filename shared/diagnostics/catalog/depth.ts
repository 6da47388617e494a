import { formatCount, text } from '../../text';
import type { Diagnostic } from '../diagnostic';
import type { AxisName } from './layers';

/** Channels that do not make whole blocks of positions. */
export function channelsOfBlock(nodeId: string, blockSize: number, channels: number): Diagnostic {
  const places = blockSize * blockSize;
  return {
    code: 'layers/block-channels',
    severity: 'error',
    at: { nodeId, param: 'blockSize' },
    summary: text(
      `“${nodeId}” lays ${formatCount(channels)} channels out in blocks of ${blockSize}×${blockSize}, which is no whole number of blocks.`,
      `“${nodeId}”要把 ${formatCount(channels)} 个通道铺成 ${blockSize}×${blockSize} 的块，块数不是整数。`,
    ),
    why: text(
      `${channels} / ${blockSize}² = ${formatCount(channels / places)}: each block takes ${places} channels.`,
      `${channels} / ${blockSize}² = ${formatCount(channels / places)}：每个块需要 ${places} 个通道。`,
    ),
    fixes: [],
  };
}

/** A side that does not divide into blocks. */
export function sidesOfBlock(nodeId: string, axis: AxisName, blockSize: number, length: number): Diagnostic {
  const zh = axis === 'height' ? '高' : '宽';
  const divisors = Array.from({ length: Math.min(blockSize, length) }, (_, at) => Math.min(blockSize, length) - at);
  const nearest = divisors.find((divisor) => length % divisor === 0) ?? 1;
  return {
    code: 'layers/block-sides',
    severity: 'error',
    at: { nodeId, param: 'blockSize' },
    summary: text(
      `“${nodeId}” cuts a ${axis} of ${formatCount(length)} into blocks of ${blockSize}, and some is left over.`,
      `“${nodeId}”要把${zh} ${formatCount(length)} 切成大小为 ${blockSize} 的块，会有剩余。`,
    ),
    why: text(
      `${length} / ${blockSize} = ${formatCount(length / blockSize)}: the ${axis} is a multiple of the block.`,
      `${length} / ${blockSize} = ${formatCount(length / blockSize)}：${zh}必须是块大小的整数倍。`,
    ),
    fixes: [
      {
        title: text(`Set blockSize to ${nearest}`, `将 blockSize 设为 ${nearest}`),
        edits: [{ type: 'setParams', id: nodeId, params: { blockSize: nearest } }],
      },
    ],
  };
}
