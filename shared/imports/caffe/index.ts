import { success, type Result } from '../../diagnostics/diagnostic';
import type { FloatTensor } from '../../ops/tensor';
import { formatShape, text, type Text } from '../../text';
import { createDrafts, type Draft, type Drafts } from '../drafts';
import type { ImportedNetwork } from '../networkBuilder';
import { damaged, orProblem, unknownLayer } from '../problem';
import { hasField, messageAt } from '../protoText';
import type { ImportLine } from '../report';
import type { Blob, LayerUse } from './context';
import { layerTypes, sharedNames } from './layers';
import { fedSizes, isOfTraining, readCaffeNet, type CaffeLayer, type CaffeNet } from './net';

/** Weights of a Caffe model by the names of its layers. */
export type CaffeWeights = ReadonlyMap<string, readonly FloatTensor[]>;

type Reading = {
  readonly drafts: Drafts;
  readonly blobs: Map<string, Blob>;
  /** How often each version of a blob is read: `name` and how many layers have written it so far. */
  readonly readers: ReadonlyMap<string, number>;
  readonly versions: Map<string, number>;
  readonly inputs: Map<Draft, string>;
  /** What no layer has read yet, by the blob's name. */
  readonly open: Map<string, Blob>;
  /** Nodes whose values go on under several names, so that nothing may become a part of them. */
  readonly forked: Set<Draft>;
  readonly shared: Set<string>;
  /** All names of a layer's weights at once: a layer with the same ones uses that one's. */
  readonly sharedSets: Set<string>;
  /** Blobs that belong to the training: labels, and what is computed of them. */
  readonly labels: Set<string>;
};

const ofTraining = text('It belongs to the training, and gives no answer.', '它属于训练，不产生输出。');

/** Reads the text of a Caffe network, with the weights of a model where there are any. */
export function readCaffe(
  path: string,
  words: string,
  weights: CaffeWeights | null,
  name: string,
): Result<ImportedNetwork> {
  return orProblem(path, () => success(convert(readCaffeNet(words), weights, name)));
}

function isSource({ type, bottoms, tops }: CaffeLayer): boolean {
  return bottoms.length === 0 && tops.length > 0 && !Object.hasOwn(layerTypes, type);
}

function convert(net: CaffeNet, weights: CaffeWeights | null, name: string): ImportedNetwork {
  const drafts = createDrafts();
  const reading: Reading = {
    drafts,
    blobs: new Map(),
    readers: countReaders(net),
    versions: new Map(),
    inputs: new Map(),
    open: new Map(),
    forked: new Set(),
    shared: new Set(),
    sharedSets: new Set(),
    labels: new Set(),
  };
  for (const { name: blob, sizes } of net.inputs) addInput(reading, blob, sizes, blob, 'Input');
  const given = new Set(weights?.keys());
  for (const layer of net.layers) {
    given.delete(layer.name);
    if (isSource(layer)) addSource(reading, layer);
    else if (isOfTraining(layer) || layer.bottoms.some((bottom) => reading.labels.has(bottom))) leave(reading, layer);
    else addLayer(reading, layer, weights?.get(layer.name) ?? null);
  }
  for (const { name: left } of net.trained) drafts.say(left, null, 'left', ofTraining);
  for (const left of given) {
    if ((weights?.get(left)?.length ?? 0) > 0 && !net.trained.some((layer) => layer.name === left)) {
      drafts.say(
        left,
        null,
        'left',
        text('The network has no layer for these weights.', '网络中没有这些权值对应的层。'),
      );
    }
  }
  const outputs = [...reading.open].map(([blob, value]) => ({ draft: asList(drafts, blob, value), name: blob }));
  if (outputs.length === 0) damaged(text('no layer computes anything.', '没有任何层进行计算。'));
  return drafts.finish({ name: net.name || name, inputs: reading.inputs, outputs, hasWeights: weights !== null });
}

/** Counts the readers of each version of a blob, as layers may write over what they read. */
function countReaders({ layers }: CaffeNet): ReadonlyMap<string, number> {
  const versions = new Map<string, number>();
  const readers = new Map<string, number>();
  for (const layer of layers) {
    if (!isOfTraining(layer)) {
      for (const bottom of layer.bottoms) {
        const key = `${versions.get(bottom) ?? 0} ${bottom}`;
        readers.set(key, (readers.get(key) ?? 0) + 1);
      }
    }
    for (const top of layer.tops) versions.set(top, (versions.get(top) ?? 0) + 1);
  }
  return readers;
}

function write(reading: Reading, name: string, blob: Blob): void {
  reading.blobs.set(name, blob);
  reading.versions.set(name, (reading.versions.get(name) ?? 0) + 1);
}

function addInput(reading: Reading, blob: string, sizes: readonly number[], source: string, type: string): void {
  const [, channels, height, width] = sizes;
  const shape = sizes.length === 4 ? [height, width, channels] : sizes.length === 2 ? [channels] : null;
  if (shape === null) {
    unknownLayer(
      source,
      type,
      text(
        'The file does not say the size of what goes in; the network for use, often called deploy.prototxt, does.',
        '文件没有说明输入的大小；用于预测的网络（通常叫 deploy.prototxt）会说明。',
      ),
    );
  }
  const draft = reading.drafts.add(blob, 'input', { shape: shape.map((size) => size ?? 0) }, []);
  reading.inputs.set(draft, blob);
  // The inputs of the network itself are there before any layer writes.
  reading.blobs.set(blob, { draft, isFlat: false });
  const isTurned = sizes.length === 4;
  const why = text('The file has the channels first, here they are last.', '文件中通道在前，这里通道在后。');
  if (isTurned) reading.drafts.say(source, draft, 'changed', why);
  else reading.drafts.say(source, draft, 'same');
}

