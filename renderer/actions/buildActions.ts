import { ClipboardType, PackagePlus, Replace } from 'lucide-react';
import { copySketch, duplicateSelection } from '../canvas/clipboard';
import { searchHere, searchReplacement } from '../canvas/quickInsert';
import type { Action, ActionState } from './action';
import { always, both, hasSelection } from './action';

const isOneSelected = ({ project }: ActionState): boolean => project.selection.size === 1;

/** Building by search, by sketch, by replacing and by copying. */
export const buildActions: readonly Action[] = [
  {
    id: 'searchHere',
    group: 'edit',
    label: both('building', 'search'),
    icon: PackagePlus,
    shortcuts: ['Tab', 'Space'],
    scope: 'network',
    applies: always,
    perform: ({ session }) => searchHere(session),
  },
  {
    id: 'replace',
    group: 'edit',
    label: both('building', 'replace'),
    icon: Replace,
    applies: isOneSelected,
    perform: ({ session }) => searchReplacement(session),
  },
  {
    id: 'copySketch',
    group: 'edit',
    label: both('building', 'copySketch'),
    help: both('building', 'copySketchHelp'),
    icon: ClipboardType,
    applies: hasSelection,
    perform: ({ session }) => copySketch(session),
  },
  {
    id: 'duplicateWired',
    group: 'edit',
    label: both('building', 'duplicateWired'),
    shortcuts: ['Mod+Shift+D'],
    scope: 'page',
    applies: hasSelection,
    perform: ({ session }) => duplicateSelection(session, true),
  },
];
