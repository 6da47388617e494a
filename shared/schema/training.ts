import { z } from 'zod';
import { text, type Text } from '../text';
import { dataFields } from './dataFields';
import { isInRange, rangeSchema, rangeText } from './range';
import { trainingFields, type TrainingField } from './trainingFields';

export type { EngineId } from './engines';
export { trainingFields, type TrainingField } from './trainingFields';

type Fields = typeof trainingFields;

/** The name of a field, as in a document's `train`. */
export type TrainingFieldName = keyof Fields;

type ValueOf<F> = F extends { readonly choices: readonly { readonly value: infer V }[] }
  ? V
  : F extends { readonly type: 'text' }
    ? string
    : number;

type IsOptional<F> = F extends { readonly default: unknown } ? false : true;

/** Everything that decides a run, and nothing else: the same document, config and data give the same run. */
export type TrainingConfig = {
  readonly [N in TrainingFieldName as IsOptional<Fields[N]> extends true ? never : N]: ValueOf<Fields[N]>;
} & {
  readonly [N in TrainingFieldName as IsOptional<Fields[N]> extends true ? N : never]?: ValueOf<Fields[N]>;
};

/** How the weights follow the gradient. Learning rate and moments are per step. */
export type OptimizerName = TrainingConfig['optimizer'];

/** How the learning rate goes over a run. */
export type ScheduleName = TrainingConfig['schedule'];

/** The loss that is asked for; 'auto' takes what fits the task. */
export type LossName = TrainingConfig['loss'];

/** What products are computed in, once it is known what the machine gains. */
export type SettledPrecision = Exclude<TrainingConfig['precision'], 'auto'>;

/** Samples that a step learns from: a batch, or several whose gradients are put together. */
export function samplesPerStep({ batchSize, accumulate }: Pick<TrainingConfig, 'batchSize' | 'accumulate'>): number {
  return batchSize * accumulate;
}

/** The fields of {@link DataReading}. */
export const dataFieldNames: readonly (keyof DataReading)[] = Object.keys(dataFields).filter(
  (name): name is keyof DataReading => name in dataFields,
);

/** How data are read and parted: what of a configuration decides, beside the spec, what the samples are. */
export type DataReading = Pick<TrainingConfig, keyof typeof dataFields>;

/** {@link DataReading} of a configuration, and nothing else of it. */
export function readingOf(reading: DataReading): DataReading {
  const { testFraction, share, splitBy, maskValues, targets, annotations, fit } = reading;
  return {
    testFraction,
    share,
    splitBy,
    annotations,
    fit,
    ...(maskValues === undefined ? {} : { maskValues }),
    ...(targets === undefined ? {} : { targets }),
  };
}

/** The fields' names in the order of a document. */
export const trainingFieldNames: readonly TrainingFieldName[] = Object.keys(trainingFields).filter(
  (name): name is TrainingFieldName => name in trainingFields,
);

/** A field by its name, as the form, the options and the documentation walk them. */
export function trainingField(name: TrainingFieldName): TrainingField {
  return trainingFields[name];
}

/** What decides whether a field matters: the other settings, and how many outputs the network has. */
export type FieldSituation = { readonly config: TrainingConfig; readonly outputCount: number };

/**
 * Whether a field matters. An output that is named is shown even where there is only one: it may be a wrong one; and a strength of
 * augmentation that is set is in force whatever the recipe.
 */
export function isFieldShown(name: TrainingFieldName, { config, outputCount }: FieldSituation): boolean {
  const { shownWhen } = trainingField(name);
  if (shownWhen === undefined) return true;
  if (shownWhen === 'severalOutputs') return outputCount > 1 || config[name] !== undefined;
  if (shownWhen === 'augmented') return config.augment === 'own' || config[name] !== 0;
  const values: { readonly [name: string]: unknown } = config;
  const value = values[shownWhen.field];
  return typeof value === 'string' && shownWhen.is.includes(value);
}

/** Whether a run accepts a value of a field's own type. */
export function isSettingAccepted(name: TrainingFieldName, value: number | string): boolean {
  const field = trainingField(name);
  if (field.type === 'choice') return field.choices.some((choice) => choice.value === value);
  if (field.type === 'text') {
    return typeof value === 'string' && value !== '' && value.length <= (field.maxLength ?? Infinity);
  }
  return typeof value === 'number' && isInRange(field, value);
}

