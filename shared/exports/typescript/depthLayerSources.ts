/** Sources of the printed project's layers that trade positions for channels; see `customLayers.ts`. */

export const depthToSpace = `/** Lays the channels of each position out as a block of positions. 'CRD': the places of a channel lie together, as in PyTorch. */
export class DepthToSpace extends tf.layers.Layer {
  static className = 'DepthToSpace';
  private readonly blockSize: number;
  private readonly order: 'DCR' | 'CRD';

  constructor(config: { name: string; blockSize: number; order?: 'DCR' | 'CRD' }) {
    super({ name: config.name });
    this.blockSize = config.blockSize;
    this.order = config.order ?? 'DCR';
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    const times = (size: number | null, by: number): number | null => (size === null ? null : size * by);
    return [
      batch,
      times(height, this.blockSize),
      times(width, this.blockSize),
      times(channels, 1 / (this.blockSize * this.blockSize)),
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs) as tf.Tensor4D;
      const [batch, height, width, depth] = input.shape;
      const block = this.blockSize;
      const channels = depth / (block * block);
      const cut =
        this.order === 'DCR' ? input : tf.transpose(tf.reshape(input, [-1, channels, block * block]), [0, 2, 1]);
      const rows = tf.transpose(tf.reshape(cut, [batch * height, width, block, block * channels]), [0, 2, 1, 3]);
      return tf.reshape(rows, [batch, height * block, width * block, channels]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), blockSize: this.blockSize, order: this.order };
  }
}
tf.serialization.registerClass(DepthToSpace);
`;

export const spaceToDepth = `/** Stacks each block of positions as channels of one. 'CRD': the places of a channel lie together, as in PyTorch. */
export class SpaceToDepth extends tf.layers.Layer {
  static className = 'SpaceToDepth';
  private readonly blockSize: number;
  private readonly order: 'DCR' | 'CRD';

  constructor(config: { name: string; blockSize: number; order?: 'DCR' | 'CRD' }) {
    super({ name: config.name });
    this.blockSize = config.blockSize;
    this.order = config.order ?? 'DCR';
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    const times = (size: number | null, by: number): number | null => (size === null ? null : size * by);
    return [
      batch,
      times(height, 1 / this.blockSize),
      times(width, 1 / this.blockSize),
      times(channels, this.blockSize * this.blockSize),
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = only(inputs) as tf.Tensor4D;
      const [batch, height, width, channels] = input.shape;
      const block = this.blockSize;
      const [rows, columns] = [height / block, width / block];
      const cut = tf.reshape(input, [batch * rows, block, columns, block * channels]);
      const deep = tf.transpose(cut, [0, 2, 1, 3]);
      const whole = tf.reshape(deep, [-1, block * block, channels]);
      const ordered = this.order === 'DCR' ? whole : tf.transpose(whole, [0, 2, 1]);
      return tf.reshape(ordered, [batch, rows, columns, block * block * channels]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), blockSize: this.blockSize, order: this.order };
  }
}
tf.serialization.registerClass(SpaceToDepth);
`;
