import type { FloatTensor } from '../../ops/tensor';
import { elementCount } from '../../ops/tensor';
import { formatShape, text } from '../../text';
import { valueCount } from '../arranged';
import { damaged } from '../problem';
import type { KerasGraph, KerasLayer } from './graph';

/** A weight of a file; its values are read when they are wanted. */
export type StoredTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly read: () => FloatTensor;
};

/** What layers hold, by the models that they stand in and their own name. */
export type KerasWeights = { of(path: readonly string[]): readonly StoredTensor[] };

/** An HDF5 file as far as models need it. Paths are of groups and datasets, with `/` between. */
export type HdfFile = {
  /** Names of groups and datasets in a group; none where there is no such group. */
  children(path: string): readonly string[];
  /** Words of an attribute, one or a list; null where there is none. */
  words(path: string, name: string): readonly string[] | null;
  dataset(path: string): Omit<StoredTensor, 'name'> | null;
};

/** The name of a weight without the paths and the `:0` that versions put around it. */
export function plainWeightName(name: string): string {
  return name.replace(/:\d+$/, '').split('/').at(-1) ?? name;
}

/** Whether a weight has a name; one with `/` is the end of a path, as parts of a layer have. */
function isNamed(name: string, wanted: string): boolean {
  return wanted.includes('/')
    ? `/${name.replace(/:\d+$/, '')}`.endsWith(`/${wanted}`)
    : plainWeightName(name) === wanted;
}

/** The tensors by the wanted names, each of which may have had others; by their place where names are numbers. */
export function pickWeights(
  source: string,
  stored: readonly StoredTensor[],
  names: readonly (string | readonly string[])[],
): readonly FloatTensor[] {
  const byName = names.map((name) => {
    const known = typeof name === 'string' ? [name] : name;
    return stored.find((tensor) => known.some((one) => isNamed(tensor.name, one)));
  });
  const found = byName.every((tensor) => tensor !== undefined)
    ? byName
    : stored.length === names.length || stored.every(({ name }) => /^\d+$/.test(plainWeightName(name)))
      ? stored.slice(0, names.length)
      : [];
  if (found.length < names.length) {
    damaged(
      text(
        `the weights of “${source}” are not all there: it needs ${names.length} and has ${stored.length}.`,
        `“${source}”的权值不全：需要 ${names.length} 个，只有 ${stored.length} 个。`,
      ),
    );
  }
  return found.map((tensor) => {
    const values = tensor.read();
    if (valueCount(values) !== elementCount(tensor.shape)) {
      damaged(
        text(
          `“${source}” has less values than its shape ${formatShape(tensor.shape)} needs.`,
          `“${source}”的数值少于其形状 ${formatShape(tensor.shape)} 所需。`,
        ),
      );
    }
    return values;
  });
}

/** Weights of a `.h5` of Keras 1 and 2, and of Keras 3 in that form: one group for each layer of the outermost model, with a list of names. */
export function legacyWeights(file: HdfFile, root: string): KerasWeights {
  return {
    of: (path) => {
      const [outer = ''] = path;
      const group = `${root}/${outer}`;
      const names = file.words(group, 'weight_names') ?? [];
      const tensors = names.flatMap((name) => {
        const dataset = file.dataset(`${group}/${name}`);
        return dataset === null ? [] : [{ name, ...dataset }];
      });
      if (path.length === 1) return tensors;
      // A model within the model lists all its weights in its own group; each name ends with its layer's and its own.
      const layer = path.at(-1);
      return tensors.filter(({ name }) => name.split('/').at(-2) === layer);
    },
  };
}

/** Keras' own rule for the names of groups: `Conv2D` is `conv2d`, `ReLU` is `re_lu`. */
function groupName(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The group of each layer of a model, by the name of the layer. */
function groupsOf(file: HdfFile, root: string, graph: KerasGraph): ReadonlyMap<string, string> {
  // Versions before Keras 3 called the list otherwise.
  const list = ['layers', '_layer_checkpoint_dependencies'].find((name) => file.children(`${root}/${name}`).length > 0);
  if (list === undefined) return new Map();
  const named = new Map<string, string>();
  for (const child of file.children(`${root}/${list}`)) {
    const [name] = file.words(`${root}/${list}/${child}/vars`, 'name') ?? [];
    if (name !== undefined) named.set(name, `${root}/${list}/${child}`);
  }
  const taken = new Map<string, number>();
  return new Map(
    graph.layers
      .filter((layer) => !layer.isOperation && !(graph.isSequential && layer.className === 'InputLayer'))
      .map(({ name, className }): [string, string] => {
        const base = groupName(className.split('>').at(-1) ?? className);
        const count = taken.get(base) ?? 0;
        taken.set(base, count + 1);
        return [name, named.get(name) ?? `${root}/${list}/${base}${count === 0 ? '' : `_${count}`}`];
      }),
  );
}

/** Weights of a `.keras` file: groups within groups as the models stand in each other, in each its variables by their number. */
export function nestedWeights(file: HdfFile, graph: KerasGraph): KerasWeights {
  const known = new Map<string, ReadonlyMap<string, string>>();
  const groups = (root: string, of: KerasGraph): ReadonlyMap<string, string> => {
    const found = known.get(root) ?? groupsOf(file, root, of);
    known.set(root, found);
    return found;
  };
  return {
    of: (path) => {
      let [root, model]: [string, KerasGraph] = ['', graph];
      for (const [at, name] of path.entries()) {
        const layer: KerasLayer | undefined = model.layers.find((one) => one.name === name);
        const group = groups(root, model).get(name);
        if (layer === undefined || group === undefined) return [];
        root = group;
        if (at < path.length - 1) {
          if (layer.model === null) return [];
          model = layer.model;
        }
      }
      const varsOf = (group: string, prefix: string): readonly StoredTensor[] =>
        file
          .children(`${group}/vars`)
          .toSorted((a, b) => Number(a) - Number(b))
          .flatMap((name) => {
            const dataset = file.dataset(`${group}/vars/${name}`);
            return dataset === null ? [] : [{ name: `${prefix}${name}`, ...dataset }];
          });
      // A layer may be made of others, as an attention of its products.
      const within = file.children(root).filter((name) => name !== 'vars');
      return [...varsOf(root, ''), ...within.flatMap((name) => varsOf(`${root}/${name}`, `${name}/`))];
    },
  };
}

/** Weights that stand in one list, each name ending with its layer's and its own, as TensorFlow.js writes them. */
export function listedWeights(tensors: readonly StoredTensor[]): KerasWeights {
  const byLayer = new Map<string, StoredTensor[]>();
  for (const tensor of tensors) {
    const parts = tensor.name.split('/');
    // Some writers put the name of a cell or a number between the layer and the weight.
    const layers = new Set([parts.at(-2), parts.at(-3), parts.slice(0, -1).join('/')]);
    for (const layer of layers) {
      if (layer === undefined || layer === '') continue;
      const list = byLayer.get(layer) ?? [];
      list.push(tensor);
      byLayer.set(layer, list);
    }
  }
  return {
    of: (path) => {
      const found = byLayer.get(path.at(-1) ?? '') ?? [];
      const within = path.slice(0, -1);
      const nested = found.filter(({ name }) => within.every((model) => name.split('/').includes(model)));
      return nested.length > 0 ? nested : found;
    },
  };
}
