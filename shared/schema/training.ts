import { z } from 'zod';
import { text, type Text } from '../text';
import { augmentationFields } from './augmentation';
import { engineTable } from './engines';
import { limits } from './limits';
import { isInRange, rangeSchema, rangeText, type NumberRange } from './range';

export type { EngineId } from './engines';

type FieldBase = {
  readonly label: Text;
  /** What it is, as the help of the command line and the documentation say it. */
  readonly doc: Text;
  /** The option of `convloom train`, without its dashes. */
  readonly option: string;
  readonly unit?: Text;
  /**
   * Where the field matters only sometimes: with a value of another one, in a network with several outputs, or where pictures are
   * changed one by one.
   */
  readonly shownWhen?: { readonly field: string; readonly is: string } | 'severalOutputs' | 'augmented';
};

type FieldChoice = { readonly value: string; readonly label: Text };

/** One field of the training configuration: its type, what it takes, its default, and how it is shown. */
export type TrainingField =
  | (FieldBase & NumberRange & { readonly default: number; readonly step: number })
  | (FieldBase & { readonly type: 'choice'; readonly default: string; readonly choices: readonly FieldChoice[] })
  | (FieldBase & {
      readonly type: 'text';
      /** Absent: the field may be left out altogether. */
      readonly default?: string;
      readonly placeholder: string;
      readonly maxLength?: number;
    });

/**
 * The training configuration, field by field, in the order in which a document holds them. Declared here and nowhere else: types,
 * schemas, defaults, the form, the options of the command line and their help, and the documentation follow from it.
 */
export const trainingFields = {
  /** A data spec as on the command line. */
  data: {
    type: 'text',
    default: 'mnist',
    placeholder: 'SPEC',
    maxLength: limits.pathLength,
    option: 'data',
    label: text('Data', '数据'),
    doc: text('the data, as `convloom data` lists them', '数据，见 `convloom data` 的列表'),
  },
  epochs: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 3,
    step: 1,
    option: 'epochs',
    label: text('Epochs', '轮数'),
    doc: text('how often all training data are seen', '全部训练数据被看到的次数'),
  },
  /** With the default of 32 LeNet passes 95 % on the built-in digits in one epoch and 97.5 % in three, on every engine. */
  batchSize: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 32,
    step: 1,
    option: 'batch-size',
    unit: text('samples', '个样本'),
    label: text('Batch size', '批大小'),
    doc: text('samples per step', '每步的样本数'),
  },
  /** How the weights follow the gradient. */
  optimizer: {
    type: 'choice',
    default: 'adam',
    choices: [
      { value: 'adam', label: text('Adam', 'Adam') },
      { value: 'momentum', label: text('Momentum', '动量') },
      { value: 'sgd', label: text('SGD', 'SGD') },
    ],
    option: 'optimizer',
    label: text('Optimizer', '优化器'),
    doc: text('how the weights follow the gradient', '权值如何跟随梯度'),
  },
  learningRate: {
    type: 'number',
    min: 0,
    max: 1_000_000,
    open: 'min',
    default: 0.002,
    step: 0.0001,
    option: 'learning-rate',
    label: text('Learning rate', '学习率'),
    doc: text('length of a step', '步长'),
  },
  /**
   * As it is, down to zero along half a cosine (Loshchilov and Hutter, arXiv 1608.03983), or up first and then down (Smith and Topin,
   * arXiv 1708.07120).
   */
  schedule: {
    type: 'choice',
    default: 'cosine',
    choices: [
      { value: 'cosine', label: text('Cosine', '余弦') },
      { value: 'oneCycle', label: text('One cycle', '单周期') },
      { value: 'constant', label: text('Fixed', '不变') },
    ],
    option: 'schedule',
    label: text('Schedule', '学习率变化'),
    doc: text(
      'of the learning rate: as it is, down to zero along half a cosine, or one cycle: up first, then down',
      '学习率的变化：保持不变，沿半个余弦降到零，或单周期：先升后降',
    ),
  },
  /** Of the optimizer 'momentum'; unused by the others. */
  momentum: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'max',
    default: 0.9,
    step: 0.01,
    option: 'momentum',
    shownWhen: { field: 'optimizer', is: 'momentum' },
    label: text('Momentum', '动量'),
    doc: text('of the momentum optimizer', '动量优化器的动量'),
  },
  /** 'auto': cross-entropy for class labels (per image or per pixel), mean squared error for numbers. */
  loss: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('By data', '自动') },
      { value: 'crossEntropy', label: text('Cross-entropy', '交叉熵') },
      { value: 'meanSquaredError', label: text('Squared error', '均方误差') },
    ],
    option: 'loss',
    label: text('Loss', '损失函数'),
    doc: text('auto: cross-entropy for classes, mean squared error for numbers', 'auto：类别用交叉熵，数值用均方误差'),
  },
  ...augmentationFields,
  /** Of the initial weights, the order of the data, augmentation and dropout. */
  seed: {
    type: 'integer',
    min: 0,
    max: 0xffff_ffff,
    default: 1,
    step: 1,
    option: 'seed',
    label: text('Seed', '随机种子'),
    doc: text(
      'of the initial weights, the order of the data, augmentation and dropout',
      '用于初始权值、数据顺序、数据增强和随机失活',
    ),
  },
  engine: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('Auto', '自动') },
      ...engineTable.map(({ id, label }) => ({ value: id, label: text(label, label) })),
    ],
    option: 'engine',
    label: text('Engine', '引擎'),
    doc: text('what computes; auto: the fastest that can run here', '计算引擎；auto：此处可运行的最快者'),
  },
  /** Which output to train when the network has several; absent: the only one. */
  output: {
    type: 'text',
    placeholder: 'NODE',
    option: 'output',
    shownWhen: 'severalOutputs',
    label: text('Output', '输出'),
    doc: text('which output is trained, when the network has several', '网络有多个输出时训练哪一个'),
  },
} as const satisfies { readonly [name: string]: TrainingField };

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
  return values[shownWhen.field] === shownWhen.is;
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

