import { plainWindow } from '../../layers/adaptive';
import { axisPaddings, paddingAfter, resolvePadding, windowAxes, windowCount } from '../../layers/arithmetic';
import { cropStart } from '../../layers/crop';
import type { Padding } from '../../layers/define';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import type { PrinterTable } from '../printers';
import { printActivation } from './activations';
import { sizeOf, weightsOf, type PrintContext, type PrintedWeight, type Printer } from './emit';
import { printDepthToSpace, printSpaceToDepth } from './depth';
import { channelRun, isZero, padded, printConv, printFc, printUpconv, sidesJson, type Sides } from './kernels';

const last = { data_format: 'channels_last' } as const;

function only({ inputs }: PrintContext): string {
  return inputs[0] ?? '';
}

/** A merge; of one input it is that input. Lists that meet maps become maps of one position. */
function merge(className: string): Printer {
  return (context) => {
    const { shapes, emit } = context;
    const rank = Math.max(...shapes.map((shape) => shape.length));
    const inputs = context.inputs.map((name, at) => {
      const shape = shapes[at] ?? [];
      return shape.length === rank
        ? name
        : emit('Reshape', { target_shape: [1, 1, shape[0] ?? 1] }, [name], { suffix: `map${at}` });
    });
    return inputs.length < 2 ? (inputs[0] ?? '') : emit(className, {}, inputs);
  };
}

const printMerge: Printer = (context) => {
  const [a = '', b = ''] = context.inputs;
  switch (context.params['mode']) {
    case 'average':
      return merge('Average')(context);
    case 'maximum':
      return merge('Maximum')(context);
    case 'minimum':
      return merge('Minimum')(context);
    default:
      return context.emit('Add', {}, [
        a,
        context.emit('Rescaling', { scale: -1, offset: 0 }, [b], { suffix: 'negative' }),
      ]);
  }
};

/** The params of a pool; one that is told its output size as a plain one, where its windows are all alike. */
function windowsOf(context: PrintContext): PrintContext['params'] {
  const { params, shapes } = context;
  if (params['outputSize'] === null) return params;
  const poolSize = plainWindow(shapes[0] ?? [], sizeOf(params['outputSize']));
  if (poolSize !== null) return { ...params, poolSize };
  return context.refuse(
    text('its pooling has no windows that follow from the output size.', '其池化不能由输出大小决定窗口。'),
  );
}

