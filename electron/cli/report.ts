import { diagnosticMessage, type Diagnostic, type FixEffect, type Result } from '../../shared/diagnostics/diagnostic';
import { bySeverity } from '../../shared/schema/severities';
import { formatCount, formatDifference } from '../../shared/text';
import type { ExitCode } from './command';
import { printableLine } from './printable';
import type { Terminal } from './terminal';

/** A diagnostic as the command line's JSON has it. */
export type DiagnosticJson = {
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  readonly nodeId: string | null;
  readonly message: string;
  readonly fixes: readonly { readonly title: string }[];
};

export function diagnosticJson(diagnostic: Diagnostic, withFixes = true): DiagnosticJson {
  return {
    severity: diagnostic.severity,
    code: diagnostic.code,
    nodeId: diagnostic.at.nodeId ?? null,
    message: diagnosticMessage(diagnostic),
    fixes: withFixes ? diagnostic.fixes.map(({ title }) => ({ title: title.en })) : [],
  };
}

/** Fewer findings than this are always told with their fixes. */
const fewFindings = 5;

/**
 * How many findings of a network of `nodeCount` nodes are told with their fixes. A fix is tried out on the whole network when it is
 * first read: for thousands of findings on thousands of nodes that would take minutes, and nobody reads so many.
 */
function fixesFor(diagnostics: readonly Diagnostic[], nodeCount: number): number {
  if (diagnostics.length <= fewFindings) return fewFindings;
  // Nodes of one id are one node, each with a finding.
  const size = Math.max(nodeCount, diagnostics.length);
  const affordable = Math.floor(60_000 / size);
  // Among hundreds the first few show how they are mended.
  return diagnostics.length > 200 ? Math.min(affordable, fewFindings) : affordable;
}

/** A network's findings as JSON, in their order; on huge networks only the first have fixes. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], nodeCount: number): readonly DiagnosticJson[] {
  const count = fixesFor(diagnostics, nodeCount);
  return diagnostics.map((diagnostic, index) => diagnosticJson(diagnostic, index < count));
}

/** Diagnostics as a person reads them, errors first: where, what and why, and below it the fixes with what they cost. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], nodeCount = 1): readonly string[] {
  const count = fixesFor(diagnostics, nodeCount);
  const sorted = [...diagnostics].sort(bySeverity);
  return sorted.flatMap((diagnostic, index) => {
    const { nodeId, path } = diagnostic.at;
    const place = nodeId ?? path;
    return [
      `${diagnostic.severity}${place === undefined ? '' : ` at ${place}`}: ${diagnosticMessage(diagnostic)}  [${diagnostic.code}]`,
      ...(index < count ? diagnostic.fixes : []).map((fix) => `    fix: ${fix.title.en}${effectText(fix)}`),
    ].map(printableLine);
  });
}

/** ` (1,075,080 parameters then, +644,000)`; what is not known is left out. */
function effectText({ paramsAfter, unknownAfter = 0, paramsDelta }: FixEffect): string {
  if (paramsAfter === undefined) {
    return paramsDelta === undefined || paramsDelta === 0 ? '' : ` (${formatDifference(paramsDelta)} parameters)`;
  }
  const parts = [
    `${formatCount(paramsAfter)} parameters then`,
    ...(unknownAfter === 0 ? [] : [unknownText(unknownAfter)]),
    ...(paramsDelta === undefined ? [] : [formatDifference(paramsDelta)]),
  ];
  return ` (${parts.join(', ')})`;
}

/** `1 layer unknown`: layers whose number of parameters is in no total. */
export function unknownText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'layer' : 'layers'} unknown`;
}

/** What no reader can get past: a file that is not there, damaged, not a network or from a newer Convloom; data that are not there. */
const unreadableCodes = [
  'document/not-json',
  'document/not-a-network',
  'document/newer-version',
  'document/too-large',
  'data/unknown-spec',
  'data/needs-path',
  'data/not-found',
  'data/layout',
  'data/damaged',
  'model/damaged',
  'model/not-a-model',
  'model/too-new',
  'model/checkpoint-damaged',
  'model/needs-weights',
  'run/damaged',
  'run/not-found',
  'import/unsupported',
  'import/needs-network',
  'import/damaged',
  'import/too-new',
  'import/part-missing',
  'import/part-outside',
  'import/unknown-shape',
];

/** Without a version that makes sense nothing else in the file can be read. */
function isVersionUnknown({ code, at: { path } }: Diagnostic): boolean {
  return path === 'version' && (code === 'document/wrong-field' || code === 'document/missing-field');
}

function isUnreadable(diagnostic: Diagnostic): boolean {
  const { code } = diagnostic;
  return (
    isVersionUnknown(diagnostic) ||
    code.startsWith('file/') ||
    code.startsWith('command-line/') ||
    unreadableCodes.includes(code)
  );
}

/** 2 where a file cannot be read or the command was misused, else 1: the network has errors. */
export function failureCode(diagnostics: readonly Diagnostic[]): ExitCode {
  return diagnostics.some(isUnreadable) ? 2 : 1;
}

/** Tells what is wrong, as JSON on the data stream or as lines for the reader, and gives the exit code. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], json: boolean, terminal: Terminal): ExitCode {
  if (json)
    terminal.out(
      JSON.stringify({ ok: false, diagnostics: diagnostics.map((diagnostic) => diagnosticJson(diagnostic)) }),
    );
  else for (const line of diagnosticLines(diagnostics)) terminal.err(line);
  return failureCode(diagnostics);
}

/** As {@link reportDiagnostics}, for a result that has none. */
export function reportFailure(
  { diagnostics }: Extract<Result<unknown>, { readonly ok: false }>,
  json: boolean,
  terminal: Terminal,
): ExitCode {
  return reportDiagnostics(diagnostics, json, terminal);
}
