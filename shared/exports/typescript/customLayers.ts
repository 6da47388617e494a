import {
  cropLike,
  groupedConv,
  localResponseNormalization,
  reflectionPadding,
  resize,
  scaledElu,
  spatialDropout,
  subsample,
} from './layerSources';
import { upConv, windowPooling } from './windowLayerSources';

/** Classes that the printed project brings itself because tfjs has no such layer. */
const sources = {
  CropLike2D: cropLike,
  GroupedConv2D: groupedConv,
  LocalResponseNormalization: localResponseNormalization,
  ReflectionPadding2D: reflectionPadding,
  Resize2D: resize,
  ScaledElu: scaledElu,
  SpatialDropout2D: spatialDropout,
  Subsample2D: subsample,
  UpConv2D: upConv,
  WindowPooling2D: windowPooling,
} as const;

export type CustomLayer = keyof typeof sources;

/** All of them, so that no variable takes one of their names. */
export const customLayerNames = Object.keys(sources);

const header = `import * as tf from '@tensorflow/tfjs';

type Shape = (number | null)[];
type Size = number | [number, number];
type Sides = [[top: number, bottom: number], [left: number, right: number]];

/** The one input, or the one shape, of a layer that takes one. */
function only<T extends tf.Tensor | Shape>(value: T | T[]): T {
  return (Array.isArray(value) && (Array.isArray(value[0]) || value[0] instanceof tf.Tensor) ? value[0] : value) as T;
}

function pair(size: Size): [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}
`;

/** Prints `layers.ts` with the given classes only; null where none is needed. */
export function printLayers(layers: readonly CustomLayer[]): string | null {
  if (layers.length === 0) return null;
  return [header, ...layers.map((layer) => sources[layer])].join('\n');
}