const printPool: Printer = (context) => {
  const { shapes, output, emit } = context;
  const params = windowsOf(context);
  const x = only(context);
  const mode = String(params['mode']);
  const poolSize = sizeOf(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : sizeOf(params['strides']);
  const dilation = sizeOf(params['dilationRate']);
  const padding = params['padding'] as Padding;
  if (mode === 'l2') context.refuse(text('there is no L2 pooling.', '没有 L2 池化。'));
  if (dilation.some((step) => step > 1)) context.refuse(text('its pooling knows no dilation.', '其池化不支持空洞率。'));
  const axes = windowAxes(shapes[0] ?? [], poolSize, strides, dilation, padding);
  const isPadding = axisPaddings(padding).some((pads) => pads !== 'same' && pads.some((pad) => pad > 0));
  const isCeil = params['rounding'] === 'ceil' && padding !== 'same';
  const counts = [output[0] ?? null, output[1] ?? null];
  const pads = axes.map((axis, at): readonly [number, number] => {
    const count = counts[at];
    const [before, after] = resolvePadding(axis) ?? [0, 0];
    return [before, count == null || axis.length === null ? after : paddingAfter(axis, count)];
  });
  const sides: Sides = [pads[0] ?? [0, 0], pads[1] ?? [0, 0]];
  const countsPadding = params['countIncludePad'] === true;
  // Rounding up, or padding by numbers, is often what 'same' does at this size.
  const isSame =
    padding === 'same' ||
    axes.every((axis, at) => {
      const same = { ...axis, padding: 'same' } as const;
      const [before, after] = resolvePadding(same) ?? [-1, -1];
      return before === pads[at]?.[0] && after === pads[at][1] && windowCount(same) === counts[at];
    });
  const config = (kind: 'valid' | 'same') => ({
    pool_size: [...poolSize],
    strides: [...strides],
    padding: kind,
    ...last,
  });
  const className = mode === 'max' ? 'MaxPooling2D' : 'AveragePooling2D';
  if (mode === 'sum') {
    const mean = emit('AveragePooling2D', config('valid'), [padded(context, x, sides)], { suffix: 'mean' });
    return emit('Rescaling', { scale: poolSize[0] * poolSize[1], offset: 0 }, [mean]);
  }
  if (!isPadding && isZero(sides)) return emit(className, config('valid'), [x]);
  if (isSame && !countsPadding) return emit(className, config('same'), [x]);
  // Zeros around a map are no maximum of it where nothing lies below zero; in a mean they are wanted where they count.
  const mayPad = mode === 'max' ? context.isNonNegative : countsPadding && !isCeil;
  if (!mayPad) {
    context.refuse(
      mode === 'max'
        ? text(
            'its max pooling pads as “same” does, and zeros in front of it would count where values lie below zero.',
            '其最大池化只能按 same 填充；若有负值，前置补零会影响结果。',
          )
        : text('its average pooling pads as “same” does.', '其平均池化只能按 same 填充。'),
    );
  }
  return emit(className, config('valid'), [padded(context, x, sides)]);
};

const printGap: Printer = (context) => {
  const { params, output, emit } = context;
  const className = params['mode'] === 'max' ? 'GlobalMaxPooling2D' : 'GlobalAveragePooling2D';
  const value = emit(className, last, [only(context)]);
  return params['keepDims'] === true
    ? emit('Reshape', { target_shape: output.map((size) => size ?? 1) }, [value], { suffix: 'kept' })
    : value;
};

const printUpsample: Printer = (context) => {
  const { params, shapes, output, emit } = context;
  const [mode, coordinates] = [String(params['mode']), String(params['coordinates'])];
  const [height, width] = [output[0], output[1]];
  const [rows, columns] = [shapes[0]?.[0], shapes[0]?.[1]];
  const factor = params['factor'] === null ? ([2, 2] as const) : sizeOf(params['factor']);
  const isWhole = params['size'] === null;
  const isSized =
    typeof height === 'number' && typeof width === 'number' && typeof rows === 'number' && typeof columns === 'number';
  const whole = isWhole
    ? factor
    : isSized && height % rows === 0 && width % columns === 0
      ? ([height / rows, width / columns] as const)
      : null;
  if (mode === 'nearest' && coordinates !== 'alignCorners' && whole !== null) {
    return emit('UpSampling2D', { size: [...whole], interpolation: 'nearest', ...last }, [only(context)]);
  }
  if (mode === 'bilinear' && coordinates === 'asymmetric' && whole !== null) {
    return emit('UpSampling2D', { size: [...whole], interpolation: 'bilinear', ...last }, [only(context)]);
  }
  // Its Resizing loses the batch from the shape that it says it gives, so that nothing can stand behind it.
  return context.refuse(
    text(
      `it resizes by the coordinates of its own; ${mode} with ${coordinates} is none of them.`,
      `其缩放使用自己的坐标规则，不包括 ${mode} 与 ${coordinates} 的组合。`,
    ),
  );
};

const printCrop: Printer = (context) => {
  const { params, shapes, emit } = context;
  const [map = [], reference] = shapes;
  const side = (name: string): number => Number(params[name] ?? 0);
  let sides: Sides = [
    [side('top'), side('bottom')],
    [side('left'), side('right')],
  ];
  if (reference !== undefined) {
    const offset = params['offset'] === 'center' ? 'center' : sizeOf(params['offset']);
    const cuts = ([0, 1] as const).map((axis): readonly [number, number] => {
      const [length, wanted] = [map[axis] ?? null, reference[axis] ?? null];
      const start = cropStart(length, wanted, offset, axis);
      if (length === null || wanted === null || start === null) {
        return context.refuse(text('the size that it crops to is open.', '其裁剪目标大小未定。'));
      }
      return [start, length - wanted - start];
    });
    sides = [cuts[0] ?? [0, 0], cuts[1] ?? [0, 0]];
  }
  return emit('Cropping2D', { cropping: sidesJson(sides), ...last }, [only(context)]);
};

const printPad: Printer = (context) => {
  const { params, emit } = context;
  const x = only(context);
  const side = (name: string): number => Number(params[name] ?? 0);
  const sides: Sides = [
    [side('top'), side('bottom')],
    [side('left'), side('right')],
  ];
  const pad = { padding: sidesJson(sides), ...last };
  const value = params['mode'] === 'constant' ? Number(params['value']) : 0;
  if (params['mode'] === 'reflect' || params['mode'] === 'edge') {
    context.refuse(text('its padding is of zeros alone.', '其填充只能是零。'));
  }
  if (value === 0) return emit('ZeroPadding2D', pad, [x]);
  const lowered = emit('Rescaling', { scale: 1, offset: -value }, [x], { suffix: 'lowered' });
  const around = emit('ZeroPadding2D', pad, [lowered], { suffix: 'around' });
  return emit('Rescaling', { scale: 1, offset: value }, [around]);
};

const printBatchNorm: Printer = (context) => {
  const { node, params, emit } = context;
  const config = {
    axis: -1,
    momentum: Number(params['momentum']),
    epsilon: Number(params['epsilon']),
    scale: params['scale'] === true,
    center: params['center'] === true,
    trainable: params['trainable'] === true,
  };
  const names = [
    ['gamma', 'gamma'],
    ['beta', 'beta'],
    ['movingMean', 'moving_mean'],
    ['movingVariance', 'moving_variance'],
  ] as const;
  return emit('BatchNormalization', config, [only(context)], { weights: weightsOf(node, names) });
};

const printLayerNorm: Printer = (context) => {
  const { node, params, shapes, emit } = context;
  const rank = shapes[0]?.length ?? 1;
  const axis = params['axis'] === 'all' ? Array.from({ length: rank }, (_, at) => at + 1) : [rank];
  const config = {
    axis,
    epsilon: Number(params['epsilon']),
    scale: params['scale'] === true,
    center: params['center'] === true,
    trainable: params['trainable'] === true,
  };
  const names = [
    ['gamma', 'gamma'],
    ['beta', 'beta'],
  ] as const;
  return emit('LayerNormalization', config, [only(context)], { weights: weightsOf(node, names) });
};

/** Numbers for each channel are a depthwise 1×1 convolution, the only standard layer that has as many. */
const printScale: Printer = (context) => {
  const { node, params, shapes, emit } = context;
  const [scale, shift] = [params['scale'], params['shift']];
  if (params['learned'] === false && typeof scale === 'number' && typeof shift === 'number') {
    return emit('Rescaling', { scale, offset: shift }, [only(context)]);
  }
  if (params['learned'] !== 'channel') {
    return context.refuse(
      params['learned'] === 'scalar'
        ? text('one learned number for a whole map is no layer there.', '那里没有整张特征图共用一个可学习数的层。')
        : text('fixed numbers for each channel are no layer there.', '那里没有每个通道固定系数的层。'),
    );
  }
  const hasShift = params['center'] !== false;
  if (!hasShift && shift !== 0) {
    context.refuse(
      text('a learned factor with a fixed shift is no layer there.', '那里没有系数可学习而平移固定的层。'),
    );
  }
  const [shape = []] = shapes;
  const channels = shape.at(-1) ?? 1;
  const isMap = shape.length === 3;
  const map = isMap
    ? only(context)
    : emit('Reshape', { target_shape: [1, 1, channels] }, [only(context)], { suffix: 'map' });
  const weights: readonly PrintedWeight[] = weightsOf(
    node,
    [
      ['scale', 'depthwise_kernel'],
      ['shift', 'bias'],
    ],
    (own, name) => (name === 'scale' ? [1, 1, channels, 1] : own),
  );
  const config = {
    kernel_size: [1, 1],
    strides: [1, 1],
    padding: 'valid',
    depth_multiplier: 1,
    use_bias: hasShift,
    activation: 'linear',
    depthwise_initializer: { class_name: 'Ones', config: {} },
    trainable: params['trainable'] === true,
    ...last,
  };
  const scaled = emit('DepthwiseConv2D', config, [map], { weights });
  return isMap ? scaled : emit('Flatten', last, [scaled], { suffix: 'list' });
};

const printSlice: Printer = (context) => {
  const { params, shapes, emit } = context;
  const [shape = []] = shapes;
  const axis = String(params['axis']);
  const place = axis === 'channels' ? shape.length - 1 : axis === 'height' ? 0 : 1;
  const length = shape[place] ?? null;
  const from = Number(params['from']);
  if (length === null) context.refuse(text('the size that it cuts from is open.', '其切分的大小未定。'));
  const to = params['to'] === null ? Number(length) : Number(params['to']);
  if (axis !== 'channels') {
    const cut = [from, Number(length) - to];
    const cropping: Json = place === 0 ? [cut, [0, 0]] : [[0, 0], cut];
    return emit('Cropping2D', { cropping, ...last }, [only(context)]);
  }
  if (shape.length === 1) {
    const map = emit('Reshape', { target_shape: [1, Number(length), 1] }, [only(context)], { suffix: 'map' });
    const cropping: Json = [
      [0, 0],
      [from, Number(length) - to],
    ];
    const cut = emit('Cropping2D', { cropping, ...last }, [map], { suffix: 'cut' });
    return emit('Flatten', last, [cut]);
  }
  const turned = emit('Permute', { dims: [1, 3, 2] }, [only(context)], { suffix: 'turned' });
  return channelRun(context, turned, [from, to, Number(length)]);
};

const printShuffle: Printer = (context) => {
  const { params, shapes, emit } = context;
  const [shape = []] = shapes;
  if (shape.some((size) => size === null)) context.refuse(text('the size of its map is open.', '其特征图大小未定。'));
  const sizes = shape.map((size) => size ?? 1);
  const [groups, channels] = [Number(params['groups']), sizes.at(-1) ?? 1];
  const positions = sizes.slice(0, -1).reduce((product, size) => product * size, 1);
  const grid = emit('Reshape', { target_shape: [positions, groups, channels / groups] }, [only(context)], {
    suffix: 'grid',
  });
  const mixed = emit('Permute', { dims: [1, 3, 2] }, [grid], { suffix: 'mixed' });
  return emit('Reshape', { target_shape: sizes }, [mixed]);
};

const printReshape: Printer = (context) => {
  const { output, emit } = context;
  // A size that is left to be computed stays unknown to the layers behind; it is written where it can be.
  if (output.filter((size) => size === null).length > 1) {
    context.refuse(text('its shape leaves several sizes open.', '其形状有多个未定大小。'));
  }
  return emit('Reshape', { target_shape: output.map((size) => size ?? -1) }, [only(context)]);
};

const printDropout: Printer = (context) => {
  const { params, shapes, emit } = context;
  const channels = shapes[0]?.[2] ?? null;
  const isSpatial = params['spatial'] === true && shapes[0]?.length === 3;
  // One draw for a whole channel of a picture, or for a whole sample; null stands for the batch.
  const perChannel = isSpatial ? { noise_shape: [null, 1, 1, channels] } : {};
  const noise = params['paths'] === true ? { noise_shape: [null, ...(shapes[0] ?? []).map(() => 1)] } : perChannel;
  return emit('Dropout', { rate: Number(params['rate']), ...noise }, [only(context)]);
};

function refusing(en: string, zh: string): Printer {
  return (context) => context.refuse(text(en, zh));
}

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<Printer> = {
  input: ({ output, emit }) =>
    emit('InputLayer', { batch_input_shape: [null, ...output], dtype: 'float32', sparse: false }, []),
  conv: printConv,
  activation: printActivation,
  pool: printPool,
  fc: printFc,
  gap: printGap,
  attention: refusing('there is no self-attention.', '没有自注意力。'),
  upconv: printUpconv,
  upsample: printUpsample,
  unpool: refusing('there is no unpooling.', '没有反池化。'),
  depthToSpace: printDepthToSpace,
  add: merge('Add'),
  multiply: merge('Multiply'),
  merge: printMerge,
  concat: (context) =>
    context.inputs.length < 2 ? only(context) : context.emit('Concatenate', { axis: -1 }, context.inputs),
  crop: printCrop,
  pad: printPad,
  slice: printSlice,
  shuffle: printShuffle,
  spaceToDepth: printSpaceToDepth,
  reshape: printReshape,
  permute: (context) =>
    context.emit('Permute', { dims: [...(context.params['order'] as readonly number[])] }, [only(context)]),
  flatten: (context) =>
    context.shapes[0]?.length === 1 ? only(context) : context.emit('Flatten', last, [only(context)]),
  classToken: refusing('there is no learned position.', '没有可学习的位置。'),
  batchnorm: printBatchNorm,
  layernorm: printLayerNorm,
  rmsnorm: refusing('there is no RMS normalization.', '没有 RMS 归一化。'),
  groupnorm: refusing('there is no group normalization.', '没有组归一化。'),
  grn: refusing('there is no global response normalization.', '没有全局响应归一化。'),
  lrn: refusing('there is no local response normalization.', '没有局部响应归一化。'),
  scale: printScale,
  position: refusing('no layer adds a learned number to each value.', '没有给每个数值加上可学习数的层。'),
  dropout: printDropout,
};
