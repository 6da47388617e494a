import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import type { Text } from '../../text';

/**
 * Something to handle that runs on the engine: a window to drag, a pass to step through. It stands beside a lesson, works on the reader's
 * own network where that fits, takes one to three minutes, and ends in a question.
 */
export type Exhibit = {
  readonly id: string;
  /** The lesson that offers it. */
  readonly lesson: string;
  readonly title: Text;
  /** What to do, in a sentence or two. */
  readonly task: Text;
  /** The network that it runs on where the reader's does not fit, and what makes it of the template. */
  readonly template: string;
  readonly prepare?: readonly Edit[];
  /** Whether it shows something on this network. */
  readonly fits: (analysis: NetworkAnalysis, document: NetworkDocument) => boolean;
  /** Whether it wants trained weights; with fresh ones it runs too, and says so. */
  readonly wantsTraining: boolean;
  /** Brings the networks that it is about itself: there is none to choose, and each is trained where it is shown. */
  readonly isAlone?: true;
};

/**
 * What is asked at the end. The answer is computed by the engine or the analyser each time, never written down; `because` is shown when it
 * was found.
 */
export type Question = {
  readonly ask: Text;
  readonly because: Text;
} & (
  | { readonly kind: 'number'; readonly answer: number; readonly tolerance: number }
  | { readonly kind: 'choice'; readonly choices: readonly Text[]; readonly answer: number }
  /** Something to bring about on the exhibit itself. */
  | { readonly kind: 'act'; readonly isDone: boolean }
);

/** What a reader gave: a number, or the place of a choice. */
export type Given = number | null;

/** Whether an answer is right; null where none was given. */
export function isRight(question: Question, given: Given): boolean | null {
  if (question.kind === 'act') return question.isDone ? true : null;
  if (given === null || Number.isNaN(given)) return null;
  return question.kind === 'choice'
    ? given === question.answer
    : Math.abs(given - question.answer) <= question.tolerance;
}

/** Of the ways from an input to a network's answers, the nodes of this role, in the order in which values flow. */
export function nodesOfRole(analysis: NetworkAnalysis, ...roles: readonly string[]): readonly string[] {
  return analysis.order.filter((id) => roles.includes(analysis.nodes.get(id)?.definition?.traits.role ?? ''));
}

/** Whether a network takes one picture of a known size, small enough to be looked at value by value. */
export function takesSmallPicture(analysis: NetworkAnalysis, longest = 64): boolean {
  const [input, ...others] = analysis.inputs;
  const shape = analysis.nodes.get(input ?? '')?.outputShape ?? [];
  const [height, width, channels] = shape;
  if (!analysis.ok || others.length > 0 || shape.length !== 3 || height == null || width == null) return false;
  return Math.max(height, width) <= longest && (channels === 1 || channels === 3);
}
