import { success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { withSamples } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInput, readPictureParts } from './pictureParts';
import type { FoundPicture } from './pictureParts';
import { measureScaling, standardiseTargets } from './standardise';

/** Pictures, each with a number to be learned. */
export type ValuedPictures = {
  readonly spec: string;
  /** A job's label is the place of its value. */
  readonly pictures: readonly FoundPicture[];
  /** Of all that was looked at, what was skipped included. */
  readonly total: number;
  readonly values: readonly number[];
  readonly notes: readonly Diagnostic[];
};

/** The data set that pictures of one number each make: numbers are brought to mean 0 and deviation 1, as those of a table are. */
export async function loadValuedPictures(
  { spec, pictures, total, values, notes }: ValuedPictures,
  dir: string,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Dataset>> {
  const input = chooseInput(pictures, dir, options, skipped);
  if (!input.ok) return input;
  const { shape, fit, notes: adapted } = input.value;
  const drawing = { dir, shape, classOf: null, fit, hasClasses: false, classes: values.map(String) };
  const read = await readPictureParts(pictures, drawing, options, skipped);
  if (!read.ok) return read;
  const { held } = read.value;
  const table = { count: values.length, features: new Float64Array(0), targets: values, rows: [] };
  const placesOf = ({ targets }: Samples): readonly number[] => Array.from(targets.subarray(0, targets.length));
  const scaling = options.readAs?.scaling ?? measureScaling(table, 0, placesOf(held.train), true);
  const valued = (samples: Samples): Samples => ({
    ...samples,
    targets: standardiseTargets(table, placesOf(samples), scaling),
  });
  return success({
    info: {
      spec,
      task: 'regression',
      inputShape: shape,
      classes: [],
      ...read.value.info,
      warnings: [...skipped.warnings(total), ...notes, ...adapted],
    },
    targetShape: [1],
    ...withSamples(held, valued),
    scaling,
  });
}
