import type { Fix } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../schema/document';
import type { Expansion } from '../../document/expansion';
import type { NetworkAnalysis, NetworkTotals } from '../types';
import type { Wiring } from '../wiring';

/** What working out a fix may look at. */
export type FixContext = {
  /** What the user has, and fixes edit. */
  readonly source: NetworkDocument;
  /** The flat network: what the analysis speaks of. The source itself where that has no blocks. */
  readonly document: NetworkDocument;
  readonly expansion: Expansion;
  readonly analysis: NetworkAnalysis;
  readonly wiring: Wiring;
  /** What the totals after a fix are compared with. */
  readonly baseline: NetworkTotals | null;
  /** Analyses a changed document, cheaply and without fixes of its own. */
  readonly analyze: (document: NetworkDocument) => NetworkAnalysis;
};

/** A fix that has not been tried yet. */
export type Candidate = Pick<Fix, 'title' | 'edits'>;
