/** Source of the printed project's layer that resizes; see `customLayers.ts`. */

export const resize = `/** The cubic curve of Keys with -0.75, as PyTorch and ONNX have it. */
function cubic(x: number): number {
  const a = -0.75;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/** Resizes a map by a factor or to a size, with half-pixel centres as Keras and PyTorch have them if not told otherwise. */
export class Resize2D extends tf.layers.Layer {
  static className = 'Resize2D';
  private readonly config: {
    size: [number, number] | undefined;
    factor: [number, number] | undefined;
    interpolation: 'nearest' | 'bilinear' | 'bicubic';
    coordinates: 'halfPixel' | 'alignCorners' | 'asymmetric';
  };

  constructor(config: {
    name: string;
    size?: [number, number];
    factor?: [number, number];
    interpolation: 'nearest' | 'bilinear' | 'bicubic';
    coordinates?: 'halfPixel' | 'alignCorners' | 'asymmetric';
  }) {
    super({ name: config.name });
    const { size, factor, interpolation, coordinates = 'halfPixel' } = config;
    this.config = { size, factor, interpolation, coordinates };
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

  /** The place in the input that a row of the result stands for. */
  private place(row: number, from: number, to: number): number {
    switch (this.config.coordinates) {
      case 'halfPixel':
        return ((row + 0.5) * from) / to - 0.5;
      case 'alignCorners':
        return to === 1 ? 0 : (row * (from - 1)) / (to - 1);
      case 'asymmetric':
        return (row * from) / to;
    }
  }

  /** The nearest row, in whole numbers: rounding must not decide between two. */
  private nearest(row: number, from: number, to: number): number {
    switch (this.config.coordinates) {
      case 'halfPixel':
        return Math.floor(((2 * row + 1) * from) / (2 * to));
      case 'alignCorners':
        return to === 1 ? 0 : Math.floor((2 * row * (from - 1) + (to - 1)) / (2 * (to - 1)));
      case 'asymmetric':
        return Math.floor((row * from) / to);
    }
  }

  /** The rows of the input that make up a row of the result, each with its share. */
  private parts(row: number, from: number, to: number): [at: number, share: number][] {
    if (this.config.interpolation === 'nearest') return [[this.nearest(row, from, to), 1]];
    const place = this.place(row, from, to);
    const low = Math.floor(place);
    const rest = place - low;
    if (this.config.interpolation === 'bilinear') {
      return [
        [low, 1 - rest],
        [low + 1, rest],
      ];
    }
    return [-1, 0, 1, 2].map((step) => [low + step, cubic(Math.abs(rest - step))]);
  }

  /** The share of each row of the input in each row of the result. */
  private shares(from: number, to: number): tf.Tensor3D {
    const values = new Float32Array(to * from);
    for (let row = 0; row < to; row += 1) {
      for (const [at, part] of this.parts(row, from, to)) {
        const place = row * from + Math.min(Math.max(at, 0), from - 1);
        values[place] = (values[place] ?? 0) + part;
      }
    }
    return tf.tensor3d(values, [1, to, from]);
  }

  // Two products with matrices: the gradient of tf.image.resizeBilinear leaves out the half-pixel centres.
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs) as tf.Tensor4D;
      const [batch, height, width, channels] = input.shape;
      const [rows, columns] = this.target(height, width) as [number, number];
      const tall = tf.matMul(this.shares(height, rows), tf.reshape(input, [batch, height, width * channels]));
      const whole = tf.matMul(this.shares(width, columns), tf.reshape(tall, [batch * rows, width, channels]));
      return tf.reshape(whole, [batch, rows, columns, channels]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { size = null, factor = null, interpolation, coordinates } = this.config;
    return { ...super.getConfig(), size, factor, interpolation, coordinates };
  }
}
tf.serialization.registerClass(Resize2D);
`;
