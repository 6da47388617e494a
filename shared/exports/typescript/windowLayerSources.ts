/** Sources of the printed project's window layers; see `customLayers.ts`. */

export const windowPooling = `type WindowPooling2DConfig = {
  name: string;
  mode: 'max' | 'avg' | 'l2' | 'sum';
  poolSize: Size;
  strides: Size;
  padding?: 'same' | Sides;
  rounding?: 'ceil';
  dilationRate?: Size;
  countIncludePad?: boolean;
};

/**
 * Pooling that tfjs has no layer for: the sum or the root of the sum of squares of a window, padding in numbers, windows with gaps,
 * and rounding up, where the last window may hang over the edge if it starts inside the input or its leading padding. Padding never
 * wins a maximum and does not count in a mean unless told to.
 */
export class WindowPooling2D extends tf.layers.Layer {
  static className = 'WindowPooling2D';
  private readonly config: WindowPooling2DConfig;

  constructor(config: WindowPooling2DConfig) {
    super({ name: config.name });
    this.config = config;
  }

  /** How many windows there are along an axis, and the padding with which exactly they fit. */
  private fit(length: number, axis: 0 | 1): { count: number; sides: [number, number]; hanging: number } {
    const {
      padding = [
        [0, 0],
        [0, 0],
      ],
      rounding,
    } = this.config;
    const size = pair(this.config.dilationRate ?? 1)[axis] * (pair(this.config.poolSize)[axis] - 1) + 1;
    const step = pair(this.config.strides)[axis];
    if (padding === 'same') {
      const count = Math.ceil(length / step);
      const total = Math.max((count - 1) * step + size - length, 0);
      return { count, sides: [Math.floor(total / 2), total - Math.floor(total / 2)], hanging: 0 };
    }
    const [before, after] = padding[axis];
    const steps = (length + before + after - size) / step;
    let count = (rounding === 'ceil' ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (rounding === 'ceil' && (count - 1) * step >= length + before) count -= 1;
    const hanging = Math.max((count - 1) * step + size - length - before - after, 0);
    return { count, sides: [before, after + hanging], hanging };
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

  /** Folds the values of each window along one axis, which lie \`dilationRate\` apart. */
  private fold(x: tf.Tensor, axis: 0 | 1, combine: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor {
    const { poolSize, strides, dilationRate = 1 } = this.config;
    const step = pair(strides)[axis];
    const gap = pair(dilationRate)[axis];
    const span = gap * (pair(poolSize)[axis] - 1) + 1;
    const count = Math.floor(((x.shape[axis + 1] ?? 0) - span) / step) + 1;
    return Array.from({ length: pair(poolSize)[axis] }, (_, at) => {
      const places = Array.from({ length: count }, (_place, index) => index * step + at * gap);
      return tf.gather(x, tf.tensor1d(places, 'int32'), axis + 1);
    }).reduce(combine);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs) as tf.Tensor4D;
      const rows = this.fit(input.shape[1], 0);
      const columns = this.fit(input.shape[2], 1);
      const sides: Sides = [rows.sides, columns.sides];
      const hanging: Sides = [
        [0, rows.hanging],
        [0, columns.hanging],
      ];
      const size = pair(this.config.poolSize);
      const strides = pair(this.config.strides);
      const hasGaps = pair(this.config.dilationRate ?? 1).some((gap) => gap > 1);
      const pad = (x: tf.Tensor4D, value: number): tf.Tensor4D => tf.pad(x, [[0, 0], ...sides, [0, 0]], value);
      const largest = (x: tf.Tensor4D): tf.Tensor =>
        hasGaps ? this.fold(this.fold(x, 0, tf.maximum), 1, tf.maximum) : tf.maxPool(x, size, strides, 'valid');
      const mean = (x: tf.Tensor4D): tf.Tensor =>
        hasGaps
          ? tf.div(this.fold(this.fold(x, 0, tf.add), 1, tf.add), size[0] * size[1])
          : tf.avgPool(x, size, strides, 'valid');
      /** 1 where a value counts, the padding too if it is to, but never what hangs over the edge. */
      const counted = (): tf.Tensor4D => {
        const ones = tf.onesLike(input);
        if (this.config.countIncludePad !== true) return pad(ones, 0);
        const kept: Sides = [
          [rows.sides[0], rows.sides[1] - rows.hanging],
          [columns.sides[0], columns.sides[1] - columns.hanging],
        ];
        return tf.pad(tf.pad(ones, [[0, 0], ...kept, [0, 0]], 1), [[0, 0], ...hanging, [0, 0]]);
      };
      const area = size[0] * size[1];
      switch (this.config.mode) {
        case 'max':
          return largest(pad(input, -3.4e38));
        case 'sum':
          return tf.mul(mean(pad(input, 0)), area);
        case 'l2':
          return tf.sqrt(tf.add(tf.mul(mean(pad(tf.square(input), 0)), area), 1e-12));
        case 'avg':
          return tf.div(mean(pad(input, 0)), mean(counted()));
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
  groups?: number;
  /** What is cut off the full result per side; less than zero adds rows or columns that hold the bias alone. */
  cut: Sides;
  useBias?: boolean;
  activation?: Parameters<typeof tf.layers.activation>[0]['activation'];
};

/** A transposed convolution with dilation, groups, padding in numbers and output padding. */
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
    const { filters, kernelSize, groups = 1, useBias } = this.config;
    const kernelShape = [...pair(kernelSize), filters / groups, channels];
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
      const { filters, strides = 1, groups = 1, cut } = this.config;
      const rows = this.fullLength(height, 0);
      const columns = this.fullLength(width, 1);
      const [[top, bottom], [left, right]] = cut;
      const kernel = spread(this.kernel.read() as tf.Tensor4D, pair(this.config.dilationRate ?? 1));
      const steps: [number, number] = pair(strides);
      const spreadOut = (x: tf.Tensor4D, part: tf.Tensor4D): tf.Tensor4D =>
        tf.conv2dTranspose(x, part, [batch, rows, columns, filters / groups], steps, 'valid');
      const kernels = groups === 1 ? [] : tf.split<tf.Tensor4D>(kernel, groups, 3);
      const full =
        groups === 1
          ? spreadOut(input, kernel)
          : tf.concat(
              tf.split<tf.Tensor4D>(input, groups, 3).map((x, at) => spreadOut(x, kernels[at] as tf.Tensor4D)),
              3,
            );
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
