import type { Task } from '../schema/data';

/** What a model has learned of its data, beside its weights. */
export type Learned = {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly scaling: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null;
};
