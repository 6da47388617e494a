import type { Json } from '../../../schema/document';
import { formatShape, text } from '../../../text';
import { isList, type Config } from '../config';
import type { Converter, LayerUse, Value } from '../context';
import { sizeParam, unlessStandard } from './kernels';

/** The map that a layer reads, whose layout must be the one that the layer names. */
export function mapInput(use: LayerUse): Value {
  const x = use.input();
  const { config } = use;
  if (x.shape.length !== 3 || x.isSequence === true) {
    config.refuse(
      text(`It reads ${formatShape(x.shape)}, which is no map.`, `其输入为 ${formatShape(x.shape)}，不是特征图。`),
    );
  }
  const format = config.word('data_format', x.isFirst ? 'channels_first' : 'channels_last');
  if ((format === 'channels_first' || format === 'channelsFirst') !== x.isFirst) {
    config.refuse(
      text('It takes the channels on another axis than the layers before it.', '它的通道轴与前面各层不同。'),
    );
  }
  return x;
}

function pooling(mode: 'max' | 'avg'): Converter {
  return (use) => {
    const { config } = use;
    const poolSize = config.pair('pool_size', 2);
    const strides = config.has('strides') ? config.pair('strides') : poolSize;
    const isOwn = strides[0] === poolSize[0] && strides[1] === poolSize[1];
    return use.add('pool', {
      params: {
        mode: unlessStandard(mode, 'max'),
        poolSize: sizeParam(poolSize, 2),
        strides: isOwn ? undefined : sizeParam(strides),
        padding: config.word('padding', 'valid') === 'same' ? 'same' : undefined,
      },
      from: [mapInput(use)],
    });
  };
}

function adaptivePooling(mode: 'max' | 'avg'): Converter {
  return (use) =>
    use.add('pool', {
      params: { mode, outputSize: sizeParam(use.config.pair('output_size', 1)) },
      from: [mapInput(use)],
    });
}

function globalPooling(mode: 'max' | 'avg'): Converter {
  return (use) =>
    use.add('gap', {
      params: { mode: unlessStandard(mode, 'avg'), keepDims: use.config.flag('keepdims', false) ? true : undefined },
      from: [mapInput(use)],
    });
}

/** The mean or the largest of each channel, over a list of positions. */
function globalPoolingOfList(mode: 'max' | 'avg'): Converter {
  return (use) => {
    const x = use.input();
    if (x.isSequence !== true) use.config.refuse(text('It reads no list of positions.', '其输入不是一列位置。'));
    const keepDims = use.config.flag('keepdims', false) ? true : undefined;
    return use.add('gap', { params: { mode: unlessStandard(mode, 'avg'), keepDims }, from: [x] });
  };
}

/** `[[top, bottom], [left, right]]`, `[height, width]`, or one number. */
function sides(config: Config, name: string, standard: number): readonly [number, number, number, number] {
  const given = config.value(name) ?? standard;
  const axes = isList(given) && given.length === 2 ? given : [given, given];
  const ends = axes.flatMap((axis) => (isList(axis) && axis.length === 2 ? axis : [axis, axis]));
  const [top, bottom, left, right] = ends;
  const isSide = (side: unknown): side is number => typeof side === 'number' && Number.isInteger(side) && side >= 0;
  return isSide(top) && isSide(bottom) && isSide(left) && isSide(right)
    ? [top, bottom, left, right]
    : config.refuse(text(`Its ${name} is not as Keras writes it.`, `它的 ${name} 与 Keras 的写法不符。`));
}

function around(kind: 'pad' | 'crop', name: string, standard: number): Converter {
  return (use) => {
    const x = mapInput(use);
    const [top, bottom, left, right] = sides(use.config, name, standard);
    const side = (count: number): Json | undefined => (count === 0 ? undefined : count);
    return use.add(kind, {
      params: { top: side(top), bottom: side(bottom), left: side(left), right: side(right) },
      from: [x],
    });
  };
}

function interpolation(use: LayerUse, standard: string): 'nearest' | 'bilinear' {
  const given = use.config.word('interpolation', standard);
  if (given === 'nearest' || given === 'bilinear') return given;
  return use.config.refuse(
    text(
      `Its interpolation ${given.slice(0, 40)} has other weights here; nearest and bilinear are the same.`,
      `其插值方式 ${given.slice(0, 40)} 在这里的权值不同；nearest 与 bilinear 相同。`,
    ),
  );
}

const upSampling2d: Converter = (use) => {
  const x = mapInput(use);
  const mode = interpolation(use, 'nearest');
  return use.add('upsample', {
    params: {
      factor: sizeParam(use.config.pair('size', 2)) ?? 2,
      mode: unlessStandard(mode, 'nearest'),
      // TensorFlow.js counts from the first pixel's corner, Keras from its middle.
      coordinates: mode === 'bilinear' && use.dialect.writer === 'tfjs' ? 'asymmetric' : undefined,
    },
    from: [x],
  });
};

const resizing: Converter = (use) => {
  const { config } = use;
  const x = mapInput(use);
  const isCropped = config.flag('crop_to_aspect_ratio', false);
  if (isCropped || config.flag('pad_to_aspect_ratio', false)) {
    config.refuse(text('It crops or pads to an aspect ratio.', '它按宽高比裁剪或填充。'));
  }
  return use.add('upsample', {
    params: {
      size: [config.count('height'), config.count('width')],
      mode: unlessStandard(interpolation(use, 'bilinear'), 'nearest'),
      coordinates: use.dialect.writer === 'tfjs' ? 'alignCorners' : undefined,
    },
    from: [x],
  });
};

const centerCrop: Converter = (use) => {
  const { config } = use;
  const x = mapInput(use);
  const wanted = [config.count('height'), config.count('width')];
  const cuts = [x.shape[0], x.shape[1]].map((length, axis) =>
    typeof length === 'number' ? length - (wanted[axis] ?? 0) : -1,
  );
  if (cuts.some((cut) => cut < 0)) {
    config.refuse(text('It may have to enlarge what it reads.', '它可能需要放大其输入。'));
  }
  const [rows = 0, columns = 0] = cuts;
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return use.add('crop', { params: { top, bottom: rows - top, left, right: columns - left }, from: [x] });
};

/** Layers that move windows over maps or change their size, and learn nothing. */
export const mapLayers: { readonly [className: string]: Converter } = {
  MaxPooling2D: pooling('max'),
  MaxPool2D: pooling('max'),
  AveragePooling2D: pooling('avg'),
  AvgPool2D: pooling('avg'),
  AdaptiveAveragePooling2D: adaptivePooling('avg'),
  AdaptiveMaxPooling2D: adaptivePooling('max'),
  GlobalAveragePooling2D: globalPooling('avg'),
  GlobalAvgPool2D: globalPooling('avg'),
  GlobalMaxPooling2D: globalPooling('max'),
  GlobalMaxPool2D: globalPooling('max'),
  GlobalAveragePooling1D: globalPoolingOfList('avg'),
  GlobalMaxPooling1D: globalPoolingOfList('max'),
  ZeroPadding2D: around('pad', 'padding', 1),
  Cropping2D: around('crop', 'cropping', 0),
  UpSampling2D: upSampling2d,
  Resizing: resizing,
  CenterCrop: centerCrop,
};
