/** Sources of the printed project's layers that move or normalise values; see `customLayers.ts`. */

export const slice = `/** Takes a run out of an axis; the end of it, where no other end is given. */
export class Slice extends tf.layers.Layer {
  static className = 'Slice';
  private readonly config: { axis: number; from: number; to?: number };

  constructor(config: { name: string; axis: number; from: number; to?: number }) {
    super({ name: config.name });
    const { axis, from, to } = config;
    this.config = { axis, from, ...(to === undefined ? {} : { to }) };
  }

  private taken(length: number | null): number | null {
    const end = this.config.to ?? length;
    return end === null ? null : end - this.config.from;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape).map((length, axis) => (axis === this.config.axis ? this.taken(length) : length));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = only(inputs);
    const { axis: along, from } = this.config;
    const begin = input.shape.map((_, axis) => (axis === along ? from : 0));
    return tf.slice(input, begin, this.computeOutputShape(input.shape) as number[]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(Slice);
`;

export const channelShuffle = `/** Deals the channels of groups out: the first of each, then the second of each, as ShuffleNet does. */
export class ChannelShuffle extends tf.layers.Layer {
  static className = 'ChannelShuffle';
  private readonly groups: number;

  constructor(config: { name: string; groups: number }) {
    super({ name: config.name });
    this.groups = config.groups;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      const channels = input.shape.at(-1) ?? 1;
      const inGroups = tf.reshape(input, [-1, this.groups, channels / this.groups]);
      return tf.reshape(tf.transpose(inGroups, [0, 2, 1]), input.shape);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}
tf.serialization.registerClass(ChannelShuffle);
`;

export const sampleNormalization = `type SampleNormalizationConfig = {
  name: string;
  /** Over the channels of each position, or over all of a sample. */
  over?: 'channels' | 'all';
  /** Over the whole map, by groups of channels. */
  groups?: number;
  epsilon: number;
  scale?: boolean;
  center?: boolean;
  trainable?: boolean;
};

/** Layer and group normalisation: each sample by itself, then scaled and shifted by learned numbers. */
export class SampleNormalization extends tf.layers.Layer {
  static className = 'SampleNormalization';
  private readonly config: SampleNormalizationConfig;
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  constructor(config: SampleNormalizationConfig) {
    super({ name: config.name, trainable: config.trainable ?? true });
    this.config = config;
  }

  override build(shape: Shape | Shape[]): void {
    const sizes = only<Shape>(shape).map((size) => size ?? 1);
    const scaled = sizes.slice(this.config.over === 'all' ? 1 : -1);
    const { scale = true, center = true } = this.config;
    if (scale) this.gamma = this.addWeight('gamma', scaled, 'float32', tf.initializers.ones());
    if (center) this.beta = this.addWeight('beta', scaled, 'float32', tf.initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  private normalize(x: tf.Tensor, axes: number[]): tf.Tensor {
    const { mean, variance } = tf.moments(x, axes, true);
    return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, this.config.epsilon)));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      const { over, groups } = this.config;
      const [batch = 1] = input.shape;
      const channels = input.shape.at(-1) ?? 1;
      const axes = over === 'all' ? [...input.shape.keys()].slice(1) : [input.shape.length - 1];
      const normal =
        groups === undefined
          ? this.normalize(input, axes)
          : tf.reshape(this.normalize(tf.reshape(input, [batch, -1, groups, channels / groups]), [1, 3]), input.shape);
      const scaled = this.gamma === undefined ? normal : tf.mul(normal, this.gamma.read());
      return this.beta === undefined ? scaled : tf.add(scaled, this.beta.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(SampleNormalization);
`;

export const scaleShift = `type ScaleShiftConfig = {
  name: string;
  /** One number, or one for each channel; what training starts from where they are learned. */
  scale: number | number[];
  shift: number | number[];
  learned?: 'scalar' | 'channel';
  /** Whether the shift is learned, too. */
  center?: boolean;
  trainable?: boolean;
};

/** scale * x + shift. */
export class ScaleShift extends tf.layers.Layer {
  static className = 'ScaleShift';
  private readonly config: ScaleShiftConfig;
  private scale?: tf.LayerVariable;
  private shift?: tf.LayerVariable;

  constructor(config: ScaleShiftConfig) {
    super({ name: config.name, trainable: config.trainable ?? true });
    this.config = config;
  }

  override build(shape: Shape | Shape[]): void {
    const { scale, shift, learned, center = true } = this.config;
    if (learned !== undefined) {
      const length = learned === 'channel' ? (only<Shape>(shape).at(-1) ?? 1) : 1;
      this.scale = this.startAt('scale', length, scale);
      if (center) this.shift = this.startAt('shift', length, shift);
    }
    super.build(shape);
  }

  private startAt(name: string, length: number, value: number | number[]): tf.LayerVariable {
    const variable = this.addWeight(name, [length], 'float32', tf.initializers.zeros());
    variable.write(typeof value === 'number' ? tf.fill([length], value) : tf.tensor1d(value));
    return variable;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const scaled = tf.mul(only(inputs), this.scale?.read() ?? this.config.scale);
      return tf.add(scaled, this.shift?.read() ?? this.config.shift);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(ScaleShift);
`;
