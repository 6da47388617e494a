/** Source of the printed project's unpooling layer; see `customLayers.ts`. */

export const maxUnpooling = `type MaxUnpooling2DConfig = { name: string; poolSize: Size; strides: Size; padding?: Sides };

/** Takes a max pool back: its values, and the map that the pool was given, whose largest place of each window gets the value. */
export class MaxUnpooling2D extends tf.layers.Layer {
  static className = 'MaxUnpooling2D';
  private readonly config: MaxUnpooling2DConfig;

  constructor(config: MaxUnpooling2DConfig) {
    super({ name: config.name });
    this.config = config;
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    const [, map = []] = shapes as Shape[];
    return map;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [values, map] = inputs as [tf.Tensor4D, tf.Tensor4D];
    const filterSize = pair(this.config.poolSize);
    const strides = pair(this.config.strides);
    const [rows, columns] = this.config.padding ?? [
      [0, 0],
      [0, 0],
    ];
    const [, height, width] = map.shape;
    const placed = tf.customGrad((given, save) => {
      const input = tf.pad(map, [[0, 0], rows, columns, [0, 0]], -3.4e38);
      const output = tf.maxPool(input, filterSize, strides, 'valid');
      const put = (dy: tf.Tensor): tf.Tensor4D => {
        const attributes = { filterSize, strides, pad: 'valid' };
        const full = tf.engine().runKernel<tf.Tensor4D>('MaxPoolGrad', { dy, input, output }, attributes);
        return tf.slice(full, [0, rows[0], columns[0], 0], [-1, height, width, -1]);
      };
      const places = put(tf.onesLike(output));
      (save as tf.GradSaveFunc)([places]);
      const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor => {
        const found = tf.pad(tf.mul(dy, saved[0] as tf.Tensor4D), [[0, 0], rows, columns, [0, 0]]);
        return tf.mul(tf.avgPool(found as tf.Tensor4D, filterSize, strides, 'valid'), filterSize[0] * filterSize[1]);
      };
      return { value: put(given as tf.Tensor), gradFunc };
    });
    return placed(values);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
tf.serialization.registerClass(MaxUnpooling2D);
`;
