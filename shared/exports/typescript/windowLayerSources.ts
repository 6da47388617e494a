/** Sources of the printed project's window layers; see `customLayers.ts`. */

export const windowPooling = `type WindowPooling2DConfig = {
  name: string;
  mode: 'max' | 'avg' | 'l2' | 'sum';
  poolSize: Size;
  strides: Size;
  padding?: 'same' | Sides;
  rounding?: 'ceil';
};

/**
 * Pooling that tfjs has no layer for: the sum or the root of the sum of squares of a window, padding in numbers, and rounding up,
 * where the last window may hang over the edge if it starts inside the input or its leading padding. Padding never wins a maximum
 * and does not count in a mean.
 */
export class WindowPooling2D extends tf.layers.Layer {
  static className = 'WindowPooling2D';
  private readonly config: WindowPooling2DConfig;

  constructor(config: WindowPooling2DConfig) {
    super({ name: config.name });
    this.config = config;
  }

  /** How many windows there are along an axis, and the padding with which exactly they fit. */
  private fit(length: number, axis: 0 | 1): { count: number; sides: [number, number] } {
    const {
      padding = [
        [0, 0],
        [0, 0],
      ],
      rounding,
    } = this.config;
    const size = pair(this.config.poolSize)[axis];
    const step = pair(this.config.strides)[axis];
    if (padding === 'same') {
      const count = Math.ceil(length / step);
      const total = Math.max((count - 1) * step + size - length, 0);
      return { count, sides: [Math.floor(total / 2), total - Math.floor(total / 2)] };
    }
    const [before, after] = padding[axis];
    const steps = (length + before + after - size) / step;
    let count = (rounding === 'ceil' ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (rounding === 'ceil' && (count - 1) * step >= length + before) count -= 1;
    return { count, sides: [before, Math.max(after, (count - 1) * step + size - length - before)] };
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    return [
      batch,
      height === null ? null : this.fit(height, 0).count,
      width === null ? null : this.fit(width, 1).count,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs) as tf.Tensor4D;
      const sides: Sides = [this.fit(input.shape[1], 0).sides, this.fit(input.shape[2], 1).sides];
      const size = pair(this.config.poolSize);
      const strides = pair(this.config.strides);
      const pad = (x: tf.Tensor4D, value: number): tf.Tensor4D => tf.pad(x, [[0, 0], ...sides, [0, 0]], value);
      const mean = (x: tf.Tensor4D): tf.Tensor4D => tf.avgPool(pad(x, 0), size, strides, 'valid');
      const area = size[0] * size[1];
      switch (this.config.mode) {
        case 'max':
          return tf.maxPool(pad(input, -3.4e38), size, strides, 'valid');
        case 'sum':
          return tf.mul(mean(input), area);
        case 'l2':
          return tf.sqrt(tf.add(tf.mul(mean(tf.square(input)), area), 1e-12));
        case 'avg':
          return tf.div(mean(input), mean(tf.onesLike(input)));
      }
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(WindowPooling2D);
`;

export const upConv = `type UpConv2DConfig = {
  name: string;
  filters: number;
  kernelSize: Size;
  strides?: Size;
  dilationRate?: Size;
  /** What is cut off the full result per side; less than zero adds rows or columns that hold the bias alone. */
  cut: Sides;
  useBias?: boolean;
  activation?: Parameters<typeof tf.layers.activation>[0]['activation'];
};

/** A transposed convolution with dilation, padding in numbers and output padding. */
export class UpConv2D extends tf.layers.Layer {
  static className = 'UpConv2D';
  private readonly config: UpConv2DConfig;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  private readonly activate: tf.layers.Layer | null;

  private readonly kernelInitializer: ReturnType<typeof tf.initializers.zeros>;

  constructor({ kernelInitializer, trainable = true, ...config }: UpConv2DConfig & Training) {
    super({ name: config.name, trainable });
    this.config = config;
    this.kernelInitializer = kernelInitializer ?? tf.initializers.glorotUniform({});
    this.activate = config.activation === undefined ? null : tf.layers.activation({ activation: config.activation });
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape)[3] ?? 0;
    const { filters, kernelSize, useBias } = this.config;
    const kernelShape = [...pair(kernelSize), filters, channels];
    this.kernel = this.addWeight('kernel', kernelShape, 'float32', this.kernelInitializer);
    if (useBias !== false) this.bias = this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());
    super.build(shape);
  }

  private span(axis: 0 | 1): number {
    return pair(this.config.dilationRate ?? 1)[axis] * (pair(this.config.kernelSize)[axis] - 1) + 1;
  }

  /** Length of the full result, nothing cut off: (x - 1) * stride + span. */
  private fullLength(length: number, axis: 0 | 1): number {
    return (length - 1) * pair(this.config.strides ?? 1)[axis] + this.span(axis);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null] = only<Shape>(shape);
    const [[top, bottom], [left, right]] = this.config.cut;
    return [
      batch,
      height === null ? null : this.fullLength(height, 0) - top - bottom,
      width === null ? null : this.fullLength(width, 1) - left - right,
      this.config.filters,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      if (this.kernel === undefined) throw new Error('The layer is called before it is built.');
      const input = only(inputs) as tf.Tensor4D;
      const [batch, height, width] = input.shape;
      const { filters, strides = 1, cut } = this.config;
      const rows = this.fullLength(height, 0);
      const columns = this.fullLength(width, 1);
      const [[top, bottom], [left, right]] = cut;
      const kernel = spread(this.kernel.read() as tf.Tensor4D, pair(this.config.dilationRate ?? 1));
      const steps: [number, number] = pair(strides);
      const full = tf.conv2dTranspose(input, kernel, [batch, rows, columns, filters], steps, 'valid');
      const kept = tf.slice(
        full,
        [0, top, left, 0],
        [batch, rows - top - Math.max(bottom, 0), columns - left - Math.max(right, 0), filters],
      );
      const grown = tf.pad(kept, [
        [0, 0],
        [0, Math.max(-bottom, 0)],
        [0, Math.max(-right, 0)],
        [0, 0],
      ]);
      const biased = this.bias === undefined ? grown : tf.add(grown, this.bias.read());
      return this.activate === null ? biased : (this.activate.apply(biased) as tf.Tensor);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(UpConv2D);
`;
