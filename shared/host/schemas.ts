import { z } from 'zod';
import { mostShown } from './dataLook';
import { embeddingMethods } from './features';
import { distances } from '../ops/neighbours';
import { dataParts, dataSpecSchema, evaluatedParts } from '../schema/data';
import { keptBlockSchema, networkDocumentSchema } from '../schema/document';
import { engineChoiceSchema } from '../schema/engines';
import { limits } from '../schema/limits';
import { earlyStopRules, mostTrials } from '../schema/sweeps';
import { dataReadingSchema, requestedTrainingSchema } from '../schema/training';
import { exportTargets } from '../schema/exports';
import { headForms, type HeadReport } from '../exports/tables/heads';
import { figureOptionsSchema } from '../schema/figures';
import type {
  HostRequests,
  InspectedSamples,
  ModelInput,
  ModelRef,
  RequestName,
  RunVariant,
  Settings,
  TableInput,
} from './api';

/**
 * What a host accepts, request by request. Every payload from outside passes here before a handler sees it. Documents are
 * checked in structure only: what is wrong inside a network is the analyser's to say.
 */

const path = z.string().min(1).max(limits.pathLength);
const id = z.string().min(1).max(limits.idLength);
const nothing = z.strictObject({});

const layout = z.record(
  z.string().max(limits.layoutKeyLength),
  z.union([z.number(), z.string().max(limits.layoutTextLength), z.boolean()]),
);

/** Fields of the settings, one by one, so that one bad value costs only itself. */
export const settingsFields = {
  language: z.enum(['system', 'en', 'zh']),
  theme: z.enum(['system', 'light', 'dark']),
  engine: engineChoiceSchema,
  autosave: z.boolean(),
  layout,
};

const partialSettings: z.ZodType<Partial<Settings>> = z.strictObject({
  language: settingsFields.language.exactOptional(),
  theme: settingsFields.theme.exactOptional(),
  engine: settingsFields.engine.exactOptional(),
  autosave: settingsFields.autosave.exactOptional(),
  layout: settingsFields.layout.exactOptional(),
});

const document = networkDocumentSchema;
const runId = z.strictObject({ runId: id });
const model: z.ZodType<ModelRef> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), runId: id }),
  z.strictObject({ type: z.literal('path'), path }),
]);

function isValues(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Float32Array]';
}

const recordedFiles = z.array(z.string().max(limits.fileNameLength)).max(limits.recordingFiles);

function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function isIndices(value: unknown): boolean {
  return (
    Object.prototype.toString.call(value) === '[object Int32Array]' &&
    (value as Int32Array).length <= limits.recordedPictures
  );
}

/** By its tag: an array that crossed from another realm is not `instanceof` this one's classes. */
function isPixels(value: unknown): value is Uint8Array | Float32Array {
  if (!ArrayBuffer.isView(value)) return false;
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Uint8Array]' && tag !== '[object Float32Array]') return false;
  const pixels = value as Uint8Array | Float32Array;
  return pixels.length <= limits.predictedValues && pixels.every((pixel) => pixel >= 0 && pixel <= 255);
}

