import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { closeInputs } from '../../shared/compile/openSizes';
import { taskOf } from '../../shared/compile/trainingChecks';
import { noSuchClass, noSuchSample } from '../../shared/diagnostics/catalog/inspection';
import { inputSizeMismatch } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { InspectedSamples, ModelData } from '../../shared/host/api';
import type { HostTensor } from '../../shared/ops/tensor';
import { elementCount } from '../../shared/ops/tensor';
import { parseDataSpec } from '../../shared/schema/data';
import type { NetworkDocument } from '../../shared/schema/document';
import { readingOf } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { formatCount, formatShape } from '../../shared/text';
import { gatherSamples, withSamples } from '../data/dataset';
import type { Dataset } from '../data/dataset';
import { fitToNetwork, openData, readingFor } from '../data/open';
import type { TrainedData } from '../files/trainedData';
import { makeBatch } from './batches';
import { alignToModel } from './modelData';
import { readSample } from './predict';
import { batchForm, wantedInput, wantedOf } from './prepare';
import { assumedData } from './trained';

/** A network that is to be looked into. */
export type InspectedNetwork = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly config: TrainingConfig;
  /** What its weights were trained on; null for fresh ones, and where that is not known. */
  readonly data: TrainedData | null;
};

/** Samples as the network takes them, the network with their size, and what they are to be. */
export type ReadSamples = Pick<InspectedNetwork, 'document' | 'analysis'> & {
  readonly x: HostTensor;
  /** Null where nobody said what is right. */
  readonly y: HostTensor | null;
  readonly task: Pick<ModelData, 'task' | 'classes'> & { readonly hasIgnored: boolean };
};

type Opened = { readonly key: string; readonly dataset: Dataset };

/** Sources that hold all their pictures in memory, in one size: they are brought to the network's one by one. */
function isHeld(spec: string): boolean {
  return parseDataSpec(spec)?.source.holds === 'arrays';
}

/** Only these samples of each part, which a part that is shorter has fewer of. */
function picked(dataset: Dataset, indices: readonly number[]): Dataset {
  const some = (samples: Dataset['train']): Dataset['train'] => {
    const { inputs, targets } = samples;
    if (!ArrayBuffer.isView(inputs) || !ArrayBuffer.isView(targets)) return samples;
    const own = indices.filter((index) => index < samples.count);
    return gatherSamples({ ...samples, inputs, targets }, own);
  };
  return withSamples(dataset, some);
}

/** Opens data as a network is to be shown them; what they were when a model was trained on them, for its weights. */
async function openFor({ analysis, config, data }: InspectedNetwork, spec: string): Promise<Result<Dataset>> {
  const wanted = isHeld(spec) ? null : wantedOf(analysis, config, data?.inputShape);
  const options = { wanted, infoOnly: false, reading: readingFor(config, spec) } as const;
  if (data !== null) {
    const opened = await openData(spec, { ...options, readAs: data });
    if (!opened.ok) return opened;
    const aligned = alignToModel(opened.value, data);
    return aligned.ok ? success(aligned.value.dataset) : aligned;
  }
  const opened = await openData(spec, options);
  if (!opened.ok) return opened;
  const task = taskOf(analysis, opened.value.info, config);
  return task === opened.value.info.task ? opened : await openData(spec, { ...options, task });
}

/** Reads samples to look at, and tells how many a part of the data has. */
export type SampleReader = {
  readonly read: (network: InspectedNetwork, samples: InspectedSamples) => Promise<Result<ReadSamples>>;
  readonly countOf: (network: InspectedNetwork, spec: string, part: 'train' | 'validation') => Promise<Result<number>>;
};

/** See {@link SampleReader}. The data set that was opened last is kept: the next sample is most often another of it. */
export function createSampleReader(): SampleReader {
  let last: Opened | null = null;
  const open = async (network: InspectedNetwork, spec: string): Promise<Result<Dataset>> => {
    const { analysis, config, data } = network;
    const wanted = isHeld(spec) ? null : wantedInput(analysis);
    const key = JSON.stringify([spec, wanted, data, config.loss, config.output, readingFor(config, spec)]);
    if (last?.key === key) return success(last.dataset);
    last = null;
    const opened = await openFor(network, spec);
    if (opened.ok) last = { key, dataset: opened.value };
    return opened;
  };
  return {
    read: async (network, samples) => {
      switch (samples.from) {
        case 'data': {
          const dataset = await open(network, samples.spec);
          return dataset.ok ? ofData(network, dataset.value, samples) : dataset;
        }
        case 'picture':
          return await ofPicture(network, samples);
        case 'values':
          return ofValues(network, samples);
      }
    },
    countOf: async (network, spec, part) => {
      const dataset = await open(network, spec);
      return dataset.ok ? success(dataset.value[part].count) : dataset;
    },
  };
}

