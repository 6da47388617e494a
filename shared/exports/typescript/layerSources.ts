/** Sources of the printed project's own layers; see `customLayers.ts`. */

export const cropLike = `/** Cuts its first input to the height and width of its second, from the centre or from a given top left corner. */
export class CropLike2D extends tf.layers.Layer {
  static className = 'CropLike2D';
  private readonly offset: 'center' | [number, number];

  constructor(config: { name: string; offset: 'center' | [number, number] }) {
    super({ name: config.name });
    this.offset = config.offset;
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    const [input, reference] = shapes as [Shape, Shape];
    return [input[0] ?? null, reference[1] ?? null, reference[2] ?? null, input[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [input, reference] = inputs as [tf.Tensor4D, tf.Tensor4D];
    const [batch, height, width, channels] = input.shape;
    const [, toHeight, toWidth] = reference.shape;
    const [top, left] =
      this.offset === 'center'
        ? [Math.floor((height - toHeight) / 2), Math.floor((width - toWidth) / 2)]
        : this.offset;
    return tf.slice(input, [0, top, left, 0], [batch, toHeight, toWidth, channels]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), offset: this.offset };
  }
}
tf.serialization.registerClass(CropLike2D);
`;

export const subsample = `/** Keeps every n-th row and column: the stride of a dilated convolution, which tf.conv2d does not combine. */
export class Subsample2D extends tf.layers.Layer {
  static className = 'Subsample2D';
  private readonly strides: [number, number];

  constructor(config: { name: string; strides: Size }) {
    super({ name: config.name });
    this.strides = pair(config.strides);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    const [rows, columns] = this.strides;
    return [
      batch,
      height === null ? null : Math.ceil(height / rows),
      width === null ? null : Math.ceil(width / columns),
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = only(inputs) as tf.Tensor4D;
    return tf.stridedSlice(input, [0, 0, 0, 0], input.shape, [1, ...this.strides, 1]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), strides: this.strides };
  }
}
tf.serialization.registerClass(Subsample2D);
`;

export const localResponseNormalization = `/** Divides each value by a measure of its neighbours in the channels: x / (bias + alpha * sum of squares) ** beta. */
export class LocalResponseNormalization extends tf.layers.Layer {
  static className = 'LocalResponseNormalization';
  private readonly config: { radius: number; bias: number; alpha: number; beta: number };

  constructor(config: { name: string; radius: number; bias: number; alpha: number; beta: number }) {
    super({ name: config.name });
    const { radius, bias, alpha, beta } = config;
    this.config = { radius, bias, alpha, beta };
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { radius, bias, alpha, beta } = this.config;
    return tf.localResponseNormalization(only(inputs) as tf.Tensor4D, radius, bias, alpha, beta);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(LocalResponseNormalization);
`;

export const reflectionPadding = `/** Pads a map with its own mirror image; the edge itself is not repeated. */
export class ReflectionPadding2D extends tf.layers.Layer {
  static className = 'ReflectionPadding2D';
  private readonly padding: Sides;

  constructor(config: { name: string; padding: Sides }) {
    super({ name: config.name });
    this.padding = config.padding;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    const [[top, bottom], [left, right]] = this.padding;
    return [
      batch,
      height === null ? null : height + top + bottom,
      width === null ? null : width + left + right,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mirrorPad(only(inputs), [[0, 0], ...this.padding, [0, 0]], 'reflect');
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }
}
tf.serialization.registerClass(ReflectionPadding2D);
`;

export const resize = `/** Resizes a map by a factor or to a size, with half-pixel centres as Keras and PyTorch have them. */
export class Resize2D extends tf.layers.Layer {
  static className = 'Resize2D';
  private readonly config: { size?: [number, number]; factor?: [number, number]; interpolation: 'nearest' | 'bilinear' };

  constructor(config: {
    name: string;
    size?: [number, number];
    factor?: [number, number];
    interpolation: 'nearest' | 'bilinear';
  }) {
    super({ name: config.name });
    const { name: _name, ...rest } = config;
    this.config = rest;
  }

  private target(height: number | null, width: number | null): [number | null, number | null] {
    if (this.config.size !== undefined) return this.config.size;
    const [rows, columns] = this.config.factor ?? [2, 2];
    return [height === null ? null : height * rows, width === null ? null : width * columns];
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    return [batch, ...this.target(height, width), channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = only(inputs) as tf.Tensor4D;
    const size = this.target(input.shape[1], input.shape[2]) as [number, number];
    return this.config.interpolation === 'nearest'
      ? tf.image.resizeNearestNeighbor(input, size, false, true)
      : tf.image.resizeBilinear(input, size, false, true);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(Resize2D);
`;