const input: z.ZodType<ModelInput> = z.union([
  z.strictObject({
    pixels: z.custom<Uint8Array | Float32Array>(isPixels, 'no pixels of 0 to 255'),
    shape: z.array(z.int().min(1).max(limits.predictedValues)).max(3).exactOptional(),
  }),
  z.strictObject({ image: path }),
]);
const nodeId = z.string().max(limits.idLength * 4);
const nodeIds = z.array(nodeId).max(10_000);
const samples: z.ZodType<InspectedSamples> = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('data'),
    spec: dataSpecSchema,
    part: z.enum(['train', 'validation']),
    indices: z.array(z.int().min(0)).min(1).max(limits.inspectedSamples),
  }),
  z.strictObject({ from: z.literal('picture'), input, label: z.int().min(0).exactOptional() }),
  z.strictObject({
    from: z.literal('values'),
    values: z.custom<Float32Array>(isValues, 'no numbers'),
    labels: z.array(z.int().min(0)).max(limits.inspectedSamples).exactOptional(),
  }),
]);
const features = {
  document: document.nullable(),
  model: model.nullable(),
  seed: z.int().min(0),
  spec: dataSpecSchema.nullable(),
  part: z.enum(['train', 'validation']),
  node: z
    .string()
    .max(limits.idLength * 4)
    .nullable(),
  ticket: id.exactOptional(),
};
const dataPart = z.enum(dataParts);
const samplePlaces = z.array(z.strictObject({ part: dataPart, index: z.int().min(0) }));
const table: z.ZodType<TableInput> = z.union([
  z.strictObject({ path }),
  z.strictObject({ bytes: z.custom<Uint8Array>(isBytes, 'no bytes'), name: z.string().max(limits.fileNameLength) }),
]);
const words = z.string().max(limits.fileNameLength);
const said = z.strictObject({ en: words, zh: words });
const variant: z.ZodType<RunVariant> = z.strictObject({
  group: id,
  label: said,
  head: words,
  network: id,
});
const sweepId = z.strictObject({ sweepId: id });
const runName = z.string().max(limits.runName);
const tags = z.array(z.string().min(1).max(limits.runTag)).max(limits.runTags);
const amount = z.number().min(0);
const headReport: z.ZodType<HeadReport> = z.strictObject({
  name: z.string().max(limits.pathLength),
  figures: z
    .array(
      z.strictObject({
        id: words,
        label: said,
        isCurrent: z.boolean(),
        params: amount,
        trainableParams: amount,
        head: z.strictObject({ trainableParams: amount, macs: amount, activationBytes: amount }),
        share: amount,
        macs: amount,
        activationBytes: amount,
        trainingBytes: amount.nullable(),
        fileBytes: amount,
        inputSizes: z.strictObject({ en: z.string().max(1000), zh: z.string().max(1000) }),
        secondsPerStep: amount.nullable(),
        score: z.number().nullable(),
      }),
    )
    .max(100),
  note: z.strictObject({ en: z.string().max(1000), zh: z.string().max(1000) }),
  batchSize: z.int().min(1),
});
const menu = z.strictObject({
  label: z.string().max(100),
  entries: z
    .array(
      z.strictObject({
        id,
        label: z.string().max(300),
        keys: z.string().max(50).exactOptional(),
        section: z.int().min(0).max(20),
      }),
    )
    .max(100),
});

