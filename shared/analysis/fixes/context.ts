import type { Fix } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../schema/document';
import type { NetworkAnalysis } from '../types';
import type { Wiring } from '../wiring';

/** What working out a fix may look at. */
export type FixContext = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly wiring: Wiring;
  /** Analyses a changed document, cheaply and without fixes of its own. */
  readonly analyze: (document: NetworkDocument) => NetworkAnalysis;
};

/** A fix that has not been tried yet. */
export type Candidate = Pick<Fix, 'title' | 'edits'>;
