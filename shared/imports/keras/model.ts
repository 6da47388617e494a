import { success, type Result } from '../../diagnostics/diagnostic';
import type { FloatTensors } from '../../ops/tensor';
import { text } from '../../text';
import type { Text } from '../../text';
import { damaged, orProblem } from '../problem';
import { isList, isRecord, own } from './config';
import type { Dialect } from './context';
import { convertModel, type ConvertedModel } from './convert';
import { foldLayers } from './fold';
import { readGraph, type KerasGraph } from './graph';
import { legacyWeights, nestedWeights, plainWeightName, type HdfFile, type KerasWeights } from './weights';

/** JSON of a file; cut off or not JSON at all ends the import. */
function parseJson(words: string): unknown {
  try {
    return JSON.parse(words) as unknown;
  } catch {
    return damaged(text('its JSON ends early or is none.', '其 JSON 不完整或无效。'));
  }
}

function generationOf(config: unknown, version: unknown): Dialect['generation'] {
  const isThird = typeof version === 'string' && Number.parseInt(version, 10) >= 3;
  return isThird ||
    (isRecord(config) && (own(config, 'module') !== undefined || own(config, 'registered_name') !== undefined))
    ? 3
    : 2;
}

const compiled: readonly { readonly source: string; readonly why: Text }[] = [
  {
    source: 'compile',
    why: text(
      'Optimizer, loss and metrics of the file are left out: they are settings of a training here.',
      '文件中的优化器、损失和指标已略去：它们在这里是训练设置。',
    ),
  },
];

/** A model's JSON: of `model.to_json()`, of a `.keras` file, of a `.h5`; with the weights that `weightsOf` finds for it. */
export function readKerasModel(
  path: string,
  words: string,
  weightsOf: (graph: KerasGraph) => KerasWeights | null,
  about: { readonly version?: unknown; readonly isCompiled?: boolean } = {},
): Result<ConvertedModel> {
  return orProblem(path, () => {
    const config = parseJson(words);
    const graph = readGraph(config);
    const version = about.version ?? (isRecord(config) ? own(config, 'keras_version') : undefined);
    const dialect: Dialect = { writer: 'keras', generation: generationOf(config, version) };
    const settings = isRecord(config) ? own(config, 'compile_config') : undefined;
    const isCompiled = about.isCompiled === true || (isRecord(settings) && own(settings, 'optimizer') != null);
    const left = isCompiled ? compiled : [];
    return success(foldLayers(convertModel({ graph, dialect, weights: weightsOf(graph), left })));
  });
}

/** A whole model in a `.h5`; null where the file has weights alone. */
export function readHdfModel(path: string, file: HdfFile): Result<ConvertedModel> | null {
  const [words] = file.words('', 'model_config') ?? [];
  if (words === undefined) return null;
  const root = file.children('').includes('model_weights') ? 'model_weights' : '';
  return readKerasModel(path, words, () => legacyWeights(file, root), {
    version: file.words('', 'keras_version')?.[0],
    isCompiled: file.words('', 'training_config') !== null,
  });
}

/** A `.keras` file: its config, and its weights in an HDF5 file of their own. */
export function readKerasArchive(path: string, words: string, file: HdfFile): Result<ConvertedModel> {
  return readKerasModel(path, words, (graph) => nestedWeights(file, graph));
}

/** What Keras calls its weights, and what they are called here where that differs. */
const weightNames: { readonly [name: string]: string } = {
  moving_mean: 'movingMean',
  moving_variance: 'movingVariance',
  depthwise_kernel: 'kernel',
};

/** The weights of a `.h5` that has nothing else, as `layer/weight`, for putting them on a network by name. */
export function readHdfWeights(path: string, file: HdfFile): Result<FloatTensors> {
  return orProblem(path, () => {
    const layers = file.words('', 'layer_names') ?? file.children('');
    const stored = legacyWeights(file, '');
    const tensors = layers.flatMap((layer) =>
      stored.of([layer]).map((tensor): [string, FloatTensors[string]] => {
        const values = tensor.read();
        const name = plainWeightName(tensor.name);
        const [height = 1, width = 1, channels = 1, multiplier = 1] = values.shape;
        // A depthwise kernel is that of a grouped convolution under another shape.
        const shape = name === 'depthwise_kernel' ? [height, width, 1, channels * multiplier] : values.shape;
        return [
          `${layer}/${Object.hasOwn(weightNames, name) ? (weightNames[name] ?? name) : name}`,
          { ...values, shape },
        ];
      }),
    );
    if (tensors.length === 0)
      damaged(text('it has neither a model nor the weights of layers.', '其中既没有模型，也没有各层的权值。'));
    return success(Object.fromEntries(tensors));
  });
}

/**
 * Whether all that a model's JSON names is Keras' own: then Keras builds it without running code of the file. A Lambda layer holds code,
 * and a module of another name would be imported.
 */
export function isPlainKeras(words: string): boolean {
  const waiting: unknown[] = [JSON.parse(words)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isList(next)) for (const item of next) waiting.push(item);
    if (!isRecord(next)) continue;
    const [module, className] = [own(next, 'module'), own(next, 'class_name')];
    if (module != null && !(typeof module === 'string' && /^(keras(\.[\w.]+)?|builtins)$/.test(module))) return false;
    if (typeof className === 'string' && /lambda|^__|^function$/i.test(className) && className !== '__keras_tensor__')
      return false;
    for (const value of Object.values(next)) waiting.push(value);
  }
  return true;
}
