import type { AnyLayerDefinition } from './define';

/*
 * Facts about a kind that follow from what its definition says anyway. Whoever needs one asks here, and never for the kind's name.
 */

type Definition = AnyLayerDefinition | null | undefined;

/** A source of the network: it takes no wire, and data is fed to it. */
export function isInput(definition: Definition): boolean {
  return definition?.inputs.arity === 'none';
}

/** Combines any number of inputs into one. */
export function isMerge(definition: Definition): boolean {
  return definition?.inputs.arity === 'variadic';
}

/** Whether what it reads may flow on in its place: it takes values from one wire, and any other input may stay unwired. */
export function canBypass(definition: Definition): boolean {
  const inputs = definition?.inputs;
  if (inputs === undefined) return true;
  return inputs.arity === 'fixed' && inputs.ports.filter(({ optional }) => optional !== true).length === 1;
}

/** True for a kind with a param of this name. */
export function hasParam(definition: Definition, name: string): boolean {
  return definition?.params[name] !== undefined;
}

/** Whether the values of its inputs meet place by place, so that it matters how the branches lie over each other. */
export function overlaysInputs(definition: Definition): boolean {
  return isMerge(definition) || takesSize(definition);
}

/** Whether a further input of it gives a size and no values. */
export function takesSize(definition: Definition): boolean {
  return definition?.inputs.arity === 'fixed' && definition.inputs.ports.some(({ givesSize }) => givesSize === true);
}

/** Whether a port takes places from a max pool. */
export function takesMaxima(definition: Definition, port: number): boolean {
  return definition?.inputs.arity === 'fixed' && definition.inputs.ports[port]?.takesMaxima === true;
}

/** A learned linear map that keeps or shrinks the map: two in a row with nothing non-linear between are one. */
export function isLinearMap(definition: Definition): boolean {
  const role = definition?.traits.role;
  return role === 'convolution' || role === 'dense';
}

/** A layer with a learned kernel, which mixes all channels: conv, up-conv, FC. */
export function hasKernel(definition: Definition): boolean {
  return isLinearMap(definition) || definition?.traits.role === 'transposedConvolution';
}

/** Ends maps: what comes out holds everything in one position, whatever the map's size. */
export function endsMaps(definition: Definition): boolean {
  const role = definition?.traits.role;
  return role === 'dense' || role === 'globalPooling' || role === 'flattening';
}

/** Whether it may stand in a classifier's head: it ends maps, or keeps a single position one. A conv must cover its map, too. */
export function standsInHead(definition: Definition): boolean {
  if (definition == null) return false;
  return endsMaps(definition) || definition.traits.role === 'convolution' || definition.traits.isPointwise;
}

/** The param that sizes its sliding window, or null where it slides none: a pool that is told its output size cuts the map up. */
export function windowParam(
  definition: Definition,
  params: { readonly [name: string]: unknown } | null = null,
): 'kernelSize' | 'poolSize' | null {
  if (params?.['outputSize'] != null) return null;
  switch (definition?.traits.role) {
    case 'convolution':
    case 'transposedConvolution':
      return 'kernelSize';
    case 'pooling':
      return 'poolSize';
    case 'dense':
    case 'globalPooling':
    case 'flattening':
    case 'activation':
    case undefined:
      return null;
  }
}

/** The param that names the function it applies to each value: all that an activation does, the last thing that a kernel's layer does. */
export function functionParam(definition: Definition): 'function' | 'activation' | null {
  if (definition?.traits.role === 'activation') return 'function';
  return hasParam(definition, 'activation') ? 'activation' : null;
}