export const spatialDropout = `/** Drops whole channels while training, and nothing otherwise. */
export class SpatialDropout2D extends tf.layers.Layer {
  static className = 'SpatialDropout2D';
  private readonly rate: number;

  constructor(config: { name: string; rate: number }) {
    super({ name: config.name });
    this.rate = config.rate;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const input = only(inputs);
    if (kwargs.training !== true || this.rate === 0) return input;
    return tf.dropout(input, this.rate, [input.shape[0] ?? 1, 1, 1, input.shape[3] ?? 1]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(SpatialDropout2D);
`;

export const groupedConv = `type GroupedConv2DConfig = {
  name: string;
  filters: number;
  groups: number;
  kernelSize: Size;
  strides?: Size;
  padding?: 'valid' | 'same';
  dilationRate?: Size;
  useBias?: boolean;
  activation?: Parameters<typeof tf.layers.activation>[0]['activation'];
};

/** A convolution whose input channels and filters are split into groups that do not see each other. */
export class GroupedConv2D extends tf.layers.Layer {
  static className = 'GroupedConv2D';
  private readonly config: GroupedConv2DConfig;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  private readonly activate: tf.layers.Layer | null;

  constructor(config: GroupedConv2DConfig) {
    super({ name: config.name });
    this.config = config;
    this.activate = config.activation === undefined ? null : tf.layers.activation({ activation: config.activation });
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape)[3] ?? 0;
    const { filters, groups, kernelSize, useBias } = this.config;
    const kernelShape = [...pair(kernelSize), channels / groups, filters];
    this.kernel = this.addWeight('kernel', kernelShape, 'float32', tf.initializers.glorotUniform({}));
    if (useBias !== false) this.bias = this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null] = only<Shape>(shape);
    const { kernelSize, strides = 1, dilationRate = 1, padding = 'valid', filters } = this.config;
    const length = (size: number | null, axis: 0 | 1): number | null => {
      if (size === null) return null;
      const span = pair(dilationRate)[axis] * (pair(kernelSize)[axis] - 1) + 1;
      const step = pair(strides)[axis];
      return padding === 'same' ? Math.ceil(size / step) : Math.floor((size - span) / step) + 1;
    };
    return [batch, length(height, 0), length(width, 1), filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { groups, strides = 1, dilationRate = 1, padding = 'valid' } = this.config;
      if (this.kernel === undefined) throw new Error('The layer is called before it is built.');
      const parts = tf.split(only(inputs) as tf.Tensor4D, groups, 3);
      const kernels = tf.split(this.kernel.read() as tf.Tensor4D, groups, 3);
      const results = parts.map((part, group) =>
        tf.conv2d(part as tf.Tensor4D, kernels[group] as tf.Tensor4D, pair(strides), padding, 'NHWC', pair(dilationRate)),
      );
      const sums = tf.concat(results, 3);
      const biased = this.bias === undefined ? sums : tf.add(sums, this.bias.read());
      return this.activate === null ? biased : (this.activate.apply(biased) as tf.Tensor);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(GroupedConv2D);
`;

export const scaledElu = `/** ELU with a scale below zero other than 1: x where x > 0, else alpha * (exp(x) - 1). */
export class ScaledElu extends tf.layers.Layer {
  static className = 'ScaledElu';
  private readonly alpha: number;

  constructor(config: { name: string; alpha: number }) {
    super({ name: config.name });
    this.alpha = config.alpha;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = only(inputs);
    return tf.tidy(() => tf.add(tf.relu(input), tf.mul(tf.expm1(tf.minimum(input, 0)), this.alpha)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}
tf.serialization.registerClass(ScaledElu);
`;