/** What a field takes, in words. */
export function acceptedText(name: TrainingFieldName): Text {
  const field = trainingField(name);
  if (field.type === 'text') {
    const { maxLength } = field;
    return maxLength === undefined
      ? text('a text that is not empty', '非空文本')
      : text(`a text of 1 to ${maxLength} characters`, `1 到 ${maxLength} 个字符的文本`);
  }
  if (field.type !== 'choice') return rangeText(field);
  const list = field.choices.map(({ value }) => value).join(', ');
  return text(`one of ${list}`, `以下之一：${list}`);
}

/** The type of a field alone: what a document may hold, whether or not a run accepts it. */
function structureOf(field: TrainingField): z.ZodType {
  if (field.type === 'choice') return z.enum(field.choices.map(({ value }) => value));
  return field.type === 'text' ? z.string() : z.number();
}

/** What a run accepts. */
function acceptedBy(field: TrainingField): z.ZodType {
  if (field.type === 'choice') return structureOf(field);
  if (field.type !== 'text') return rangeSchema(field);
  const some = z.string().min(1);
  return field.maxLength === undefined ? some : some.max(field.maxLength);
}

type Shape = { readonly [N in TrainingFieldName]: z.ZodType<ValueOf<Fields[N]>> };

function shapeOf(schemaOf: (field: TrainingField) => z.ZodType): Shape {
  // TypeScript does not follow the fields' own types through a walk over them.
  return Object.fromEntries(trainingFieldNames.map((name) => [name, schemaOf(trainingField(name))])) as Shape;
}

/** The same fields, each of which may be left out. */
function partialSchema(shape: Shape): z.ZodType<Partial<TrainingConfig>> {
  return z.strictObject(
    Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.exactOptional()])),
  );
}

const accepted = shapeOf(acceptedBy);
const structure = shapeOf(structureOf);

/** Those of the fields that a whole configuration may lack. */
function optionalOf({ maskValues, targets, output, ownClassWeights, outputWeights, ...others }: Shape) {
  const { lossNetwork, contentNodes, stylePicture, styleNodes } = others;
  return {
    maskValues: maskValues.exactOptional(),
    targets: targets.exactOptional(),
    output: output.exactOptional(),
    ownClassWeights: ownClassWeights.exactOptional(),
    outputWeights: outputWeights.exactOptional(),
    lossNetwork: lossNetwork.exactOptional(),
    contentNodes: contentNodes.exactOptional(),
    stylePicture: stylePicture.exactOptional(),
    styleNodes: styleNodes.exactOptional(),
  };
}

/** A whole training configuration, with the ranges that a run accepts. */
export const trainingConfigSchema: z.ZodType<TrainingConfig> = z.strictObject({
  ...accepted,
  ...optionalOf(accepted),
});

/** Some of the fields, with the ranges that a run accepts. */
export const partialTrainingConfigSchema = partialSchema(accepted);

/** What a document may hold: any of the fields with any value of its type. Whatever opens can be saved; a run asks for more. */
export const documentTrainingSchema = partialSchema(structure);

/** A whole configuration in structure, as a run is asked for; `checkSettings` then says kindly what is out of range. */
export const requestedTrainingSchema: z.ZodType<TrainingConfig> = z.strictObject({
  ...structure,
  ...optionalOf(structure),
});

/** What a run uses where neither the document nor the user says otherwise. */
export const defaultTrainingConfig: TrainingConfig = trainingConfigSchema.parse(
  Object.fromEntries(
    trainingFieldNames.flatMap((name) => {
      const { default: value } = trainingField(name);
      return value === undefined ? [] : [[name, value]];
    }),
  ),
);

/** How data are read where nobody says otherwise. */
export const defaultReading: DataReading = readingOf(defaultTrainingConfig);

/** {@link DataReading} as a request may hold it. */
export const dataReadingSchema: z.ZodType<DataReading> = z.strictObject({
  testFraction: accepted.testFraction,
  share: accepted.share,
  splitBy: accepted.splitBy,
  maskValues: accepted.maskValues.exactOptional(),
  targets: accepted.targets.exactOptional(),
  annotations: accepted.annotations,
  fit: accepted.fit,
});

/**
 * The configuration in a run's record: in structure only, so that every run that was made can be read; fields that are younger than the
 * run have their defaults, and those of a later version are passed over.
 */
export const recordedTrainingSchema: z.ZodType<TrainingConfig> = z
  .object(Object.fromEntries(Object.entries(structure).map(([name, schema]) => [name, schema.exactOptional()])))
  .transform((fields) => ({ ...defaultTrainingConfig, ...fields }));
