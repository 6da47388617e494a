import { structureDigest } from '../../shared/document/digest';
import { featuresNotFinite, noFeatures, noSuchSample } from '../../shared/diagnostics/catalog/inspection';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FeatureFacts, InspectedSamples, Inspection } from '../../shared/host/api';
import type { LabelRows } from '../../shared/host/features';
import type { FeatureRows } from '../../shared/ops/neighbours';
import { indexOfLargest } from '../../shared/ops/tensor';
import type { HostTensor } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { featureNode, featureSize } from '../../shared/transforms/featureNode';
import type { FeatureNode } from '../../shared/transforms/featureNode';
import { inTargetUnits } from '../data/standardise';
import { createLabels, yesFrom } from './featureLabels';
import { networkOf } from './inspect';
import type { Inspector, Readers } from './inspect';
import type { InspectedNetwork, ReadSamples } from './inspectedSamples';
import { createTruths } from './maskTruth';
import type { TrainerQuestions } from './protocol';
import { modelStamp } from './trained';

/** Whose features, and of what. */
export type FeatureQuestion = {
  readonly path: string | null;
  readonly document: NetworkDocument;
  readonly spec: string;
  /** At most so many samples. */
  readonly most: number;
} & Pick<TrainerQuestions['nearest'][0], 'seed' | 'part' | 'node'>;

/** The features of a part of some data, with what each sample is and what the network says of it. */
export type FeatureTable = {
  readonly key: string;
  readonly facts: FeatureFacts;
  readonly read: FeatureNode;
  readonly indices: Int32Array;
  readonly rows: FeatureRows;
  /** NaN where there is none. */
  readonly truth: Float32Array;
  readonly given: Float32Array;
  /** For multi-label; null for other tasks. */
  readonly labels: LabelRows | null;
};

/** How it is found out: each step in its turn among the other questions, so that a look need not wait for a whole set. */
export type FeatureTools = {
  readonly readers: Readers;
  readonly inspect: Inspector;
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
};

/** What one batch may take in the engine. */
const batchBytes = 128 * 1024 * 1024;
const largestBatch = 128;

/** A node's features of each sample of a tensor `[batch, ...]`: its values, or their means over positions. */
export function featuresOf({ shape, data }: HostTensor, { isMean }: Pick<FeatureNode, 'isMean'>): FeatureRows {
  const [count = 0, height = 1, width = 1, channels = 1] = shape;
  if (!isMean) return { count, size: count === 0 ? 0 : data.length / count, values: Float32Array.from(data) };
  const values = new Float32Array(count * channels);
  for (let sample = 0; sample < count; sample++) {
    const sums = new Float64Array(channels);
    const from = sample * height * width * channels;
    for (let at = 0; at < height * width * channels; at++) {
      sums[at % channels] = (sums[at % channels] ?? 0) + (data[from + at] ?? 0);
    }
    values.set(
      sums.map((sum) => sum / (height * width)),
      sample * channels,
    );
  }
  return { count, size: channels, values };
}

/** So many places, evenly over a part that has more. */
export function evenly(count: number, total: number): Int32Array {
  return Int32Array.from({ length: Math.min(count, total) }, (_, at) =>
    Math.floor((at * total) / Math.min(count, total)),
  );
}

/** What is asked of the network, once the data have said their size. */
type Plan = {
  readonly network: InspectedNetwork;
  readonly closed: ReadSamples;
  readonly node: FeatureNode;
  /** The node whose answer is one class, any of them, or one value; null where answers are pictures. */
  readonly output: string | null;
  readonly indices: Int32Array;
  readonly total: number;
  readonly size: number;
};

async function plan(question: FeatureQuestion, { readers, inTurn }: FeatureTools): Promise<Result<Plan>> {
  const { spec, part, node: chosen } = question;
  const found = await networkOf(question, readers.models);
  if (!found.ok) return found;
  const network = found.value;
  const total = await inTurn(() => readers.samples.countOf(network, spec, part));
  if (!total.ok) return total;
  if (total.value === 0) return failure(noSuchSample(0, 0));
  const first: InspectedSamples = { from: 'data', spec, part, indices: [0] };
  const closed = await inTurn(() => readers.samples.read(network, first));
  if (!closed.ok) return closed;
  const { document, analysis, task } = closed.value;
  const output = network.config.output ?? analysis.outputs[0];
  const node = featureNode(document, analysis, { output, chosen });
  const size = node === null ? null : featureSize({ analysis }, node);
  if (node === null || size === null) return failure(noFeatures(chosen));
  const isPicture = task.task === 'segmentation' || task.task === 'image-to-image';
  const most = Math.min(question.most, limits.featureSamples, Math.max(1, Math.floor(limits.featureValues / size)));
  return success({
    network,
    closed: closed.value,
    node,
    output: isPicture ? null : (output ?? null),
    indices: evenly(most, total.value),
    total: total.value,
    size,
  });
}

