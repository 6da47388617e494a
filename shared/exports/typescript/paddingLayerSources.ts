/** Sources of the printed project's padding layers; see `customLayers.ts`. */

/** What a padding layer gives, whatever it pads with. */
const paddedShape = `  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, height = null, width = null, channels = null] = only<Shape>(shape);
    const [[top, bottom], [left, right]] = this.padding;
    return [
      batch,
      height === null ? null : height + top + bottom,
      width === null ? null : width + left + right,
      channels,
    ];
  }
`;

export const reflectionPadding = `/** Adds mirrored rows before and after an axis; tf.mirrorPad has no right gradient. */
function mirror(x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor {
  const part = (start: number, size: number): tf.Tensor =>
    tf.slice(
      x,
      x.shape.map((_, at) => (at === axis ? start : 0)),
      x.shape.map((full, at) => (at === axis ? size : full)),
    );
  const length = x.shape[axis] ?? 0;
  const parts = [
    ...(before > 0 ? [tf.reverse(part(1, before), axis)] : []),
    x,
    ...(after > 0 ? [tf.reverse(part(length - 1 - after, after), axis)] : []),
  ];
  return parts.length === 1 ? x : tf.concat(parts, axis);
}

/** Pads a map with its own mirror image; the edge itself is not repeated. */
export class ReflectionPadding2D extends tf.layers.Layer {
  static className = 'ReflectionPadding2D';
  private readonly padding: Sides;

  constructor(config: { name: string; padding: Sides }) {
    super({ name: config.name });
    this.padding = config.padding;
  }

${paddedShape}
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [[top, bottom], [left, right]] = this.padding;
    return tf.tidy(() => mirror(mirror(only(inputs), 1, top, bottom), 2, left, right));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }
}
tf.serialization.registerClass(ReflectionPadding2D);
`;

export const edgePadding = `/** Repeats the first and the last row of an axis. */
function repeatEnds(x: tf.Tensor, axis: number, [before, after]: [number, number]): tf.Tensor {
  const last = (x.shape[axis] ?? 1) - 1;
  const end = (at: number, count: number): tf.Tensor[] => {
    const begin = x.shape.map((_, other) => (other === axis ? at : 0));
    const size = x.shape.map((full, other) => (other === axis ? 1 : full));
    return Array.from({ length: count }, () => tf.slice(x, begin, size));
  };
  const parts = [...end(0, before), x, ...end(last, after)];
  return parts.length === 1 ? x : tf.concat(parts, axis);
}

/** Pads a map with its own outermost rows and columns. */
export class EdgePadding2D extends tf.layers.Layer {
  static className = 'EdgePadding2D';
  private readonly padding: Sides;

  constructor(config: { name: string; padding: Sides }) {
    super({ name: config.name });
    this.padding = config.padding;
  }

${paddedShape}
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [rows, columns] = this.padding;
    return tf.tidy(() => repeatEnds(repeatEnds(only(inputs), 1, rows), 2, columns));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }
}
tf.serialization.registerClass(EdgePadding2D);
`;

export const constantPadding = `/** Pads a map with a number. */
export class ConstantPadding2D extends tf.layers.Layer {
  static className = 'ConstantPadding2D';
  private readonly padding: Sides;
  private readonly value: number;

  constructor(config: { name: string; padding: Sides; value: number }) {
    super({ name: config.name });
    this.padding = config.padding;
    this.value = config.value;
  }

${paddedShape}
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.pad(only(inputs), [[0, 0], ...this.padding, [0, 0]], this.value);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding, value: this.value };
  }
}
tf.serialization.registerClass(ConstantPadding2D);
`;
