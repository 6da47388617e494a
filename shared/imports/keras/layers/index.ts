import type { Converter, LayerUse } from '../context';
import { multiHeadAttention } from './attention';
import { conv2d, conv2dTranspose, dense, depthwiseConv2d, separableConv2d } from './kernels';
import { mapLayers } from './maps';
import { normLayers } from './norms';
import { findOperation } from './operations';
import { shapeLayers } from './shapes';
import { valueLayers } from './values';

/** How each layer class is written here, by the name that Keras knows it by. */
const layerClasses: { readonly [className: string]: Converter } = {
  Conv2D: conv2d,
  Convolution2D: conv2d,
  DepthwiseConv2D: depthwiseConv2d,
  SeparableConv2D: separableConv2d,
  SeparableConvolution2D: separableConv2d,
  Conv2DTranspose: conv2dTranspose,
  Convolution2DTranspose: conv2dTranspose,
  Dense: dense,
  MultiHeadAttention: multiHeadAttention,
  ...mapLayers,
  ...normLayers,
  ...valueLayers,
  ...shapeLayers,
};

/** Classes of users and of packages carry where they are registered: `Custom>LayerScale`. */
function plainName(className: string): string {
  return className.split('>').at(-1) ?? className;
}

/** The converter of a layer or an operation; null where there is nothing like it here. */
export function findConverter(
  className: string,
  isOperation: boolean,
  functionName: unknown,
  use: Pick<LayerUse, 'dialect'>,
): Converter | null {
  if (className === 'TFOpLambda') return typeof functionName === 'string' ? findOperation(functionName, use) : null;
  if (isOperation) return findOperation(className, use);
  const name = plainName(className);
  return Object.hasOwn(layerClasses, name) ? (layerClasses[name] ?? null) : null;
}
