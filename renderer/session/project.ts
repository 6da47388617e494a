import { create } from 'zustand';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { Diagnostic, Fix, Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import { applyEdits } from '../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../shared/schema/document';
import { emptyDocument } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import type { Text } from '../../shared/text';
import type { Capture, History } from './history';
import { placeAll, placeNewNodes } from '../canvas/placement';
import * as steps from './history';

/** Where a document lives on disk. `revision` guards against another app's save in between. */
export type ProjectFile = { readonly path: string; readonly revision: string };

export type ProjectState = {
  readonly document: NetworkDocument;
  /** Always of `document`. */
  readonly analysis: NetworkAnalysis;
  readonly history: History;
  /** Ids of the selected nodes. Not in the history. */
  readonly selection: ReadonlySet<string>;
  readonly file: ProjectFile | null;
  /** What is on disk, or what was opened; the project is dirty when `document` is another one. */
  readonly savedDocument: NetworkDocument;
  /** Changes when another project is opened, so that the canvas fits its view and drafts get a new key. */
  readonly projectKey: string;
};

const emptySelection: ReadonlySet<string> = new Set();

function opened(given: NetworkDocument, file: ProjectFile | null, projectKey: string): ProjectState {
  const document = placeAll(given);
  return {
    document,
    analysis: analyzeNetwork(document),
    history: steps.startHistory(document),
    selection: emptySelection,
    file,
    savedDocument: document,
    projectKey,
  };
}

/** The open project. Components read it with selectors; everything that changes it is a function of this file. */
export const useProject = create<ProjectState>(() => opened(emptyDocument(''), null, crypto.randomUUID()));

/** Takes over a history: re-analyses what changed and forgets selected nodes that are gone. */
function adopt(history: History): void {
  const state = useProject.getState();
  const document = history.present;
  if (document === state.document) {
    if (history !== state.history) useProject.setState({ history });
    return;
  }
  const analysis = analyzeNetwork(document, state.analysis);
  const isGone = [...state.selection].some((id) => !analysis.nodes.has(id));
  const selection = isGone ? new Set([...state.selection].filter((id) => analysis.nodes.has(id))) : state.selection;
  useProject.setState({ document, analysis, history, selection });
}

/**
 * Applies edits together, as one undoable step unless `how` says otherwise. On failure nothing changes and the reasons come back.
 * @example edit(text('Set filters of c1', '设置 c1 的卷积核数'), [{ type: 'setParams', id: 'c1', params: { filters: 32 } }])
 */
export function edit(label: Text, edits: readonly Edit[], how: Capture = 'record'): Result<NetworkDocument> {
  const { history } = useProject.getState();
  const result = applyEdits(history.present, edits);
  if (!result.ok) return result;
  const document = placeNewNodes(history.present, result.value);
  adopt(steps.capture(history, label, document, how));
  return success(document);
}

/** Opens a gesture: the edits captured as 'merge' until {@link commitGesture} are one step. */
export function beginGesture(label: Text): void {
  adopt(steps.beginGesture(useProject.getState().history, label));
}

/** Ends the open gesture and keeps what it did. */
export function commitGesture(): void {
  adopt(steps.commitGesture(useProject.getState().history));
}

/** Ends the open gesture and takes back what it did. */
export function cancelGesture(): void {
  adopt(steps.cancelGesture(useProject.getState().history));
}

export function undo(): void {
  adopt(steps.undo(useProject.getState().history));
}

export function redo(): void {
  adopt(steps.redo(useProject.getState().history));
}

/** Applies a diagnostic's fix as one step that carries the fix's own title. */
export function applyFix(fix: Fix): Result<NetworkDocument> {
  return edit(fix.title, fix.edits);
}

/** Replaces the selection. */
export function select(ids: Iterable<string>): void {
  const next = new Set(ids);
  const { selection } = useProject.getState();
  if (next.size === selection.size && [...next].every((id) => selection.has(id))) return;
  useProject.setState({ selection: next });
}

/** Opens a document in place of the present one, with a history of its own. `file` is null for templates and new networks. */
export function openDocument(document: NetworkDocument, file: ProjectFile | null): void {
  useProject.setState(opened(document, file, crypto.randomUUID()));
}

/** Opens a draft again: what it holds is not on disk, so it is dirty from the start. */
export function restoreDraft(document: NetworkDocument, key: string): void {
  useProject.setState({ ...opened(document, null, key), savedDocument: emptyDocument(document.name) });
}

/** Says that `document` is what the file now holds. */
export function markSaved(document: NetworkDocument, file: ProjectFile): void {
  useProject.setState({ savedDocument: document, file });
}

/** True when closing now would lose work. */
export function isDirty(state: ProjectState): boolean {
  return state.document !== state.savedDocument;
}

/** The diagnostics of one node, errors first. */
export function diagnosticsOf(analysis: NetworkAnalysis, nodeId: string): readonly Diagnostic[] {
  const own = analysis.diagnostics.filter((diagnostic) => diagnostic.at.nodeId === nodeId);
  return own.length < 2 ? own : [...own].sort((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}

const severityRank = { error: 0, warning: 1, info: 2 } as const;

/** Runs edits on a copy: what a dialog needs to show an effect before it happens. */
export function preview(edits: readonly Edit[]): Result<{
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
}> {
  const { document, analysis } = useProject.getState();
  const result = applyEdits(document, edits);
  if (!result.ok) return result;
  return success({ document: result.value, analysis: analyzeNetwork(result.value, analysis) });
}
