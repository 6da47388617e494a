/** Sources of the printed project's layers of transformers; see `customLayers.ts`. */

export const selfAttention = `type SelfAttentionConfig = {
  name: string;
  heads: number;
  /** Channels of each head; the channels divided by the heads if left out. */
  headSize?: number;
  useBias?: boolean;
  outputBias?: boolean;
  trainable?: boolean;
};

/** Multi-head self-attention: every position of a map takes from all others, as much as their keys fit its query. */
export class SelfAttention extends tf.layers.Layer {
  static className = 'SelfAttention';
  private readonly config: SelfAttentionConfig;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  private outputKernel?: tf.LayerVariable;
  private outputBias?: tf.LayerVariable;

  constructor(config: SelfAttentionConfig) {
    super({ name: config.name, trainable: config.trainable ?? true });
    this.config = config;
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape).at(-1) ?? 1;
    const { heads, headSize = channels / heads, useBias = true, outputBias = true } = this.config;
    const width = heads * headSize;
    const start = tf.initializers.glorotUniform({});
    const zeros = tf.initializers.zeros();
    this.kernel = this.addWeight('kernel', [channels, 3 * width], 'float32', start);
    if (useBias) this.bias = this.addWeight('bias', [3 * width], 'float32', zeros);
    this.outputKernel = this.addWeight('outputKernel', [width, channels], 'float32', start);
    if (outputBias) this.outputBias = this.addWeight('outputBias', [channels], 'float32', zeros);
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  private dense(x: tf.Tensor, kernel?: tf.LayerVariable, bias?: tf.LayerVariable): tf.Tensor {
    const weights = kernel?.read() ?? tf.zeros([1, 1]);
    const rows = tf.matMul(tf.reshape(x, [-1, weights.shape[0] ?? 1]), weights);
    return bias === undefined ? rows : tf.add(rows, bias.read());
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
      const { heads, headSize = channels / heads } = this.config;
      const all = this.dense(input, this.kernel, this.bias);
      const parts = tf.split(tf.reshape(all, [batch, height * width, 3 * heads, headSize]), 3, 2);
      const [queries, keys, values] = parts.map((part) => tf.transpose(part, [0, 2, 1, 3]));
      const scores = tf.mul(tf.matMul(queries!, keys!, false, true), 1 / Math.sqrt(headSize));
      const mixed = tf.transpose(tf.matMul(tf.softmax(scores), values!), [0, 2, 1, 3]);
      return tf.reshape(this.dense(mixed, this.outputKernel, this.outputBias), input.shape);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(SelfAttention);
`;

export const classToken = `/** Reads a map as a list of positions, behind a learned one. */
export class ClassToken extends tf.layers.Layer {
  static className = 'ClassToken';
  private token?: tf.LayerVariable;

  constructor(config: { name: string; trainable?: boolean }) {
    super({ name: config.name, trainable: config.trainable ?? true });
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape).at(-1) ?? 1;
    this.token = this.addWeight('token', [channels], 'float32', tf.initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    return [batch, height === null || width === null ? null : height * width + 1, 1, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
      const list = tf.reshape(input, [batch, height * width, 1, channels]);
      const token = this.token?.read() ?? tf.zeros([channels]);
      return tf.concat([tf.broadcastTo(tf.reshape(token, [1, 1, 1, channels]), [batch, 1, 1, channels]), list], 1);
    });
  }
}
tf.serialization.registerClass(ClassToken);
`;

export const position = `/** Adds a learned number to every value of a map. */
export class Position extends tf.layers.Layer {
  static className = 'Position';
  private position?: tf.LayerVariable;

  constructor(config: { name: string; trainable?: boolean }) {
    super({ name: config.name, trainable: config.trainable ?? true });
  }

  override build(shape: Shape | Shape[]): void {
    const [, ...sizes] = only<Shape>(shape).map((size) => size ?? 1);
    this.position = this.addWeight('position', sizes, 'float32', tf.initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.add(only(inputs), this.position?.read() ?? 0));
  }
}
tf.serialization.registerClass(Position);
`;
