import { text } from '../../../text';
import { addActivation, readActivation } from '../activations';
import { channelAxis, rankOf, type Converter, type LayerUse, type Value } from '../context';

const relu: Converter = (use) => {
  const { config } = use;
  const [most, slope, threshold] = [
    config.value('max_value'),
    config.number(config.has('negative_slope') ? 'negative_slope' : 'alpha', 0),
    config.number('threshold', 0),
  ];
  if (threshold !== 0) return config.refuse(text('Its threshold is not 0.', '其阈值不为 0。'));
  if (most === undefined) {
    return slope === 0
      ? addActivation(use, use.input(), { name: 'relu', isPlain: true })
      : addActivation(use, use.input(), { name: 'leakyRelu', alpha: slope, isPlain: false });
  }
  if (most === 6 && slope === 0) return addActivation(use, use.input(), { name: 'relu6', isPlain: true });
  if (typeof most === 'number' && slope === 0) return clipped(use, use.input(), 0, most);
  return config.refuse(text('It has a bound and a slope.', '它既有上界又有斜率。'));
};

/** Values between bounds; null for none. */
export function clipped(use: LayerUse, value: Value, min: number | null, max: number | null): Value {
  return use.add('activation', {
    params: { function: 'clip', min: min ?? undefined, max: max ?? undefined },
    from: [value],
  });
}

const leakyRelu: Converter = (use) => {
  const alpha = use.config.number(use.config.has('negative_slope') ? 'negative_slope' : 'alpha', 0.3);
  return addActivation(use, use.input(), { name: 'leakyRelu', alpha, isPlain: false });
};

const elu: Converter = (use) =>
  addActivation(use, use.input(), { name: 'elu', alpha: use.config.number('alpha', 1), isPlain: false });

/** One slope for each channel; Keras shares it over positions only where it is told to. */
const prelu: Converter = (use) => {
  const x = use.input();
  const [alpha] = use.weights(['alpha']) ?? [];
  const channels = x.shape.at(-1) ?? null;
  const sharesPositions = JSON.stringify(use.config.value('shared_axes')) === (x.isFirst ? '[2,3]' : '[1,2]');
  if (x.shape.length === 3 && !sharesPositions) {
    use.config.refuse(
      text(
        'It has a slope for each position; here there is one for each channel.',
        '它每个位置各有一个斜率；这里是每个通道一个。',
      ),
    );
  }
  return use.add('activation', {
    params: { function: 'prelu', trainable: use.config.flag('trainable', true) ? undefined : false },
    from: [x],
    weights: alpha === undefined || channels === null ? null : { alpha: { ...alpha, shape: [channels] } },
  });
};

const softmax: Converter = (use) => {
  const axis = use.config.value('axis') ?? -1;
  const { shape, isFirst, isSequence } = use.inputs[0] ?? use.input();
  const place = typeof axis === 'number' && axis < 0 ? axis + shape.length + 1 : axis;
  const along =
    shape.length !== 3 || isSequence === true
      ? undefined
      : { [isFirst ? 2 : 1]: 'height', [isFirst ? 3 : 2]: 'width' }[Number(place)];
  if (along !== undefined) {
    return use.add('activation', { params: { function: 'softmax', axis: along }, from: [use.input()] });
  }
  return overChannels(use, axis, () => addActivation(use, use.input(), { name: 'softmax', isPlain: true }));
};

/** Lets the work go on where an axis is the channels'. */
export function overChannels(use: LayerUse, axis: unknown, work: () => Value): Value {
  const value = use.inputs[0] ?? use.input();
  const place = channelAxis(value);
  if (axis === place || (typeof axis === 'number' && axis < 0 && axis + rankOf(value) + 1 === place)) return work();
  return use.config.refuse(text('It goes along another axis than the channels.', '它沿通道以外的轴进行。'));
}

function isSoftmaxElsewhere({ isFirst, shape }: Value, name: string): boolean {
  return isFirst && shape.length === 3 && /softmax/i.test(name);
}

