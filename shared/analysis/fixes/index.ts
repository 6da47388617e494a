import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { NetworkDocument } from '../../graph/document';
import type { NetworkAnalysis } from '../types';

/** What working out a fix may look at. */
export type FixContext = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  /** Analyses a changed document, cheaply. */
  readonly analyze: (document: NetworkDocument) => NetworkAnalysis;
};

export function withFixes(_context: FixContext, diagnostic: Diagnostic): Diagnostic {
  return diagnostic;
}
