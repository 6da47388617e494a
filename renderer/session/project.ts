import type { StoreApi } from 'zustand/vanilla';
import { drawnAs, findNode } from '../../shared/analysis/blocks';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { Diagnostic, Fix, Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import { applyEdits } from '../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../shared/schema/document';
import { emptyDocument } from '../../shared/schema/document';
import { bySeverity } from '../../shared/schema/severities';
import type { Edit } from '../../shared/schema/edits';
import type { Text } from '../../shared/text';
import { placeAll, placeNewNodes } from '../canvas/placement';
import type { Capture, History } from './history';
import * as steps from './history';
import { createLeanStore } from './leanStore';

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
};

/** What a project starts from. */
export type ProjectStart = {
  readonly document: NetworkDocument;
  /** Null for templates and new networks. */
  readonly file?: ProjectFile | null;
  /** The document is on no disk (a draft that is opened again), so it is dirty from the start. */
  readonly isUnsaved?: boolean;
};

/** One network with its history, its analysis and its selection; everything that changes it is a function here. */
export type Project = {
  /** Components read it with selectors. */
  readonly store: Omit<StoreApi<ProjectState>, 'setState'>;
  readonly getState: () => ProjectState;
  /**
   * Applies edits together, as one undoable step unless `how` says otherwise. On failure nothing changes and the reasons come back.
   * @example edit(text('Set filters of c1', '设置 c1 的卷积核数'), [{ type: 'setParams', id: 'c1', params: { filters: 32 } }])
   */
  readonly edit: (label: Text, edits: readonly Edit[], how?: Capture) => Result<NetworkDocument>;
  /** Opens a gesture: the edits captured as 'merge' until `commitGesture` are one step. */
  readonly beginGesture: (label: Text) => void;
  /** Ends the open gesture and keeps what it did. */
  readonly commitGesture: () => void;
  /** Ends the open gesture and takes back what it did. */
  readonly cancelGesture: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Several steps at once, back (below 0) or forth. */
  readonly travel: (by: number) => void;
  /** Applies a diagnostic's fix as one step that carries the fix's own title. */
  readonly applyFix: (fix: Fix) => Result<NetworkDocument>;
  /** Replaces the selection. */
  readonly select: (ids: Iterable<string>) => void;
  /** Says that `document` is what the file now holds. */
  readonly markSaved: (document: NetworkDocument, file: ProjectFile) => void;
  /** Runs edits on a copy: what a dialog needs to show an effect before it happens. */
  preview(edits: readonly Edit[]): Result<{ readonly document: NetworkDocument; readonly analysis: NetworkAnalysis }>;
};

const emptySelection: ReadonlySet<string> = new Set();

function startState({ document: given, file = null, isUnsaved = false }: ProjectStart): ProjectState {
  const document = placeAll(given);
  return {
    document,
    analysis: analyzeNetwork(document),
    history: steps.startHistory(document),
    selection: emptySelection,
    file,
    savedDocument: isUnsaved ? emptyDocument(document.name) : document,
  };
}

/** The state with another history: re-analyses what changed and forgets selected nodes that are gone. */
function adopted(state: ProjectState, history: History): ProjectState {
  const document = history.present;
  if (document === state.document) return history === state.history ? state : { ...state, history };
  const analysis = analyzeNetwork(document, state.analysis);
  const isHere = (id: string): boolean => findNode(analysis, id) !== undefined;
  const isGone = [...state.selection].some((id) => !isHere(id));
  const selection = isGone ? new Set([...state.selection].filter(isHere)) : state.selection;
  return { ...state, document, analysis, history, selection };
}

/** Opens a network with a history of its own. */
export function createProject(start: ProjectStart): Project {
  const store = createLeanStore(startState(start));
  const adopt = (step: (history: History) => History): void => {
    store.setState((state) => adopted(state, step(state.history)), true);
  };
  const edit: Project['edit'] = (label, edits, how = 'record') => {
    const { history } = store.getState();
    const result = applyEdits(history.present, edits);
    if (!result.ok) return result;
    const document = placeNewNodes(history.present, result.value);
    adopt((current) => steps.capture(current, label, document, how));
    return success(document);
  };
  return {
    store,
    getState: store.getState,
    edit,
    beginGesture: (label) => adopt((history) => steps.beginGesture(history, label)),
    commitGesture: () => adopt(steps.commitGesture),
    cancelGesture: () => adopt(steps.cancelGesture),
    undo: () => adopt(steps.undo),
    redo: () => adopt(steps.redo),
    travel: (by) => adopt((history) => steps.travel(history, by)),
    applyFix: (fix) => edit(fix.title, fix.edits),
    select: (ids) => {
      const next = new Set(ids);
      const { selection } = store.getState();
      if (next.size === selection.size && [...next].every((id) => selection.has(id))) return;
      store.setState({ selection: next });
    },
    markSaved: (document, file) => store.setState({ savedDocument: document, file }),
    preview: (edits) => {
      const { document, analysis } = store.getState();
      const result = applyEdits(document, edits);
      if (!result.ok) return result;
      return success({ document: result.value, analysis: analyzeNetwork(result.value, analysis) });
    },
  };
}

/** True when closing now would lose work. */
export function isDirty(state: ProjectState): boolean {
  return state.document !== state.savedDocument;
}

/** The diagnostics of one node as it is drawn, those inside a block with it; errors first. */
export function diagnosticsOf(analysis: NetworkAnalysis, nodeId: string): readonly Diagnostic[] {
  const own = analysis.diagnostics.filter(
    ({ at }) => at.nodeId !== undefined && drawnAs(analysis, at.nodeId) === nodeId,
  );
  return own.length < 2 ? own : [...own].sort(bySeverity);
}
