import type { Diagnostic, Fix, FixEffect } from '../../diagnostics/diagnostic';
import { applyEdits } from '../../editing/applyEdits';
import type { LayerRegistry } from '../../layers/registry';
import type { NetworkDocument } from '../../schema/document';
import { formatShape, text } from '../../text';
import type { NetworkAnalysis, NetworkTotals } from '../types';
import { designCandidates } from './design';
import { mergeCandidates } from './merge';
import { sizeCandidates } from './size';
import type { Candidate, FixContext } from './context';
import { liftCandidate } from './lift';
import { wiringCandidates } from './wiring';

/** No list of fixes is longer: beyond four, choosing is harder than mending by hand. */
const maxFixes = 4;

/** Candidates that are tried for one finding: each try is an analysis, and somebody waits for it. */
const maxTries = 12;

/**
 * A diagnostic with its fixes, worked out when they are first read: trying them costs analyses, and most diagnostics are never
 * opened. Each offered fix has been applied to a copy: it removes this diagnostic and brings no new error.
 */
export function withFixes(context: FixContext, diagnostic: Diagnostic): Diagnostic {
  let fixes: readonly Fix[] | null = null;
  return {
    ...diagnostic,
    get fixes() {
      fixes ??= rankFixes(context, diagnostic);
      return fixes;
    },
  };
}

function rankFixes(context: FixContext, diagnostic: Diagnostic): readonly Fix[] {
  const mended = tryAll(context, diagnostic, [...diagnostic.fixes, ...candidatesFor(context, diagnostic)]);
  if (mended.clean.length > 0) return mended.clean;
  const removed = tryAll(context, diagnostic, removal(context, diagnostic));
  // What lies behind one error may hold another that could not be seen before. A mend that uncovers it is better than none.
  const rest = [...mended.uncovering, ...removed.clean, ...removed.uncovering];
  return rest.slice(0, maxFixes);
}

type Tried = { readonly clean: readonly Fix[]; readonly uncovering: readonly Fix[] };

function tryAll(context: FixContext, diagnostic: Diagnostic, candidates: readonly Candidate[]): Tried {
  const clean: Fix[] = [];
  const uncovering: Fix[] = [];
  const titles = new Set<string>();
  for (const candidate of candidates) {
    if (clean.length >= maxFixes || titles.size >= maxTries) break;
    // The same mend may be proposed by the rule and by a more general one; it is offered once.
    if (titles.has(candidate.title.en)) continue;
    titles.add(candidate.title.en);
    const tried = tryOut(context, diagnostic, candidate);
    if (tried === null) continue;
    (tried.uncovers ? uncovering : clean).push(tried.fix);
  }
  return { clean, uncovering };
}

/** Ways to mend a finding, best first. None of them need hold: each is tried out. */
function candidatesFor(context: FixContext, diagnostic: Diagnostic): readonly Candidate[] {
  return [
    ...wiringCandidates(context, diagnostic),
    ...sizeCandidates(context, diagnostic),
    ...mergeCandidates(context, diagnostic),
    ...designCandidates(context, diagnostic),
  ];
}

/** The last resort for an error: the network without the node. */
function removal({ source }: FixContext, { severity, at: { nodeId } }: Diagnostic): readonly Candidate[] {
  if (severity !== 'error' || nodeId === undefined || !source.nodes.some(({ id }) => id === nodeId)) return [];
  return [
    {
      title: text(`Remove “${nodeId}”`, `移除“${nodeId}”`),
      edits: [{ type: 'removeNodes', ids: [nodeId], heal: true }],
    },
    {
      title: text(`Remove “${nodeId}” and its wires`, `移除“${nodeId}”及其连线`),
      edits: [{ type: 'removeNodes', ids: [nodeId] }],
    },
  ];
}

function tryOut(
  context: FixContext,
  diagnostic: Diagnostic,
  candidate: Candidate,
): { readonly fix: Fix; readonly uncovers: boolean } | null {
  const lifted = liftCandidate(context.source, context.expansion, candidate);
  if (lifted === null) return null;
  const changed = applyEdits(context.source, lifted.edits, context.analysis.layers);
  if (!changed.ok) return null;
  const after = context.analyze(changed.value);
  const isSame = (other: Diagnostic): boolean => keyOf(other) === keyOf(diagnostic);
  const count = (analysis: NetworkAnalysis): number => analysis.diagnostics.filter(isSame).length;
  if (count(after) >= count(context.analysis)) return null;
  const errorsOf = (analysis: NetworkAnalysis): readonly Diagnostic[] =>
    analysis.diagnostics.filter(({ severity }) => severity === 'error');
  const known = new Set(errorsOf(context.analysis).map(keyOf));
  const added = errorsOf(after).filter((error) => !known.has(keyOf(error)));
  if (added.length > 0) {
    const wasHidden = added.every(({ at: { nodeId } }) => {
      return nodeId !== undefined && context.analysis.nodes.get(nodeId)?.state !== 'ok';
    });
    const isNoWorse = errorsOf(after).length <= errorsOf(context.analysis).length;
    if (diagnostic.severity !== 'error' || !wasHidden || !isNoWorse) return null;
  }
  const shape = after.nodes.get(outcomeNode(candidate, diagnostic.at.nodeId) ?? '')?.outputShape;
  const outcome = shape == null ? '' : ` → ${formatShape(shape)}`;
  return {
    uncovers: added.length > 0,
    fix: {
      title: text(`${lifted.title.en}${outcome}`, `${lifted.title.zh}${outcome}`),
      edits: lifted.edits,
      ...effectOf(after.totals, context.baseline),
    },
  };
}

/** The node whose shape says what a fix comes to: the last one that it puts behind the diagnostic's own. */
function outcomeNode({ edits }: Candidate, nodeId: string | undefined): string | undefined {
  let last = nodeId;
  for (const edit of edits) if (edit.type === 'insertAfter' && edit.after === last) last = edit.node.id;
  return last;
}

/** What makes two findings the same across a change. The place in the file is left out: it moves. */
function keyOf({ code, at }: Diagnostic): string {
  return [code, at.nodeId ?? '', at.port ?? '', at.param ?? ''].join('\n');
}

/**
 * What a fix comes to in parameters: all of them afterwards, and the change against `baseline`. No change is told where there is
 * nothing to compare with, or some number is in doubt even afterwards: it would be a wrong one.
 */
export function effectOf(after: NetworkTotals, baseline: NetworkTotals | null): FixEffect {
  const { params, unknown } = after;
  const isComparable = baseline?.unknown === 0 && unknown === 0;
  return { paramsAfter: params, unknownAfter: unknown, ...(isComparable && { paramsDelta: params - baseline.params }) };
}

/** A document with a fix applied; the reasons if it no longer applies. */
export function applyFix(document: NetworkDocument, fix: Fix, layers?: LayerRegistry): ReturnType<typeof applyEdits> {
  return applyEdits(document, fix.edits, layers);
}
