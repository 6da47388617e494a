import { CircleAlert, Redo2, Spline, Undo2, Workflow } from 'lucide-react';
import { drawnAs } from '../../shared/analysis/blocks';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { layers } from '../../shared/layers';
import { namesOf } from '../../shared/layers/names';
import { deleteSelection, insertLayer, selectAll } from '../canvas/actions';
import { tidiesSelection, tidyNetwork } from '../canvas/tidying';
import { copyFromMenu, cutSelection, duplicateSelection, pasteFromMenu } from '../canvas/clipboard';
import { findingsByNode } from '../canvas/findings';
import { goToNode } from '../canvas/view';
import { beginWire } from '../canvas/keyboard';
import { trainingProblems } from '../problems/trainingFindings';
import { problemKey, redoLabel, undoLabel } from '../session';
import type { Action, ActionState } from './action';
import { always, both, filled, hasFrames, hasNodes, hasSelection } from './action';

/** The worst finding of the only selected node. */
function finding(project: ActionState['project'], training: readonly Diagnostic[]) {
  const [only] = project.selection;
  if (project.selection.size !== 1 || only === undefined) return undefined;
  const { analysis } = project;
  const own = findingsByNode(analysis).get(only)?.diagnostics[0];
  return own ?? training.find(({ at }) => at.nodeId !== undefined && drawnAs(analysis, at.nodeId) === only);
}

const canDelete = (state: ActionState): boolean => hasSelection(state) || state.hasSelectedWires || hasFrames(state);
const canCopy = (state: ActionState): boolean => hasSelection(state) || hasFrames(state);

/** What changes the network as a whole, or the selection. */
export const editActions: readonly Action[] = [
  {
    id: 'undo',
    group: 'edit',
    label: both('app', 'undo'),
    icon: Undo2,
    shortcuts: ['Mod+Z'],
    scope: 'page',
    applies: ({ project }) => undoLabel(project.history) !== null,
    title: ({ project }) => {
      const label = undoLabel(project.history);
      return label === null ? both('app', 'undo') : filled('app', 'undoLabel', 'label', label);
    },
    perform: ({ session }) => session.project.undo(),
  },
  {
    id: 'redo',
    group: 'edit',
    label: both('app', 'redo'),
    icon: Redo2,
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    scope: 'page',
    applies: ({ project }) => redoLabel(project.history) !== null,
    title: ({ project }) => {
      const label = redoLabel(project.history);
      return label === null ? both('app', 'redo') : filled('app', 'redoLabel', 'label', label);
    },
    perform: ({ session }) => session.project.redo(),
  },
  {
    id: 'showProblem',
    group: 'edit',
    label: both('canvas', 'showProblem'),
    icon: CircleAlert,
    applies: ({ project, training }) => finding(project, training) !== undefined,
    perform: ({ session }) => {
      const found = finding(session.project.getState(), trainingProblems(session));
      if (found) session.view.openProblemCard(problemKey(found));
    },
  },
  {
    id: 'wire',
    group: 'edit',
    label: both('canvas', 'wireFrom'),
    icon: Spline,
    shortcuts: ['W'],
    scope: 'canvas',
    applies: hasNodes,
    perform: ({ session }) => beginWire(session),
  },
  {
    id: 'duplicate',
    group: 'edit',
    label: both('canvas', 'duplicate'),
    shortcuts: ['Mod+D'],
    scope: 'page',
    applies: canCopy,
    perform: ({ session }) => duplicateSelection(session),
  },
  {
    id: 'copy',
    group: 'edit',
    label: both('canvas', 'copy'),
    shortcuts: ['Mod+C'],
    isClipboard: true,
    applies: canCopy,
    perform: ({ session }) => copyFromMenu(session),
  },
  {
    id: 'cut',
    group: 'edit',
    isDestructive: true,
    label: both('canvas', 'cut'),
    shortcuts: ['Mod+X'],
    isClipboard: true,
    applies: canCopy,
    perform: ({ session }) => void cutSelection(session),
  },
  {
    id: 'paste',
    group: 'edit',
    label: both('canvas', 'paste'),
    shortcuts: ['Mod+V'],
    isClipboard: true,
    applies: always,
    perform: ({ session }) => pasteFromMenu(session),
  },
  {
    id: 'delete',
    group: 'edit',
    isDestructive: true,
    label: both('canvas', 'delete'),
    shortcuts: ['Delete', 'Backspace'],
    scope: 'canvas',
    applies: canDelete,
    perform: ({ session }) => deleteSelection(session, true),
  },
  {
    id: 'deleteKeepGap',
    group: 'edit',
    isDestructive: true,
    label: both('canvas', 'deleteKeepGap'),
    shortcuts: ['Shift+Delete', 'Shift+Backspace'],
    scope: 'canvas',
    applies: canDelete,
    perform: ({ session }) => deleteSelection(session, false),
  },
  {
    id: 'selectAll',
    group: 'edit',
    label: both('canvas', 'selectAll'),
    shortcuts: ['Mod+A'],
    scope: 'canvas',
    applies: hasNodes,
    perform: ({ session }) => selectAll(session),
  },
  {
    id: 'tidy',
    group: 'edit',
    label: both('app', 'tidy'),
    help: both('app', 'tidyHelp'),
    icon: Workflow,
    shortcuts: ['L'],
    scope: 'canvas',
    applies: hasNodes,
    title: ({ project }) => (tidiesSelection(project) ? both('moving', 'tidySelection') : both('app', 'tidy')),
    perform: ({ session }) => tidyNetwork(session, tidiesSelection(session.project.getState()) ? 'selection' : 'all'),
  },
  {
    id: 'tidyAll',
    group: 'edit',
    label: both('moving', 'tidyAll'),
    icon: Workflow,
    shortcuts: ['Shift+L'],
    scope: 'canvas',
    applies: hasNodes,
    perform: ({ session }) => tidyNetwork(session, 'all'),
  },
];

/** One action per layer kind: insert it after the selection. */
export const insertActions: readonly Action[] = layers.map((definition) => ({
  id: `insert.${definition.kind}`,
  group: 'insert' as const,
  label: definition.label,
  keywords: namesOf(definition),
  ...(definition.hotkey === undefined
    ? {}
    : { shortcuts: [definition.hotkey.toUpperCase()], scope: 'canvas' as const }),
  applies: always,
  perform: ({ session }) => {
    insertLayer(session, definition.kind);
    const [added] = session.project.getState().selection;
    if (added !== undefined) goToNode(session, added);
  },
}));
