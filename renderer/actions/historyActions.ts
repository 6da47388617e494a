import { History } from 'lucide-react';
import { openDialog } from '../store/ui';
import type { Action } from './action';
import { both } from './action';

/** Going to any state that the network has been in. */
export const historyActions: readonly Action[] = [
  {
    id: 'history',
    group: 'edit',
    label: both('app', 'history'),
    icon: History,
    shortcuts: ['Alt+Z'],
    scope: 'page',
    applies: ({ project }) => project.history.past.length + project.history.future.length > 0,
    perform: () => openDialog('history'),
  },
];
