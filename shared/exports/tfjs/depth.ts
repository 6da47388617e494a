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

/** tfjs orders more than three axes as well: rows and columns of blocks change places. */
export const printDepthToSpace: Printer = (context) => {
  const { params, emit, output } = context;
  const [block, sizes] = [Number(params['blockSize']), sizesOf(context)];
  const [height, width, depth] = sizes;
  const channels = depth / (block * block);
  const x =
    params['order'] === 'DCR'
      ? (context.inputs[0] ?? '')
      : turnChannels(context, context.inputs[0] ?? '', sizes, channels);
  const cut = emit('Reshape', { target_shape: [height, width, block, block * channels] }, [x], { suffix: 'cut' });
  const laid = emit('Permute', { dims: [1, 3, 2, 4] }, [cut], { suffix: 'laid' });
  return emit('Reshape', { target_shape: output.map((size) => size ?? -1) }, [laid]);
};

export const printSpaceToDepth: Printer = (context) => {
  const { params, emit } = context;
  const block = Number(params['blockSize']);
  const [height, width, channels] = sizesOf(context);
  const [rows, columns] = [height / block, width / block];
  const target_shape = [rows, block, columns, block * channels];
  const cut = emit('Reshape', { target_shape }, [context.inputs[0] ?? ''], { suffix: 'cut' });
  const laid = emit('Permute', { dims: [1, 3, 2, 4] }, [cut], { suffix: 'laid' });
  const sizes = [rows, columns, block * block * channels] as const;
  if (params['order'] === 'DCR') return emit('Reshape', { target_shape: [...sizes] }, [laid]);
  const deep = emit('Reshape', { target_shape: [...sizes] }, [laid], { suffix: 'deep' });
  return turnChannels(context, deep, sizes, block * block, true);
};
