import type { Edit } from '../schema/edits';
import { formatCount, type Text } from '../text';

/** What is read off the last epoch of a run. `gap` is how much larger the validation loss is than that of training. */
export type RunFigure = 'accuracy' | 'meanIou' | 'loss' | 'valLoss' | 'gap';

/** What an experiment reads off each of its networks: always one number. Without `node`, of the whole network. */
export type Measure =
  | { readonly of: 'params' | 'macs'; readonly node?: string }
  /** Rows of a node's output; of one that is no map, its values. */
  | { readonly of: 'height'; readonly node: string }
  /** Rows of the input that one value of the node sees. */
  | { readonly of: 'receptiveField'; readonly node: string }
  /** How many findings have this code. */
  | { readonly of: 'findings'; readonly code: string }
  | { readonly of: RunFigure };

/** One of the networks that an experiment compares. */
export type Trial = {
  readonly id: string;
  readonly label: Text;
  /** What makes it of the experiment's network; none for the network as it is opened. */
  readonly edits: readonly Edit[];
  /** What it measures, within the experiment's tolerance, whatever the seed. */
  readonly figure: number;
};

/** What the figures of the trials show; a test measures it with several seeds. */
export type Claim =
  | { readonly more: string; readonly less: string; readonly by: number }
  | { readonly same: readonly string[] };

/**
 * Something to do and to see, as data: what is built, what is measured, and what that shows. Texts may name a trial in braces, which
 * stands for its figure, and words of the window as {@link fillWords} knows them.
 */
export type Experiment = {
  readonly template: string;
  /** What makes the network to open of the template; settings of the training too. */
  readonly prepare: readonly Edit[];
  readonly task: Text;
  readonly measure: Measure;
  readonly trials: readonly Trial[];
  /** How far a figure may be from what is measured; 0 where nothing is left to chance. */
  readonly tolerance: number;
  readonly claims: readonly Claim[];
  /** What it shows, in a sentence. */
  readonly shows: Text;
};

const runFigures: ReadonlySet<string> = new Set<RunFigure>(['accuracy', 'meanIou', 'loss', 'valLoss', 'gap']);

/** Whether a network has to be trained to be measured. */
export function needsTraining({ measure }: Experiment): boolean {
  return runFigures.has(measure.of);
}

/** A figure as it is printed: shares in percent, losses with two places, all else counted. */
export function formatFigure({ of }: Measure, value: number): string {
  if (of === 'accuracy' || of === 'meanIou') return `${(100 * value).toFixed(1)} %`;
  if (of === 'loss' || of === 'valLoss' || of === 'gap') return value.toFixed(2).replace('-', '−');
  return formatCount(value);
}

/** Whether figures, by trial, show what is claimed. */
export function holds(claim: Claim, figures: Readonly<Record<string, number>>): boolean {
  if ('same' in claim) return new Set(claim.same.map((id) => figures[id])).size === 1;
  return (figures[claim.more] ?? NaN) - (figures[claim.less] ?? NaN) >= claim.by;
}
