import { z } from 'zod';
import type { ModelData } from '../../shared/host/api';
import { tasks } from '../../shared/schema/data';

/** What a prediction needs to know about the data that a network was trained on. */
export type TrainedData = ModelData;

/** {@link TrainedData} as it stands in `run.json` and `model.json`. */
export const trainedDataSchema: z.ZodType<TrainedData> = z.object({
  task: z.enum(tasks),
  classes: z.array(z.string()),
  inputShape: z.array(z.number()),
  scaling: z
    .object({
      mean: z.array(z.number()),
      deviation: z.array(z.number()),
      names: z.array(z.string()).exactOptional(),
      target: z.object({ mean: z.number(), deviation: z.number() }).exactOptional(),
    })
    .nullable(),
  fit: z.enum(['crop', 'letterbox']).exactOptional(),
  snapshot: z.string().exactOptional(),
});
