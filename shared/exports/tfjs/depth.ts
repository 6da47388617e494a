import type { Json } from '../../schema/document';
import { text } from '../../text';
import type { PrintContext, Printer } from './emit';

/** All sizes of a map, which a reshape there must be told. */
function sizesOf(context: PrintContext): readonly [number, number, number] {
  const [height = null, width = null, channels = null] = context.shapes[0] ?? [];
  if (height === null || width === null || channels === null) {
    return context.refuse(text('the size of its map is open.', '其特征图大小未定。'));
  }
  return [height, width, channels];
}

/** Channels that lie as `[outer, inner]`, as `[inner, outer]`. */
function turnChannels(
  { emit }: PrintContext,
  x: string,
  sizes: readonly [number, number, number],
  outer: number,
  last?: true,
): string {
  const [height, width, channels] = sizes;
  const target_shape = [height * width, outer, channels / outer];
  const apart = emit('Reshape', { target_shape }, [x], { suffix: 'apart' });
  const turned = emit('Permute', { dims: [1, 3, 2] }, [apart], { suffix: 'turned' });
  return emit('Reshape', { target_shape: [...sizes] }, [turned], last ? {} : { suffix: 'ordered' });
}

/** Lays values out in three axes, and turns the first two of them round: as often as needed. */
function turnedRound({ emit }: PrintContext, x: string, ...steps: readonly (readonly [string, Json])[]): string {
  return steps.reduce((value, [suffix, target_shape]) => {
    const laid = emit('Reshape', { target_shape }, [value], { suffix: `${suffix}_laid` });
    return emit('Permute', { dims: [2, 1, 3] }, [laid], { suffix });
  }, x);
}

/** Rows of blocks and columns change places in two turns of three axes, which other readers have as layers, too. */
export const printDepthToSpace: Printer = (context) => {
  const { params, emit, output } = context;
  const [block, sizes] = [Number(params['blockSize']), sizesOf(context)];
  const [height, width, depth] = sizes;
  const channels = depth / (block * block);
  const given = context.inputs[0] ?? '';
  const x = params['order'] === 'DCR' ? given : turnChannels(context, given, sizes, channels);
  const row = block * channels;
  const turned = turnedRound(
    context,
    x,
    ['rows', [height * width, block, row]],
    ['blocks', [block, height, width * row]],
  );
  return emit('Reshape', { target_shape: output.map((size) => size ?? -1) }, [turned]);
};

export const printSpaceToDepth: Printer = (context) => {
  const { params, emit } = context;
  const block = Number(params['blockSize']);
  const [height, width, channels] = sizesOf(context);
  const [rows, columns] = [height / block, width / block];
  const row = block * channels;
  const turned = turnedRound(
    context,
    context.inputs[0] ?? '',
    ['blocks', [rows, block, columns * row]],
    ['rows', [block, rows * columns, row]],
  );
  const sizes = [rows, columns, block * row] as const;
  if (params['order'] === 'DCR') return emit('Reshape', { target_shape: [...sizes] }, [turned]);
  const deep = emit('Reshape', { target_shape: [...sizes] }, [turned], { suffix: 'deep' });
  return turnChannels(context, deep, sizes, block * block, true);
};
