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
