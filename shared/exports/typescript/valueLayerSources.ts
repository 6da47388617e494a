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

export const clip = `/** Keeps values between bounds, of which one may be left out. */
export class Clip extends tf.layers.Layer {
  static className = 'Clip';
  private readonly bounds: { min?: number; max?: number };

  constructor({ name, ...bounds }: { name: string; min?: number; max?: number }) {
    super({ name });
    this.bounds = bounds;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { min, max } = this.bounds;
      const above = min === undefined ? only(inputs) : tf.maximum(only(inputs), min);
      return max === undefined ? tf.clone(above) : tf.minimum(above, max);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.bounds };
  }
}
tf.serialization.registerClass(Clip);
`;

export const axisSoftmax = `/** A softmax, or its logarithm, along the height (1) or the width (2) of a map. */
export class AxisSoftmax extends tf.layers.Layer {
  static className = 'AxisSoftmax';
  private readonly axis: number;
  private readonly log: boolean;

  constructor(config: { name: string; axis: number; log?: boolean }) {
    super({ name: config.name });
    this.axis = config.axis;
    this.log = config.log ?? false;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return only<Shape>(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      // Only the last axis has one: it changes places with this one.
      const turn = this.axis === 1 ? [0, 3, 2, 1] : [0, 1, 3, 2];
      const scores = tf.transpose(only(inputs), turn);
      return tf.transpose(this.log ? tf.logSoftmax(scores, -1) : tf.softmax(scores, -1), turn);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, log: this.log };
  }
}
tf.serialization.registerClass(AxisSoftmax);
`;
