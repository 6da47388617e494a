import type { Text } from '../text';
import type { Experiment } from './experiment';

/** One piece of a lesson, in reading order. */
export type LessonBlock =
  | { readonly type: 'text'; readonly text: Text }
  /** A formula with its worked numbers; language-free. `note` says what the numbers are of. */
  | { readonly type: 'formula'; readonly formula: string; readonly note: Text }
  /** Figures side by side: what is compared, and the number. */
  | { readonly type: 'figures'; readonly rows: readonly { readonly label: Text; readonly value: string }[] };

/** A short lesson on one notion. Diagnostics and layer kinds point at it by `id`. */
export type Lesson = {
  readonly id: string;
  readonly title: Text;
  /** One sentence: what the reader will know afterwards. */
  readonly summary: Text;
  readonly blocks: readonly LessonBlock[];
  /** Layer kinds whose inspector offers this lesson. */
  readonly kinds: readonly string[];
  /** Whether the race of descents shows it on the reader's own network. */
  readonly hasRace?: true;
  /** What the reader does to see it. */
  readonly experiment: Experiment;
};

/** Lessons that belong together. */
export type Chapter = { readonly id: string; readonly title: Text; readonly lessons: readonly Lesson[] };
