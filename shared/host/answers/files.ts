import type { ImportFormat } from '../../imports/formats';
import type { ImportLine } from '../../imports/report';
import type { Task } from '../../schema/data';
import type { NetworkDocument } from '../../schema/document';
import type { Text } from '../../text';

/* What a host says of files: networks, templates, drafts, imports and exports. */

export type TemplateInfo = {
  readonly id: string;
  readonly name: string;
  readonly summary: Text;
  /** What its answer is for: one for the whole image, one for each of its pixels, or another picture. */
  readonly task: Exclude<Task, 'regression' | 'multi-label'>;
  /** Trainable or not. */
  readonly params: number;
  readonly trainableParams: number;
  readonly macs: number | null;
  readonly inputShape: readonly (number | null)[];
};

/** 'other': a file that may be imported. */
export type FileEntry = { readonly name: string; readonly path: string; readonly kind: 'folder' | 'network' | 'other' };

/** An opened file. `revision` is a digest of its bytes: saving over another revision is refused, so two apps cannot undo each other. */
export type OpenedProject = { readonly path: string; readonly revision: string; readonly document: NetworkDocument };

/** A document that was not saved when the app ended, kept so that nothing is lost. */
export type Draft = {
  readonly key: string;
  /** The file that the document belongs to, and the revision that it was opened at; null for one that has none yet. */
  readonly path: string | null;
  readonly revision?: string;
  /** The run that was shown with it. */
  readonly runId?: string;
  readonly savedAt: string;
  readonly document: NetworkDocument;
};

export type ImportResult = {
  readonly format: ImportFormat;
  readonly document: NetworkDocument;
  /** What was written; null where nothing was asked for. A network file has no room for weights. */
  readonly saved: { readonly path: string; readonly withWeights: boolean } | null;
  readonly hasWeights: boolean;
  readonly report: readonly ImportLine[];
  /** Which equal parts became blocks, in words. */
  readonly folds: readonly Text[];
  /** How far the imported network's answers are from the file's own; null where the two are the same bytes, or `notProved` says why. */
  readonly proof: Proof | null;
  readonly notProved: Text | null;
  /** Where it is kept for the app; null where that was not asked for. */
  readonly kept: KeptImport | null;
};

/** What the app has imported and shows: what became of the file, and the model that came of it. */
export type KeptImport = Pick<ImportResult, 'format' | 'report' | 'folds' | 'proof' | 'notProved'> & {
  readonly id: string;
  /** What the file is called. */
  readonly name: string;
  /** Of the model; null where the file had no weights. */
  readonly path: string | null;
};

/** One file that an export would write. */
export type PreviewedFile = {
  /** With `/` between folders; empty for a target that is one file. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Its text, cut where it is long; null for bytes. */
  readonly text: string | null;
};

/** The same input given to a network here and to its other form in that form's own runtime. */
export type Proof = {
  /** Of any value of any output; infinite where one is missing. */
  readonly maxDifference: number;
  /** The largest value of any output, against which the difference is judged. */
  readonly scale: number;
  /** What ran the other form, with its version. */
  readonly runtime: string;
};
