/** Sources of the printed project's layers that work value by value; see `customLayers.ts`. */

export const subtract = `/** Its first input less its second. */
export class Subtract extends tf.layers.Layer {
  static className = 'Subtract';

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    const [first = []] = shapes as Shape[];
    return first;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [first, second] = inputs as [tf.Tensor, tf.Tensor];
    return tf.sub(first, second);
  }
}
tf.serialization.registerClass(Subtract);
`;

export const hardActivation = `/** Straight lines for curves, as MobileNetV3 has them: s = min(max(0, x + 3), 6) / 6 for a sigmoid, x * s for a swish. */
export class HardActivation extends tf.layers.Layer {
  static className = 'HardActivation';
  private readonly activation: 'hardsigmoid' | 'hardswish';

  constructor(config: { name: string; activation: 'hardsigmoid' | 'hardswish' }) {
    super({ name: config.name });
    this.activation = config.activation;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs);
      const share = tf.mul(tf.relu6(tf.add(input, 3)), 1 / 6);
      return this.activation === 'hardsigmoid' ? share : tf.mul(input, share);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), activation: this.activation };
  }
}
tf.serialization.registerClass(HardActivation);
`;

export const logSoftmax = `/** The logarithm of a softmax, over the channels. */
export class LogSoftmax extends tf.layers.Layer {
  static className = 'LogSoftmax';

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.logSoftmax(only(inputs), -1);
  }
}
tf.serialization.registerClass(LogSoftmax);
`;
