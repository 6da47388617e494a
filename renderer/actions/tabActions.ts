import { Columns2, X } from 'lucide-react';
import { text } from '../../shared/text';
import { closeNetwork } from '../dialogs/fileActions';
import type { Workspace } from '../session';
import { neighbourOf } from '../session';
import type { Action } from './action';
import { always, both, filled } from './action';

function step(workspace: Workspace, by: 1 | -1): void {
  workspace.activate(neighbourOf(workspace.getState(), by).id);
}

/** Moves the active tab by one place; at an end it stays. */
function shift(workspace: Workspace, by: 1 | -1): void {
  const { sessions, active } = workspace.getState();
  const place = sessions.indexOf(active) + by;
  if (place >= 0 && place < sessions.length) workspace.move(active.id, place);
}

const numbered = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** The networks that are open: closing, going from one to another, two side by side. */
export const tabActions: readonly Action[] = [
  {
    id: 'closeTab',
    group: 'file',
    label: both('dialogs', 'closeTab'),
    icon: X,
    // A browser keeps Ctrl+W for itself; the desktop form has it.
    shortcuts: ['Alt+W', 'Mod+W'],
    scope: 'always',
    applies: always,
    perform: ({ workspace, session }) => closeNetwork(workspace, session),
  },
  {
    id: 'split',
    group: 'view',
    label: both('dialogs', 'split'),
    help: both('dialogs', 'splitHelp'),
    icon: Columns2,
    shortcuts: ['Mod+\\'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => workspace.split(),
  },
  {
    id: 'nextTab',
    group: 'view',
    label: both('dialogs', 'nextTab'),
    shortcuts: ['Alt+PageDown', 'Control+Tab'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => step(workspace, 1),
  },
  {
    id: 'previousTab',
    group: 'view',
    label: both('dialogs', 'previousTab'),
    shortcuts: ['Alt+PageUp', 'Control+Shift+Tab'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => step(workspace, -1),
  },
  {
    id: 'moveTabRight',
    group: 'view',
    label: both('dialogs', 'moveTabRight'),
    shortcuts: ['Alt+Shift+PageDown'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => shift(workspace, 1),
  },
  {
    id: 'moveTabLeft',
    group: 'view',
    label: both('dialogs', 'moveTabLeft'),
    shortcuts: ['Alt+Shift+PageUp'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => shift(workspace, -1),
  },
  ...numbered.map((number): Action => ({
    id: `goToTab.${number}`,
    group: 'view',
    label: filled('dialogs', 'goToTab', 'number', text(String(number), String(number))),
    shortcuts: [`Alt+${number}`],
    scope: 'always',
    isMotion: true,
    applies: always,
    perform: ({ workspace }) => {
      const session = workspace.getState().sessions[number - 1];
      if (session !== undefined) workspace.activate(session.id);
    },
  })),
  {
    id: 'goToTab.last',
    group: 'view',
    label: both('dialogs', 'goToLastTab'),
    shortcuts: ['Alt+9'],
    scope: 'always',
    isMotion: true,
    applies: always,
    perform: ({ workspace }) => {
      const session = workspace.getState().sessions.at(-1);
      if (session !== undefined) workspace.activate(session.id);
    },
  },
];
