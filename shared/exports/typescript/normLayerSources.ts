/** Sources of the printed project's normalisations of which tfjs has none like them; see `customLayers.ts`. */

export const rmsNormalization = `type RmsNormalizationConfig = {
  name: string;
  epsilon: number;
  scale?: boolean;
  trainable?: boolean;
};

/** Divides the channels of each position by the root of the mean of their squares, then scales them by learned numbers. */
export class RmsNormalization extends tf.layers.Layer {
  static className = 'RmsNormalization';
  private readonly config: RmsNormalizationConfig;
  private gamma?: tf.LayerVariable;

  constructor(config: RmsNormalizationConfig) {
    super({ name: config.name, trainable: config.trainable ?? true });
    this.config = config;
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape).at(-1) ?? 1;
    if (this.config.scale !== false) {
      this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    }
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      const meanSquare = tf.mean(tf.square(input), -1, true);
      const normal = tf.div(input, tf.sqrt(tf.add(meanSquare, this.config.epsilon)));
      return this.gamma === undefined ? normal : tf.mul(normal, this.gamma.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(RmsNormalization);
`;

export const responseNormalization = `/** Global response normalization: strengthens each channel by how strongly it answers over the whole map, against the mean of all. */
export class ResponseNormalization extends tf.layers.Layer {
  static className = 'ResponseNormalization';
  private readonly epsilon: number;
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  constructor(config: { name: string; epsilon: number; trainable?: boolean }) {
    super({ name: config.name, trainable: config.trainable ?? true });
    this.epsilon = config.epsilon;
  }

  override build(shape: Shape | Shape[]): void {
    const channels = only<Shape>(shape).at(-1) ?? 1;
    this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.zeros());
    this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      if (this.gamma === undefined || this.beta === undefined) throw new Error(\`\${this.name} is not built\`);
      // The slope of a root at 0 is infinite.
      const strength = tf.sqrt(tf.add(tf.sum(tf.square(input), [1, 2], true), 1e-24));
      const share = tf.div(strength, tf.add(tf.mean(strength, -1, true), this.epsilon));
      const answer = tf.add(tf.mul(tf.mul(input, share), this.gamma.read()), this.beta.read());
      return tf.add(input, answer);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(ResponseNormalization);
`;
