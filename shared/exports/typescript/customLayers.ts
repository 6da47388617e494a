import {
  cropLike,
  dropPath,
  generalConv,
  localResponseNormalization,
  partialBatchNormalization,
  scaledElu,
  spatialDropout,
} from './layerSources';
import { constantPadding, edgePadding, reflectionPadding } from './paddingLayerSources';
import { resize } from './resizeLayerSources';
import { responseNormalization, rmsNormalization } from './normLayerSources';
import { channelShuffle, sampleNormalization, scaleShift, slice } from './shapeLayerSources';
import { classToken, position, selfAttention } from './attentionLayerSources';
import { depthToSpace, spaceToDepth } from './depthLayerSources';
import { maxUnpooling } from './unpoolLayerSource';
import { axisSoftmax, clip, hardActivation, logSoftmax, subtract } from './valueLayerSources';
import { adaptivePooling } from './adaptivePoolingSource';
import { upConv, windowPooling } from './windowLayerSources';

/** Classes that the printed project brings itself because tfjs has no such layer. */
const sources = {
  AdaptivePooling2D: adaptivePooling,
  AxisSoftmax: axisSoftmax,
  ChannelShuffle: channelShuffle,
  ClassToken: classToken,
  Clip: clip,
  ConstantPadding2D: constantPadding,
  CropLike2D: cropLike,
  DepthToSpace: depthToSpace,
  DropPath: dropPath,
  EdgePadding2D: edgePadding,
  GeneralConv2D: generalConv,
  HardActivation: hardActivation,
  LocalResponseNormalization: localResponseNormalization,
  LogSoftmax: logSoftmax,
  MaxUnpooling2D: maxUnpooling,
  PartialBatchNormalization: partialBatchNormalization,
  Position: position,
  ReflectionPadding2D: reflectionPadding,
  Resize2D: resize,
  ResponseNormalization: responseNormalization,
  RmsNormalization: rmsNormalization,
  SampleNormalization: sampleNormalization,
  ScaledElu: scaledElu,
  ScaleShift: scaleShift,
  SelfAttention: selfAttention,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  SpatialDropout2D: spatialDropout,
  Subtract: subtract,
  UpConv2D: upConv,
  WindowPooling2D: windowPooling,
} as const;

export type CustomLayer = keyof typeof sources;

/** All of them, so that no variable takes one of their names. */
export const customLayerNames = Object.keys(sources) as readonly CustomLayer[];

/** What the classes share, each printed where one of them uses it. In an order in which each may use those behind it. */
const helpers: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'spread',
    text: `/** A kernel with zeros between its values. */
function spread(kernel: tf.Tensor4D, dilation: [number, number]): tf.Tensor4D {
  let spaced: tf.Tensor = kernel;
  for (const axis of [0, 1] as const) {
    const step = dilation[axis];
    if (step === 1) continue;
    const sizes = [...spaced.shape];
    const apart = tf.reshape(spaced, [...sizes.slice(0, axis + 1), 1, ...sizes.slice(axis + 1)]);
    const gaps = Array.from(apart.shape, (_, at): [number, number] => [0, at === axis + 1 ? step - 1 : 0]);
    sizes[axis] = (sizes[axis] ?? 0) * step;
    const whole = tf.reshape(tf.pad(apart, gaps), sizes);
    sizes[axis] -= step - 1;
    spaced = tf.slice(whole, [0, 0, 0, 0], sizes);
  }
  return spaced as tf.Tensor4D;
}
`,
  },
  {
    name: 'pair',
    text: `function pair(size: Size): [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}
`,
  },
  {
    name: 'only',
    text: `/** The one input, or the one shape, of a layer that takes one. */
function only<T extends tf.Tensor | Shape>(value: T | T[]): T {
  return (Array.isArray(value) && (Array.isArray(value[0]) || value[0] instanceof tf.Tensor) ? value[0] : value) as T;
}
`,
  },
  {
    name: 'Training',
    text: `/** How a layer's kernel starts, and whether training changes the layer. */
type Training = { kernelInitializer?: ReturnType<typeof tf.initializers.zeros>; trainable?: boolean };
`,
  },
  { name: 'Sides', text: `type Sides = [[top: number, bottom: number], [left: number, right: number]];\n` },
  { name: 'Size', text: `type Size = number | [number, number];\n` },
  { name: 'Shape', text: `type Shape = (number | null)[];\n` },
];

/** Prints `layers.ts` with the given classes, and what they use, only; null where none is needed. */
export function printLayers(layers: readonly CustomLayer[]): string | null {
  if (layers.length === 0) return null;
  let code = layers.map((layer) => sources[layer]).join('\n');
  let types = '';
  for (const { name, text } of helpers) {
    if (!new RegExp(`\\b${name}\\b`).test(types + code)) continue;
    if (/^type |\ntype /.test(text) && !text.includes('function ')) types = text + types;
    else code = `${text}\n${code}`;
  }
  return [`import * as tf from '@tensorflow/tfjs';\n`, types, code].join('\n');
}
