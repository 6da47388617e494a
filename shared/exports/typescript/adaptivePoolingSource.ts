/** Source of the printed project's pool that is told its output size; see `customLayers.ts`. */

export const adaptivePooling = `/** Cuts a map of any size into so many windows, and keeps the largest value or the mean of each. */
export class AdaptivePooling2D extends tf.layers.Layer {
  static className = 'AdaptivePooling2D';
  private readonly config: { mode: 'max' | 'avg'; outputSize: [number, number] };

  constructor({ name, ...config }: { name: string; mode: 'max' | 'avg'; outputSize: [number, number] }) {
    super({ name });
    this.config = config;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, , , channels = null] = only<Shape>(shape);
    return [batch, ...this.config.outputSize, channels];
  }

  private cut(x: tf.Tensor, axis: 1 | 2, from: number, length: number): tf.Tensor {
    const begin = x.shape.map((_size, place) => (place === axis ? from : 0));
    const size = x.shape.map((whole, place) => (place === axis ? length : whole));
    return tf.slice(x, begin, size);
  }

  /** By halves, since tf.max hands its whole gradient to each of several equal values. */
  private largest(x: tf.Tensor, axis: 1 | 2): tf.Tensor {
    const length = x.shape[axis] ?? 0;
    if (length <= 1) return x;
    const half = Math.ceil(length / 2);
    return this.largest(tf.maximum(this.cut(x, axis, 0, half), this.cut(x, axis, length - half, half)), axis);
  }

  /** One value for each window along an axis. */
  private fold(x: tf.Tensor, axis: 1 | 2, count: number): tf.Tensor {
    const length = x.shape[axis] ?? 0;
    const parts = Array.from({ length: count }, (_, at) => {
      const from = Math.floor((at * length) / count);
      const to = Math.ceil(((at + 1) * length) / count);
      const run = this.cut(x, axis, from, to - from);
      return this.config.mode === 'max' ? this.largest(run, axis) : tf.mean(run, axis, true);
    });
    return tf.concat(parts, axis);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [rows, columns] = this.config.outputSize;
      return this.fold(this.fold(only(inputs), 1, rows), 2, columns);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(AdaptivePooling2D);
`;
