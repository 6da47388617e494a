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
      this.offset === 'center' ? [Math.floor((height - toHeight) / 2), Math.floor((width - toWidth) / 2)] : this.offset;
    return tf.slice(input, [0, top, left, 0], [batch, toHeight, toWidth, channels]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), offset: this.offset };
  }
}
tf.serialization.registerClass(CropLike2D);
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

export const dropPath = `/** Drops all values of a sample or none while training, at the end of a branch, and nothing otherwise. */
export class DropPath extends tf.layers.Layer {
  static className = 'DropPath';
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
    return tf.dropout(
      input,
      this.rate,
      input.shape.map((size, axis) => (axis === 0 ? size : 1)),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(DropPath);
`;

export const generalConv = `type GeneralConv2DConfig = {
  name: string;
  filters: number;
  groups?: number;
  kernelSize: Size;
  strides?: Size;
  padding?: 'valid' | 'same';
  dilationRate?: Size;
  useBias?: boolean;
  activation?: Parameters<typeof tf.layers.activation>[0]['activation'];
  /** Each filter at mean 0 and variance 1. */
  weightStandardization?: boolean;
};

/**
 * A convolution in groups or with its weights standardized, which tfjs does not have, or with dilation, which tfjs cannot train: its
 * gradients know none, and a stride beside a dilation is refused.
 */
export class GeneralConv2D extends tf.layers.Layer {
  static className = 'GeneralConv2D';
  private readonly config: GeneralConv2DConfig;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  private readonly activate: tf.layers.Layer | null;

  private readonly kernelInitializer: ReturnType<typeof tf.initializers.zeros>;

  constructor({ kernelInitializer, trainable = true, ...config }: GeneralConv2DConfig & Training) {
    super({ name: config.name, trainable });
    this.config = config;
    this.kernelInitializer = kernelInitializer ?? tf.initializers.glorotUniform({});
    this.activate = config.activation === undefined ? null : tf.layers.activation({ activation: config.activation });
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape)[3] ?? 0;
    const { filters, groups = 1, kernelSize, useBias } = this.config;
    const kernelShape = [...pair(kernelSize), channels / groups, filters];
    this.kernel = this.addWeight('kernel', kernelShape, 'float32', this.kernelInitializer);
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

  private standardize(kernel: tf.Tensor4D): tf.Tensor4D {
    const { mean, variance } = tf.moments(kernel, [0, 1, 2], true);
    return tf.div(tf.sub(kernel, mean), tf.sqrt(tf.add(variance, 1e-6)));
  }

  private convolve(input: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor {
    const { filters, groups = 1, padding = 'valid' } = this.config;
    const strides = pair(this.config.strides ?? 1);
    if (groups === 1) return tf.conv2d(input, kernel, strides, padding);
    if (groups === input.shape[3] && strides[0] === strides[1]) {
      const [rows, columns] = kernel.shape;
      const apart = tf.reshape<tf.Rank.R4>(kernel, [rows, columns, groups, filters / groups]);
      return tf.depthwiseConv2d(input, apart, strides, padding);
    }
    const parts = tf.split<tf.Tensor4D>(input, groups, 3);
    const kernels = tf.split<tf.Tensor4D>(kernel, groups, 3);
    return tf.concat(
      parts.map((part, group) => tf.conv2d(part, kernels[group] as tf.Tensor4D, strides, padding)),
      3,
    );
  }

  /** With the gaps of tfjs, which knows no gradient for them and no stride beside them, but need not multiply by zeros. */
  private convolveWithGaps(input: tf.Tensor4D, kernel: tf.Tensor4D, gaps: [number, number]): tf.Tensor | null {
    const { groups = 1, padding = 'valid', strides = 1 } = this.config;
    const isPlain = groups === 1 && pair(strides).every((step) => step === 1);
    return isPlain ? tf.conv2d(input, kernel, 1, padding, 'NHWC', gaps) : null;
  }

  /** As the sum of a product for each place of the kernel, however far they lie apart: tfjs has the gradient of each. */
  private convolveByPlaces(input: tf.Tensor4D, kernel: tf.Tensor4D, gaps: [number, number]): tf.Tensor {
    const strides = pair(this.config.strides ?? 1);
    const counts = this.computeOutputShape(input.shape).slice(1, 3);
    const reach = ([0, 1] as const).map((axis) => ((counts[axis] ?? 1) - 1) * strides[axis] + 1) as [number, number];
    const [above, beside] = ([0, 1] as const).map((axis): [number, number] => {
      const span = gaps[axis] * (kernel.shape[axis] - 1) + reach[axis];
      const lacking = this.config.padding === 'same' ? Math.max(0, span - input.shape[axis === 0 ? 1 : 2]) : 0;
      return [Math.floor(lacking / 2), Math.ceil(lacking / 2)];
    }) as [[number, number], [number, number]];
    const padded = tf.pad(input, [[0, 0], above, beside, [0, 0]]);
    const products: tf.Tensor[] = [];
    for (let row = 0; row < kernel.shape[0]; row++) {
      for (let column = 0; column < kernel.shape[1]; column++) {
        const seen = tf.slice(padded, [0, row * gaps[0], column * gaps[1], 0], [-1, ...reach, -1]);
        const place = tf.slice(kernel, [row, column, 0, 0], [1, 1, -1, -1]);
        products.push(this.convolve(seen, place));
      }
    }
    return tf.addN(products);
  }

  private convolveDilated(input: tf.Tensor4D, kernel: tf.Tensor4D, isTraining: boolean): tf.Tensor {
    const gaps = pair(this.config.dilationRate ?? 1);
    const inOne = isTraining ? null : this.convolveWithGaps(input, kernel, gaps);
    return inOne ?? this.convolveByPlaces(input, kernel, gaps);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      if (this.kernel === undefined) throw new Error('The layer is called before it is built.');
      const learned = this.kernel.read() as tf.Tensor4D;
      const used = this.config.weightStandardization === true ? this.standardize(learned) : learned;
      const input = only(inputs) as tf.Tensor4D;
      const isDilated = pair(this.config.dilationRate ?? 1).some((gap) => gap > 1);
      const sums = isDilated ? this.convolveDilated(input, used, kwargs.training === true) : this.convolve(input, used);
      const biased = this.bias === undefined ? sums : tf.add(sums, this.bias.read());
      return this.activate === null ? biased : (this.activate.apply(biased) as tf.Tensor);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(GeneralConv2D);
`;

