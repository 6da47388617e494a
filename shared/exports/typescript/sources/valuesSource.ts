/** Prints `values.ts`: what the scripts call samples and data sets. */
export const valuesSource = `/** Values of one input or one target. */
export type Values = { shape: number[]; data: Float32Array };

/** One sample: its values for each input of the model, and what each trained output is to give. */
export type Sample = { inputs: Values[]; targets: Values[] };

/** How a table's columns are brought to mean 0 and deviation 1: value = (raw - mean) / deviation. */
export type Scaling = {
  mean: number[];
  deviation: number[];
  /** Names of the columns, where the table has a header. */
  names?: string[];
  /** The same of numbers that are to be learned. */
  target?: { mean: number; deviation: number };
};

/** What is known of the data beside the weights; \`classes.json\` holds it. */
export type Learned = {
  /**
   * Whether the targets are classes (0, 1, 2, ...), one per sample or per pixel, labels (any number of classes: 0 or 1 for each), numbers, or pictures of
   * values from 0 to 1.
   */
  task: 'classes' | 'labels' | 'numbers' | 'pictures';
  /** Names of the classes; empty where they have none. */
  classes: string[];
  scaling: Scaling | null;
};

export type DataSet = Learned & { training: Sample[]; validation: Sample[] };

/** A pixel with this label belongs to no class, and does not count. */
export const ignoredLabel = 255;

/** A class as a target. */
export function label(index: number): Values {
  return { shape: [], data: Float32Array.of(index) };
}

/** Takes the samples apart as a split says. */
export function divide(
  samples: Sample[],
  split: { training: number[]; validation: number[] },
): Pick<DataSet, 'training' | 'validation'> {
  const take = (indices: number[]): Sample[] => indices.flatMap((index) => samples[index] ?? []);
  return { training: take(split.training), validation: take(split.validation) };
}

/** The value itself where there is one name, else the values of an object by their names. */
export function byName(value: unknown, names: string[]): unknown[] {
  return names.length === 1 ? [value] : names.map((name) => (value as Record<string, unknown>)[name]);
}

/** A number or nested lists of numbers, with their shape. */
export function toValues(value: unknown): Values {
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown) shape.push(inner.length);
  const data = Float32Array.from(Array.isArray(value) ? (value.flat(Infinity) as number[]) : [Number(value)]);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length || data.some((number) => !Number.isFinite(number))) {
    throw new Error('Every input, label and value must be a number or nested lists of numbers of equal lengths.');
  }
  return { shape, data };
}

/** The samples with the classes that a model knows: of data that have only some of them, or more, the labels are others. */
export function withClasses(data: DataSet, classes: string[]): DataSet {
  const isSame = classes.length === data.classes.length && classes.every((name, at) => name === data.classes[at]);
  const areNames = data.task === 'classes' || data.task === 'labels';
  if (!areNames || classes.length === 0 || data.classes.length === 0 || isSame) return data;
  const indices = data.classes.map((name) => classes.indexOf(name));
  const unknown = data.classes.filter((_, at) => indices[at] === -1);
  if (unknown.length > 0) throw new Error(\`The model has not learned these classes: \${unknown.join(', ')}.\`);
  if (data.task === 'labels') {
    // A class that the data do not have is in none of them.
    const places = classes.map((name) => data.classes.indexOf(name));
    const ordered = ({ inputs, targets }: Sample): Sample => ({
      inputs,
      targets: targets.map(({ data: row }) => ({
        shape: [classes.length],
        data: Float32Array.from(places, (at) => row[at] ?? 0),
      })),
    });
    return { ...data, classes, training: data.training.map(ordered), validation: data.validation.map(ordered) };
  }
  const rename = ({ inputs, targets }: Sample): Sample => ({
    inputs,
    targets: targets.map(({ shape, data: labels }) => ({
      shape,
      data: labels.map((index) => (index === ignoredLabel ? index : (indices[index] ?? index))),
    })),
  });
  return { ...data, classes, training: data.training.map(rename), validation: data.validation.map(rename) };
}
`;