/** One schema per request of the HostApi; a missing one is a compile error. */
export const requestSchemas: { readonly [N in RequestName]: z.ZodType<HostRequests[N][0]> } = {
  'host.info': nothing,
  'host.check': nothing,
  'storage.list': nothing,
  'storage.free': z.strictObject({ id: z.enum(['runs', 'caches', 'engine', 'data', 'log', 'projects']) }),
  'log.add': z.strictObject({
    message: z.string().max(limits.layoutTextLength),
    stack: z.string().max(limits.layoutTextLength),
    isCrash: z.boolean(),
  }),
  'log.save': nothing,
  'log.crashes': nothing,
  'engines.list': z.strictObject({ recheck: z.boolean().exactOptional() }),
  'data.list': nothing,
  'data.info': z.strictObject({ spec: dataSpecSchema, reading: dataReadingSchema.exactOptional() }),
  'data.look': z.strictObject({
    config: requestedTrainingSchema,
    input: z.array(z.int().min(1).max(1_000_000).nullable()).max(8).nullable(),
    ticket: z.string().max(limits.idLength),
  }),
  'data.gallery': z.strictObject({
    config: requestedTrainingSchema,
    part: dataPart.nullable(),
    classIndex: z.int().min(0).max(65_535).nullable(),
    from: z.int().min(0),
    count: z.int().min(0).max(mostShown.pictures),
    only: samplePlaces.max(mostShown.pictures).exactOptional(),
  }),
  'data.preview': z.strictObject({
    config: requestedTrainingSchema,
    samples: samplePlaces.max(mostShown.samples),
    steps: z.int().min(1).max(mostShown.steps),
  }),
  'data.record': z.strictObject({
    dir: path,
    classes: z.array(z.string().max(limits.className)).max(limits.recordedClasses),
    labels: z.custom<Int32Array>(isIndices, 'no places'),
    lengths: z.custom<Int32Array>(isIndices, 'no lengths'),
    bytes: z.custom<Uint8Array>(isBytes, 'no bytes'),
    deleted: z
      .array(z.strictObject({ name: z.string().max(limits.className), files: recordedFiles }))
      .max(limits.recordedClasses)
      .exactOptional(),
  }),
  'data.recordings': z.strictObject({ dir: path.nullable() }),
  'data.recording': z.strictObject({ dir: path }),
  'data.recorded': z.strictObject({
    dir: path,
    name: z.string().max(limits.className),
    files: recordedFiles.max(mostShown.pictures),
  }),
  'data.sample': z.strictObject({ spec: dataSpecSchema }),
  'templates.list': nothing,
  'templates.open': z.strictObject({ id }),
  'files.list': z.strictObject({ dir: z.string().max(limits.pathLength), any: z.boolean().exactOptional() }),
  'files.pickOpen': z.strictObject({ any: z.boolean().exactOptional() }),
  'files.pickSave': z.strictObject({ suggestedName: z.string().max(limits.fileNameLength) }),
  'files.pickFolder': nothing,
  'files.reveal': z.strictObject({ path }),
  'project.open': z.strictObject({ path }),
  'project.save': z.strictObject({
    path,
    document,
    baseRevision: z.string().max(limits.revisionLength).nullable(),
    overwrite: z.boolean(),
  }),
  'project.recent': nothing,
  'project.forget': z.strictObject({ path }),
  'draft.save': z.strictObject({
    key: id,
    path: path.nullable(),
    revision: z.string().max(200).exactOptional(),
    runId: id.exactOptional(),
    replaces: id.exactOptional(),
    document,
  }),
  'draft.list': nothing,
  'draft.discard': z.strictObject({ key: id }),
  'run.start': z.strictObject({
    document,
    config: requestedTrainingSchema,
    dir: path.exactOptional(),
    variant: variant.exactOptional(),
    name: runName.exactOptional(),
    tags: tags.exactOptional(),
    from: model.exactOptional(),
  }),
  'run.measure': z.strictObject({ document, config: requestedTrainingSchema }),
  'run.measureLayers': z.strictObject({ document, config: requestedTrainingSchema, ticket: id.exactOptional() }),
  'run.findRate': z.strictObject({ document, config: requestedTrainingSchema, ticket: id.exactOptional() }),
  'run.forecast': z.strictObject({ document, config: requestedTrainingSchema }),
  'run.resume': z.strictObject({ runId: id, dir: path.exactOptional() }),
  'run.follow': z.strictObject({ dir: path, replay: z.boolean().exactOptional() }),
  'run.stop': runId,
  'run.list': z.strictObject({ dir: path.exactOptional(), ids: z.array(id).max(limits.listedRuns).exactOptional() }),
  'run.get': runId,
  'run.label': z.strictObject({ runId: id, name: runName.exactOptional(), tags: tags.exactOptional() }),
  'run.delete': runId,
  'run.prune': z.strictObject({ keep: z.int().min(0), isTrial: z.boolean() }),
  'sweep.start': z.strictObject({
    document,
    config: requestedTrainingSchema,
    vary: z.array(z.string().max(limits.varyLength)).max(limits.varied),
    trials: z.union([z.literal('grid'), z.int().min(1).max(mostTrials)]),
    earlyStop: z.enum(earlyStopRules.map(({ value }) => value)),
    name: runName.min(1).exactOptional(),
    dir: path.exactOptional(),
  }),
  'sweep.resume': z.strictObject({ sweepId: id.exactOptional(), dir: path.exactOptional() }),
  'sweep.stop': sweepId,
  'sweep.list': nothing,
  'sweep.forget': sweepId,
  'model.info': z.strictObject({ model }),
  'model.save': z.strictObject({ model, path, overwrite: z.boolean() }),
  'model.evaluate': z.strictObject({
    model,
    data: dataSpecSchema.nullable(),
    engine: engineChoiceSchema,
    part: z.enum(evaluatedParts).exactOptional(),
    answers: z.boolean().exactOptional(),
    output: nodeId.exactOptional(),
  }),
  'model.samples': z.strictObject({
    model,
    data: dataSpecSchema.nullable(),
    part: z.enum(evaluatedParts).exactOptional(),
    output: nodeId.exactOptional(),
    samples: z.array(z.int().min(0)).max(limits.shownSamples),
  }),
  'model.predict': z.strictObject({ model, input }),
  'model.predictTable': z.strictObject({ model, table }),
  'model.activations': z.strictObject({
    model,
    nodes: z
      .array(z.string().max(limits.idLength * 4))
      .min(1)
      .max(10_000),
    input,
  }),
  'model.inspect': z.strictObject({
    document,
    model: model.nullable(),
    seed: z.int().min(0),
    mode: z.enum(['infer', 'train']),
    samples,
    nodes: z.union([nodeIds, z.literal('all')]),
    weights: z.union([nodeIds, z.literal('all')]),
    put: z.record(z.string().max(limits.idLength * 4), z.custom<Float32Array>(isValues, 'no numbers')).exactOptional(),
    backward: z
      .discriminatedUnion('of', [
        z.strictObject({ of: z.literal('loss') }),
        z.strictObject({ of: z.literal('score'), class: z.int().min(0) }),
      ])
      .nullable(),
    slope: z
      .strictObject({ of: z.enum(['node', 'weight']), name: z.string().max(limits.idLength * 4), at: z.int().min(0) })
      .exactOptional(),
  }),
  'model.nearest': z.strictObject({
    ...features,
    samples,
    distance: z.enum(distances),
    count: z.int().min(1).max(limits.nearestSamples),
  }),
  'model.embed': z.strictObject({
    ...features,
    method: z.enum(embeddingMethods),
    count: z.int().min(1).max(limits.embeddedSamples),
    features: z.boolean().exactOptional(),
  }),
  'checkpoint.info': z.strictObject({ model }),
  'export.write': z.strictObject({
    document,
    target: z.enum(exportTargets.map(({ id }) => id)),
    model: model.nullable(),
    path,
    overwrite: z.boolean(),
    figure: figureOptionsSchema.exactOptional(),
  }),
  'heads.write': z.strictObject({
    report: headReport,
    form: z.enum(headForms),
    language: z.enum(['en', 'zh']),
    path,
    overwrite: z.boolean(),
  }),
  'export.preview': z.strictObject({
    document,
    target: z.enum(exportTargets.map(({ id }) => id)),
    model: model.nullable(),
    figure: figureOptionsSchema.exactOptional(),
  }),
  'import.read': z.strictObject({
    path,
    onto: document.exactOptional(),
    weights: path.exactOptional(),
    save: z.strictObject({ path, overwrite: z.boolean() }).exactOptional(),
    keep: z.boolean().exactOptional(),
    foldRepeats: z.boolean().exactOptional(),
  }),
  'import.receive': z.strictObject({
    upload: id.nullable(),
    name: z.string().min(1).max(limits.fileNameLength),
    bytes: z.custom<Uint8Array>(isBytes, 'no bytes'),
  }),
  'import.kept': z.strictObject({ id }),
  'import.forget': z.strictObject({ id }),
  'library.list': nothing,
  'library.keep': keptBlockSchema,
  'library.forget': z.strictObject({ name: z.string() }),
  'settings.get': nothing,
  'settings.set': partialSettings,
  'menu.set': z.strictObject({ file: menu, edit: menu, view: menu, learn: menu, help: menu }),
};