/** Layers that feed data: the first top is the picture, what follows it are labels. */
function addSource(reading: Reading, layer: CaffeLayer): void {
  const sizes = fedSizes(layer);
  const isPlain = layer.type === 'Input' || layer.type === 'DummyData';
  for (const [at, top] of layer.tops.entries()) {
    if (isPlain || at === 0) {
      addInput(reading, top, sizes[at] ?? [], layer.name, layer.type);
      reading.versions.set(top, (reading.versions.get(top) ?? 0) + 1);
    } else reading.labels.add(top);
  }
  const transform = messageAt(layer.message, 'transform_param');
  const owed = ['scale', 'mean_value', 'mean_file'].filter((field) => hasField(transform, field));
  if (owed.length === 0) return;
  const names = owed.join(', ');
  const why = text(
    `Its ${names} is left out: pictures are prepared by the data.`,
    `其 ${names} 已略去：图片由数据设置预处理。`,
  );
  reading.drafts.say(layer.name, null, 'left', why);
}

function leave({ drafts, labels }: Reading, { name, tops, bottoms }: CaffeLayer): void {
  for (const top of tops) if (!bottoms.includes(top) || labels.has(top)) labels.add(top);
  drafts.say(name, null, 'left', ofTraining);
}

/** A map that the file has as a list, channel after channel, as that list. */
function asList(drafts: Drafts, source: string, { draft, isFlat }: Blob): Draft {
  if (!isFlat) return draft;
  const [height, width] = draft.shape;
  const first = height === 1 && width === 1 ? draft : drafts.add(source, 'permute', { order: [3, 1, 2] }, [draft]);
  return drafts.add(source, 'flatten', {}, [first]);
}

function createUse(
  { blobs: known, readers, versions, drafts, forked }: Reading,
  layer: CaffeLayer,
  blobs: readonly FloatTensor[] | null,
): LayerUse & { readonly lines: readonly { readonly status: ImportLine['status']; readonly why: Text }[] } {
  const { name, type, bottoms, message } = layer;
  const lines: { readonly status: ImportLine['status']; readonly why: Text }[] = [];
  const refuse = (why: Text): never => unknownLayer(name, type === '' ? 'layer' : type, why);
  const inputs = bottoms.map(
    (bottom) =>
      known.get(bottom) ??
      damaged(
        text(
          `“${name.slice(0, 80)}” reads “${bottom.slice(0, 80)}”, which is not there.`,
          `“${name.slice(0, 80)}”读取不存在的“${bottom.slice(0, 80)}”。`,
        ),
      ),
  );
  // What no layer had written yet when it was first read.
  const counts = bottoms.map((bottom) => readers.get(`${versions.get(bottom) ?? 0} ${bottom}`) ?? 0);
  const input = (place = 0): Draft => {
    const blob = inputs[place];
    return blob === undefined ? refuse(text('It reads nothing.', '它没有输入。')) : asList(drafts, name, blob);
  };
  return {
    layer,
    inputs,
    blobs,
    lines,
    param: (short) => messageAt(message, `${short}_param`),
    isOnlyReader: (place) => {
      const draft = inputs[place]?.draft;
      return counts[place] === 1 && draft !== undefined && !forked.has(draft);
    },
    input,
    map: (place = 0) => {
      const draft = input(place);
      if (draft.shape.length === 3) return draft;
      return refuse(
        text(
          `It reads ${formatShape(draft.shape)}, which is no map.`,
          `其输入为 ${formatShape(draft.shape)}，不是特征图。`,
        ),
      );
    },
    add: (kind, params, from, weights) => {
      const draft = drafts.add(name, kind, params, from, weights);
      const names = sharedNames(layer);
      if (names.length > 0) draft.weightsName = names.join('\n');
      return draft;
    },
    say: (status, why) => void lines.push({ status, why }),
    refuse,
  };
}

function addLayer(reading: Reading, layer: CaffeLayer, blobs: readonly FloatTensor[] | null): void {
  const { drafts } = reading;
  const use = createUse(reading, layer, blobs !== null && blobs.length > 0 ? blobs : null);
  const converter = Object.hasOwn(layerTypes, layer.type) ? layerTypes[layer.type] : undefined;
  if (converter === undefined) return use.refuse(text('There is no such layer here.', '这里没有这样的层。'));
  const names = sharedNames(layer);
  const isWhole = reading.sharedSets.has(names.join('\n'));
  if (!isWhole && names.some((name) => reading.shared.has(name))) {
    use.say(
      'changed',
      text('It shares weights with a layer before it; here each has its own.', '它与前面的层共享权值；这里各有一份。'),
    );
  }
  for (const name of names) reading.shared.add(name);
  if (names.length > 0) reading.sharedSets.add(names.join('\n'));
  const tops = converter(use);
  for (const bottom of layer.bottoms) reading.open.delete(bottom);
  for (const [at, top] of layer.tops.entries()) {
    const blob = tops[at];
    if (blob === undefined) return use.refuse(text('It gives less than it says.', '其输出少于所声明的。'));
    write(reading, top, blob);
    reading.open.set(top, blob);
    const others = tops.some(({ draft }, other) => other !== at && draft === blob.draft);
    const isKept = use.inputs.some(({ draft }, place) => draft === blob.draft && !use.isOnlyReader(place));
    if (others || isKept) reading.forked.add(blob.draft);
  }
  const said = use.lines.length > 0;
  for (const { status, why } of use.lines) drafts.say(layer.name, tops[0]?.draft ?? null, status, why);
  if (!said) drafts.say(layer.name, tops[0]?.draft ?? null, 'same');
}