/** One class, or the first value, of what the network answers for each sample. */
function answersOf(tensor: HostTensor | undefined, { task }: Inspection, count: number): Float32Array {
  if (tensor === undefined || task === 'multi-label') return new Float32Array(count).fill(NaN);
  const size = tensor.data.length / count;
  return Float32Array.from({ length: count }, (_, row) =>
    task === 'classification' ? indexOfLargest(tensor.data, row * size, size) : (tensor.data[row * size] ?? NaN),
  );
}

/** Reads the features of a set in batches, or says why not. */
async function readTable(key: string, question: FeatureQuestion, tools: FeatureTools): Promise<Result<FeatureTable>> {
  const planned = await plan(question, tools);
  if (!planned.ok) return planned;
  const { network, closed, node, output, indices, total, size } = planned.value;
  const { document, path, seed, spec, part } = question;
  const count = indices.length;
  const values = new Float32Array(count * size);
  const given = new Float32Array(count);
  const truths = createTruths(closed.task, count);
  const { task, classes } = closed.task;
  const least = yesFrom(closed.analysis.nodes.get(output ?? ''), network.config.loss);
  const labels = task === 'multi-label' ? createLabels(count, classes.length, least) : null;
  const step = Math.floor(batchBytes / Math.max(1, closed.analysis.totals.activationBytes));
  const batch = Math.max(1, Math.min(largestBatch, step));
  for (let from = 0; from < count; from += batch) {
    if (tools.signal.aborted) return failure(requestCancelled('features'));
    const places = [...indices.subarray(from, from + batch)];
    const seen = await tools.inTurn(() =>
      tools.inspect({
        ...{ document, path, seed, mode: 'infer', weights: [], backward: null },
        samples: { from: 'data', spec, part, indices: places },
        nodes: [...new Set([node.id, ...(output === null ? [] : [output])])],
      }),
    );
    if (!seen.ok) return seen;
    const tensor = seen.value.nodes[node.id];
    if (tensor !== undefined) values.set(featuresOf(tensor, node).values, from * size);
    given.set(answersOf(seen.value.nodes[output ?? ''], seen.value, places.length), from);
    truths.add(seen.value.labels, places.length);
    labels?.add(seen.value, output ?? '', places.length);
    tools.onProgress(from + places.length, count);
  }
  if (!values.every(Number.isFinite)) return failure(featuresNotFinite(node.id));
  const { scaling = null } = network.data ?? {};
  const inUnits = (numbers: Float32Array): Float32Array =>
    scaling === null || task !== 'regression' ? numbers : inTargetUnits(numbers, scaling);
  return success({
    key,
    facts: { node: node.id, why: node.why, isMean: node.isMean, size, task, classes, count, total },
    read: node,
    indices,
    rows: { count, size, values },
    truth: inUnits(truths.values()),
    given: inUnits(given),
    labels: labels?.rows() ?? null,
  });
}

/** Gives the features of sets. Those of the last two are kept, so that the next picture is compared at once. */
export type FeatureReader = (question: FeatureQuestion, tools: FeatureTools) => Promise<Result<FeatureTable>>;

/** One set to search in, and one that is laid out. */
const mostTables = 2;

/** See {@link FeatureReader}. One question at a time. */
export function createFeatureReader(): FeatureReader {
  const kept = new Map<string, FeatureTable>();
  return async (question, tools) => {
    const { document, path, seed, ...rest } = question;
    const stamp = path === null ? seed : await modelStamp(path);
    // Not the whole document: a node that is moved computes what it did.
    const key = JSON.stringify([path, stamp, structureDigest(document), document.train ?? null, rest]);
    const known = kept.get(key);
    kept.delete(key);
    const table = known === undefined ? await readTable(key, question, tools) : success(known);
    if (!table.ok) return table;
    kept.set(key, table.value);
    const [oldest] = kept.keys();
    if (kept.size > mostTables && oldest !== undefined) kept.delete(oldest);
    return table;
  };
}