/** A whole training configuration, with the ranges that a run accepts. */
export const trainingConfigSchema: z.ZodType<TrainingConfig> = z.strictObject({
  ...accepted,
  output: accepted.output.exactOptional(),
});

/** Some of the fields, with the ranges that a run accepts. */
export const partialTrainingConfigSchema = partialSchema(accepted);

/** What a document may hold: any of the fields with any value of its type. Whatever opens can be saved; a run asks for more. */
export const documentTrainingSchema = partialSchema(structure);

/** A whole configuration in structure, as a run is asked for; `checkSettings` then says kindly what is out of range. */
export const requestedTrainingSchema: z.ZodType<TrainingConfig> = z.strictObject({
  ...structure,
  output: structure.output.exactOptional(),
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

/**
 * The configuration in a run's record: in structure only, so that every run that was made can be read; fields that are younger than the
 * run have their defaults, and those of a later version are passed over.
 */
export const recordedTrainingSchema: z.ZodType<TrainingConfig> = z
  .object(Object.fromEntries(Object.entries(structure).map(([name, schema]) => [name, schema.exactOptional()])))
  .transform((fields) => ({ ...defaultTrainingConfig, ...fields }));

/** One cycle as fastai and PyTorch have it: what part of a run the rate rises for, and the part of the peak that it begins with. */
export const oneCycle = { rise: 0.3, start: 1 / 25 } as const;

/** From 1 at `share` 0 along half a cosine to 0 at `share` 1. */
function halfCosine(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

/**
 * The learning rate when `share` of a run is done (0 at its first step, nearly 1 at its last): for 'cosine'
 * learningRate * (1 + cos(pi * share)) / 2, so 0.002 is 0.001 half way. For 'oneCycle' 0.002 is 0.00008 at first, 0.002 after three
 * tenths of the run, and 0.001 at 0.65.
 */
export function scheduledLearningRate(
  { learningRate, schedule }: Pick<TrainingConfig, 'learningRate' | 'schedule'>,
  share: number,
): number {
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'cosine':
      return learningRate * halfCosine(share);
    case 'oneCycle': {
      const { rise, start } = oneCycle;
      if (share < rise) return learningRate * (1 - (1 - start) * halfCosine(share / rise));
      return learningRate * halfCosine((share - rise) / (1 - rise));
    }
  }
}
