import { activation } from './activation';
import { add } from './add';
import { attention } from './attention';
import { batchnorm } from './batchnorm';
import { classToken } from './classToken';
import { concat } from './concat';
import { conv } from './conv';
import { crop } from './crop';
import { depthToSpace } from './depthToSpace';
import { dropout } from './dropout';
import { fc } from './fc';
import { flatten } from './flatten';
import { gap } from './gap';
import { grn } from './grn';
import { groupnorm } from './groupnorm';
import { input } from './input';
import { layernorm } from './layernorm';
import { lrn } from './lrn';
import { merge } from './merge';
import { multiply } from './multiply';
import { opaque } from './opaque';
import { pad } from './pad';
import { permute } from './permute';
import { pool } from './pool';
import { position } from './position';
import { createLayerRegistry } from './registry';
import { reshape } from './reshape';
import { rmsnorm } from './rmsnorm';
import { scale } from './scale';
import { shuffle } from './shuffle';
import { slice } from './slice';
import { spaceToDepth } from './spaceToDepth';
import { unpool } from './unpool';
import { upconv } from './upconv';
import { upsample } from './upsample';

/** Every layer kind, in the order of the palette. A new kind is one file and one line here. */
export const layers = [
  input,
  conv,
  activation,
  pool,
  fc,
  gap,
  attention,
  upconv,
  upsample,
  unpool,
  depthToSpace,
  add,
  multiply,
  merge,
  concat,
  crop,
  pad,
  slice,
  shuffle,
  spaceToDepth,
  reshape,
  permute,
  flatten,
  classToken,
  batchnorm,
  layernorm,
  rmsnorm,
  groupnorm,
  grn,
  lrn,
  scale,
  position,
  dropout,
  opaque,
] as const;

/** The id of a kind that exists. */
export type LayerKind = (typeof layers)[number]['kind'];

/** The kinds that Convloom comes with. */
export const builtInLayers = createLayerRegistry(layers);

/** The definition of a built-in kind, or undefined for one that this Convloom does not have. */
export const findLayer = builtInLayers.find;

export { defaultParams, readParams } from './params';
