import type * as Tfjs from '@tensorflow/tfjs';
import { elementCount } from '../../shared/ops/tensor';
import { findInstalled, isInstalled } from '../engines/tensorflow/installed';
import { randomBatch } from './engineStepper';
import { peerLayers } from './network';
import type { BenchCase, PeerKind, PeerLayer } from './network';
import type { Stepper } from './protocol';

type Library = typeof Tfjs;

/** Plain tfjs on its wasm backend, with a layers model. */
export async function createTfjsLayersStepper(benchCase: BenchCase): Promise<Stepper> {
  const { activateBackend } = await import('../engines/tfjs/backend');
  await activateBackend('wasm');
  const tf = await import('@tensorflow/tfjs');
  registerFilterGradient(tf);
  return createLayersStepper(tf, benchCase, 'CPU, WebAssembly, 1 thread');
}

/** tfjs-node as `convloom setup tensorflow` built it, with the same layers model. */
export async function createTfjsNodeStepper(benchCase: BenchCase): Promise<Stepper> {
  const build = findInstalled();
  if (!isInstalled(build)) throw new Error(`tfjs-node is not there: ${build.reason}`);
  const { loadTfjsNode } = await import('../engines/tensorflow/tfjsNode');
  // The package's API is tfjs's own; it has no types that this build can see.
  const tf = loadTfjsNode(build.packageDir) as Library;
  return createLayersStepper(tf, benchCase, `CPU, ${process.env['TF_NUM_INTRAOP_THREADS'] ?? 'all'} threads`);
}

/**
 * tfjs 4.22 has no 2-D Conv2DBackpropFilter for wasm, so that a layers model with a conv does not train there at all. This is the
 * usual way around: the gradient as a conv2d of x and dy with batch and channels swapped, the strides as dilations.
 */
function registerFilterGradient(tf: Library): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const [x, dy] = [inputs['x'], inputs['dy']];
      const { strides, pad, filterShape } = attrs ?? {};
      if (!isTensor(tf, x) || !isTensor(tf, dy)) throw new Error('Conv2DBackpropFilter: no tensors.');
      return tf.tidy(() => filterGradient(tf, x, dy, numbers(strides), pad, numbers(filterShape)));
    },
  });
}

function isTensor(tf: Library, value: unknown): value is Tfjs.Tensor {
  return value instanceof tf.Tensor;
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

function filterGradient(
  tf: Library,
  x: Tfjs.Tensor,
  dy: Tfjs.Tensor,
  [strideHeight = 1, strideWidth = 1]: readonly number[],
  pad: unknown,
  [kernelHeight = 1, kernelWidth = 1]: readonly number[],
): Tfjs.Tensor {
  const [, height = 0, width = 0] = x.shape;
  const [, outHeight = 0, outWidth = 0] = dy.shape;
  const needed = [
    (outHeight - 1) * strideHeight + kernelHeight - height,
    (outWidth - 1) * strideWidth + kernelWidth - width,
  ].map((size) => (pad === 'same' ? Math.max(size, 0) : 0));
  const [rows = 0, columns = 0] = needed;
  const around: [number, number][] = [
    [0, 0],
    [Math.floor(rows / 2), Math.ceil(rows / 2)],
    [Math.floor(columns / 2), Math.ceil(columns / 2)],
    [0, 0],
  ];
  const images = tf.transpose(tf.pad(x, around), [3, 1, 2, 0]);
  const filters = tf.transpose(dy, [1, 2, 0, 3]);
  const gradient = tf.conv2d(asImages(images), asImages(filters), 1, 'valid', 'NHWC', [strideHeight, strideWidth]);
  return tf.slice(tf.transpose(gradient, [1, 2, 0, 3]), [0, 0, 0, 0], [kernelHeight, kernelWidth, -1, -1]);
}

function asImages(x: Tfjs.Tensor): Tfjs.Tensor4D {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  return x.as4D(batch, height, width, channels);
}

function createLayersStepper(tf: Library, benchCase: BenchCase, device: string): Stepper {
  const layers = peerLayers(benchCase.document);
  if ('lacking' in layers) throw new Error(`The benchmark's peer networks have no ${layers.lacking}.`);
  const isPlain = layers.every(({ dilation, groups }) => dilation.every((step) => step === 1) && groups === 1);
  if (!isPlain) throw new Error("The benchmark's tfjs networks have no dilated or grouped convolution.");
  const model = buildModel(tf, layers);
  const { batchSize, task } = benchCase;
  const shape = layers[0]?.inputShape ?? [];
  const output = layers.at(-1)?.outputShape ?? [];
  const positions = task.kind === 'segmentation' ? (output[0] ?? 1) * (output[1] ?? 1) : 1;
  const pixelCount = batchSize * elementCount(shape);
  const { pixels, labels } = randomBatch(pixelCount, batchSize * positions, task.classCount);
  const x = tf.tensor(pixels, [batchSize, ...shape]);
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), task.classCount);
  const optimizer = tf.train.adam(0.001);
  return {
    device,
    version: `tfjs ${tf.version_core}`,
    step: async () => {
      const loss = optimizer.minimize(() => {
        const scores = model.apply(x, { training: true });
        if (!(scores instanceof tf.Tensor)) throw new Error('The model gave no tensor.');
        return tf.losses.softmaxCrossEntropy(y, tf.reshape(scores, [-1, task.classCount])).asScalar();
      }, true);
      const [value] = (await loss?.data()) ?? [];
      loss?.dispose();
      return value ?? NaN;
    },
  };
}

