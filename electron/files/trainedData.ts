import { z } from 'zod';
import { tasks, type Task } from '../../shared/schema/data';

/** What a prediction needs to know about the data that a network was trained on. */
export type TrainedData = {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly inputShape: readonly number[];
  /** Per feature, for tables: value = (raw - mean) / deviation. */
  readonly scaling: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null;
};

/** {@link TrainedData} as it stands in `run.json` and `model.json`. */
export const trainedDataSchema: z.ZodType<TrainedData> = z.object({
  task: z.enum(tasks),
  classes: z.array(z.string()),
  inputShape: z.array(z.number()),
  scaling: z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) }).nullable(),
});