const activation: Converter = (use) => {
  const read = readActivation(use.config, use.dialect);
  if (isSoftmaxElsewhere(use.input(), read.name)) return overChannels(use, -1, () => use.input());
  return addActivation(use, use.input(), read);
};

function merging(kind: string, params: { readonly [name: string]: string } = {}): Converter {
  return (use) => (use.inputs.length === 1 ? use.input() : use.add(kind, { params, from: sameLayout(use) }));
}

/** Inputs of which none has its channels elsewhere than the others. */
export function sameLayout(use: LayerUse): readonly Value[] {
  const maps = use.inputs.filter(({ shape }) => shape.length === 3);
  if (maps.some(({ isFirst }) => isFirst !== maps[0]?.isFirst)) {
    use.config.refuse(text('Its inputs have their channels on different axes.', '其各输入的通道轴不同。'));
  }
  if (use.inputs.length === 0) use.config.refuse(text('It reads nothing.', '它没有输入。'));
  return use.inputs;
}

const concatenate: Converter = (use) => {
  const from = sameLayout(use);
  return overChannels(use, use.config.value('axis') ?? -1, () =>
    from.length === 1 ? use.input() : use.add('concat', { from }),
  );
};

const dropout: Converter = (use) => {
  const { config } = use;
  const noise = config.value('noise_shape');
  // One draw for a whole channel, or for a whole sample: nothing else of what a noise shape can say is here.
  const isPath = /^\[(null|-1|\d+)(,1)+\]$/.test(JSON.stringify(noise ?? null));
  if (isPath) return dropping(use, { paths: true });
  const isSpatial = /^\[(null|-1|\d+),1,1,(null|-1|\d+)\]$/.test(JSON.stringify(noise ?? null));
  if (noise !== undefined && !isSpatial) {
    use.say(
      'changed',
      text('Its noise shape is left out: values are dropped one by one.', '其 noise_shape 已略去：逐个丢弃数值。'),
    );
  }
  return dropping(use, isSpatial ? { spatial: true } : {});
};

function dropping(use: LayerUse, what: { readonly spatial?: true; readonly paths?: true }, rate = 'rate'): Value {
  return use.add('dropout', {
    params: { rate: use.config.number(rate, 0.5), ...what },
    from: [use.input()],
  });
}

/** Changes nothing outside of training, and has no place here. */
const leftOut: Converter = (use) => {
  use.say(
    'left',
    text('It acts in training alone, and there is no such layer here.', '它只在训练时起作用，这里没有这样的层。'),
  );
  return use.input();
};

const identity: Converter = (use) => use.input();

/** Layers that treat values one by one, merge, or act in training alone. */
export const valueLayers: { readonly [className: string]: Converter } = {
  Activation: activation,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: elu,
  PReLU: prelu,
  Softmax: softmax,
  Add: merging('add'),
  Multiply: merging('multiply'),
  Average: merging('merge', { mode: 'average' }),
  Maximum: merging('merge', { mode: 'maximum' }),
  Minimum: merging('merge', { mode: 'minimum' }),
  Subtract: merging('merge', { mode: 'subtract' }),
  Concatenate: concatenate,
  Dropout: dropout,
  SpatialDropout2D: (use) => dropping(use, { spatial: true }),
  // keras.applications has such a layer of its own in ConvNeXt.
  StochasticDepth: (use) => dropping(use, { paths: true }, 'drop_path_rate'),
  Identity: identity,
  GaussianNoise: leftOut,
  GaussianDropout: leftOut,
  AlphaDropout: leftOut,
  ActivityRegularization: leftOut,
  RandomFlip: leftOut,
  RandomRotation: leftOut,
  RandomZoom: leftOut,
  RandomTranslation: leftOut,
  RandomContrast: leftOut,
  RandomBrightness: leftOut,
  RandomCrop: (use) =>
    use.config.refuse(text('It changes the size outside of training too.', '它在训练之外也会改变大小。')),
};