export const partialBatchNormalization = `type PartialBatchNormalizationConfig = {
  name: string;
  momentum: number;
  epsilon: number;
  scale?: boolean;
  center?: boolean;
  trainable?: boolean;
};

/**
 * Batch normalisation without its scale or its centre, of which tfjs has no gradient, or one that is not trained: it then normalises by
 * its moving statistics in training, too.
 */
export class PartialBatchNormalization extends tf.layers.Layer {
  static className = 'PartialBatchNormalization';
  private readonly config: PartialBatchNormalizationConfig;
  private momentum: number;
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;
  private movingMean?: tf.LayerVariable;
  private movingVariance?: tf.LayerVariable;

  constructor(config: PartialBatchNormalizationConfig) {
    super({ name: config.name, trainable: config.trainable ?? true });
    this.config = { scale: true, center: true, ...config };
    this.momentum = config.momentum;
  }

  override build(shape: Shape | Shape[]): void {
    const channels = [only<Shape>(shape).at(-1) ?? 0];
    const [zeros, ones] = [tf.initializers.zeros(), tf.initializers.ones()];
    if (this.config.scale === true) this.gamma = this.addWeight('gamma', channels, 'float32', ones);
    if (this.config.center === true) this.beta = this.addWeight('beta', channels, 'float32', zeros);
    this.movingMean = this.addWeight('movingMean', channels, 'float32', zeros, undefined, false);
    this.movingVariance = this.addWeight('movingVariance', channels, 'float32', ones, undefined, false);
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  /** Follows what the batch shows. */
  private follow(moving: tf.LayerVariable, seen: tf.Tensor): void {
    moving.write(tf.add(tf.mul(moving.read(), this.momentum), tf.mul(seen, 1 - this.momentum)));
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const { movingMean, movingVariance } = this;
      if (movingMean === undefined || movingVariance === undefined) {
        throw new Error('The layer is called before it is built.');
      }
      const input = only(inputs);
      let [mean, variance] = [movingMean.read(), movingVariance.read()];
      if (kwargs.training === true && this.trainable) {
        ({ mean, variance } = tf.moments(input, [...input.shape.keys()].slice(0, -1)));
        this.follow(movingMean, mean);
        this.follow(movingVariance, variance);
      }
      const normal = tf.div(tf.sub(input, mean), tf.sqrt(tf.add(variance, this.config.epsilon)));
      const scaled = this.gamma === undefined ? normal : tf.mul(normal, this.gamma.read());
      return this.beta === undefined ? scaled : tf.add(scaled, this.beta.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(PartialBatchNormalization);
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
