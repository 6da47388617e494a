import type { Edit } from '../schema/edits';
import type { Severity } from '../schema/severities';
import type { Text } from '../text';

export type { Severity } from '../schema/severities';

/** Where a diagnostic belongs. `path` points into the file (`nodes[2].params.filters`) when there is no node to point at. */
export type Place = {
  readonly nodeId?: string;
  /** Zero-based input port of `nodeId`. */
  readonly port?: number;
  /** Name of the param of `nodeId`. */
  readonly param?: string;
  readonly path?: string;
};

/** What a fix comes to in parameters, trainable or not, as far as it is known. */
export type FixEffect = {
  /** All of the network's, once the fix is applied. */
  readonly paramsAfter?: number;
  /** How many layers are not in `paramsAfter`, since their number is unknown even then. */
  readonly unknownAfter?: number;
  /** Change against the last network without errors; absent where none is known. */
  readonly paramsDelta?: number;
};

/** A mend that the user can apply with one click and undo with one step. */
export type Fix = FixEffect & {
  readonly title: Text;
  /** Applied together, in order. */
  readonly edits: readonly Edit[];
};

/**
 * One finding about a network, a file, a run or the machine. A user's mistake is always one of these, never an exception.
 * Every code is made by exactly one function of `catalog.ts`; nobody else writes message text.
 */
export type Diagnostic = {
  /** Stable, `area/kebab-case`: tools and tests rely on it. */
  readonly code: string;
  readonly severity: Severity;
  readonly at: Place;
  /** What is wrong, in one short sentence. */
  readonly summary: Text;
  /** Why: the formula with the live numbers, and the first cause upstream. */
  readonly why?: Text;
  /** Other nodes that take part, first cause first. */
  readonly related?: readonly string[];
  /** Ranked, at most four. */
  readonly fixes: readonly Fix[];
  /** Id of the lesson that teaches this. */
  readonly lesson?: string;
};

/** Either a value, or the reasons why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A {@link Result} that holds its value. */
export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A {@link Result} that holds the reasons why there is no value. */
export function failure<T>(...diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics };
}

/** The whole message of a diagnostic in one language: what, then why. */
export function diagnosticMessage(diagnostic: Diagnostic, language: keyof Text = 'en'): string {
  const why = diagnostic.why?.[language];
  return why === undefined ? diagnostic.summary[language] : `${diagnostic.summary[language]} ${why}`;
}