function ofData(
  { document, analysis, config, data }: InspectedNetwork,
  whole: Dataset,
  { spec, part, indices }: InspectedSamples & { readonly from: 'data' },
): Result<ReadSamples> {
  const { count } = whole[part];
  const beyond = indices.find((index) => index >= count);
  if (beyond !== undefined) return failure(noSuchSample(beyond, count));
  const wantedShape = wantedOf(analysis, config, data?.inputShape);
  const fitted = isHeld(spec)
    ? fitToNetwork(picked(whole, indices), { wanted: wantedShape, reading: readingOf(config) })
    : success(whole);
  if (!fitted.ok) return fitted;
  const dataset = fitted.value;
  const closed = closeInputs(document, analysis, dataset.info.inputShape);
  const [onlyOutput] = closed.analysis.outputs;
  const outputShape = closed.analysis.nodes.get(config.output ?? onlyOutput ?? '')?.outputShape ?? [];
  const wanted = wantedInput(closed.analysis)?.shape ?? [];
  if (wanted.join() !== dataset.info.inputShape.join()) {
    return failure(inputSizeMismatch(formatShape(wanted), formatShape(dataset.info.inputShape)));
  }
  const places = isHeld(spec) ? [...indices.keys()] : indices;
  const { x, y } = makeBatch(dataset[part], places, batchForm(dataset, outputShape));
  const { task, classes } = dataset.info;
  return success({ ...closed, x, y, task: { task, classes, hasIgnored: dataset.hasIgnored ?? false } });
}

/** What a network is for, where no data say it. */
function assumedTask({ document, analysis, config, data }: InspectedNetwork): ReadSamples['task'] {
  const stand = { path: '', model: { document, weights: {}, facts: { data, source: '' } }, ownData: null };
  const { task, classes } = data ?? assumedData({ ...stand, analysis, config }) ?? { task: 'regression', classes: [] };
  return { task, classes, hasIgnored: false };
}

function labelTensor(task: ReadSamples['task'], labels: readonly number[] | undefined): Result<HostTensor | null> {
  if (labels === undefined) return success(null);
  const beyond = labels.find((label) => label >= task.classes.length);
  if (beyond !== undefined) return failure(noSuchClass(beyond, task.classes.length));
  if (task.task !== 'classification') return success(null);
  return success({ dtype: 'int32', shape: [labels.length], data: Int32Array.from(labels) });
}

async function ofPicture(
  network: InspectedNetwork,
  { input, label }: InspectedSamples & { readonly from: 'picture' },
): Promise<Result<ReadSamples>> {
  const sample = await readSample(input);
  if (!sample.ok) return sample;
  const own = network.data?.inputShape ?? sample.value.shape;
  const closed =
    own === null
      ? network
      : { ...network, ...closeInputs(network.document, network.analysis, own.length === 2 ? [...own, 1] : own) };
  const shape = wantedInput(closed.analysis)?.shape ?? [];
  if (shape.includes(null)) return failure(inputSizeMismatch(formatShape(shape), '?'));
  const x = sample.value.fit(
    shape.map((size) => size ?? 1),
    network.data?.fit ?? network.config.fit,
  );
  if (!x.ok) return x;
  const task = assumedTask(closed);
  const y = labelTensor(task, label === undefined ? undefined : [label]);
  if (!y.ok) return y;
  return success({ document: closed.document, analysis: closed.analysis, x: x.value, y: y.value, task });
}

function ofValues(
  network: InspectedNetwork,
  { values, labels }: InspectedSamples & { readonly from: 'values' },
): Result<ReadSamples> {
  const { document, analysis } = network;
  const wanted = wantedInput(analysis)?.shape ?? [];
  const shape = wanted.map((size) => size ?? 0);
  const size = elementCount(shape);
  const count = values.length / size;
  if (!Number.isInteger(count) || count === 0 || (labels !== undefined && labels.length !== count)) {
    return failure(inputSizeMismatch(formatShape(wanted), formatCount(values.length)));
  }
  const task = assumedTask(network);
  const y = labelTensor(task, labels);
  if (!y.ok) return y;
  return success({
    document,
    analysis,
    x: { dtype: 'float32', shape: [count, ...shape], data: values },
    y: y.value,
    task,
  });
}

/** A network as it stands, with its settings over the defaults. */
export function inspectedNetwork(
  document: NetworkDocument,
  config: TrainingConfig,
  data: TrainedData | null,
): InspectedNetwork {
  return { document, analysis: analyzeNetwork(document), config, data };
}