function buildModel(tf: Library, layers: readonly PeerLayer[]): Tfjs.LayersModel {
  const values = new Map<string, Tfjs.SymbolicTensor>();
  const one = (
    value: Tfjs.SymbolicTensor | Tfjs.SymbolicTensor[] | Tfjs.Tensor | Tfjs.Tensor[],
  ): Tfjs.SymbolicTensor => {
    if (value instanceof tf.SymbolicTensor) return value;
    throw new Error('A layer gave more than one value.');
  };
  for (const layer of layers) {
    const { kind } = layer;
    if (kind === 'input') {
      values.set(layer.id, tf.input({ shape: [...layer.outputShape] }));
      continue;
    }
    const inputs = layer.inputs.flatMap((id) => values.get(id) ?? []);
    const [first] = inputs;
    if (first === undefined) throw new Error(`Node ${layer.id} has no input.`);
    values.set(layer.id, one(applyLayer(tf, layer, kind, first, inputs)));
  }
  const [input, output] = [values.get(layers[0]?.id ?? ''), values.get(layers.at(-1)?.id ?? '')];
  if (input === undefined || output === undefined) throw new Error('The network has no input or no output.');
  return tf.model({ inputs: input, outputs: output });
}

function applyLayer(
  tf: Library,
  layer: PeerLayer,
  kind: Exclude<PeerKind, 'input'>,
  first: Tfjs.SymbolicTensor,
  all: Tfjs.SymbolicTensor[],
) {
  const { filters, useBias } = layer;
  const activation = layer.activation === 'relu' ? 'relu' : 'linear';
  const size = { kernelSize: [...layer.kernel], strides: [...layer.strides] as [number, number] };
  const padding = layer.same ? ('same' as const) : ('valid' as const);
  const padded = layer.same ? first : withPads(tf, layer, first);
  switch (kind) {
    case 'conv':
      return tf.layers.conv2d({ filters, ...size, padding, activation, useBias }).apply(padded);
    case 'upconv':
      return tf.layers.conv2dTranspose({ filters, ...size, padding, activation, useBias }).apply(first);
    case 'pool': {
      const window = { poolSize: [...layer.kernel] as [number, number], strides: size.strides, padding };
      return (layer.mode === 'avg' ? tf.layers.averagePooling2d(window) : tf.layers.maxPooling2d(window)).apply(padded);
    }
    case 'fc': {
      const flat = layer.inputShape.length > 1 ? tf.layers.flatten().apply(first) : first;
      if (!(flat instanceof tf.SymbolicTensor)) throw new Error('Flatten gave no value.');
      return tf.layers.dense({ units: filters, activation, useBias }).apply(flat);
    }
    case 'gap':
      return tf.layers.globalAveragePooling2d({}).apply(first);
    case 'flatten':
      return tf.layers.flatten().apply(first);
    case 'activation':
      return tf.layers.activation({ activation }).apply(first);
    case 'add':
      return tf.layers.add().apply(all);
    case 'concat':
      return tf.layers.concatenate().apply(all);
    case 'batchnorm':
      return tf.layers.batchNormalization().apply(first);
    case 'dropout':
      return tf.layers.dropout({ rate: layer.rate }).apply(first);
  }
}

function withPads(tf: Library, layer: PeerLayer, x: Tfjs.SymbolicTensor): Tfjs.SymbolicTensor {
  const [top = 0, bottom = 0, left = 0, right = 0] = layer.pads;
  if (layer.pads.every((pad) => pad === 0)) return x;
  const padding: [[number, number], [number, number]] = [
    [top, bottom],
    [left, right],
  ];
  const padded = tf.layers.zeroPadding2d({ padding }).apply(x);
  if (!(padded instanceof tf.SymbolicTensor)) throw new Error('Padding gave no value.');
  return padded;
}
