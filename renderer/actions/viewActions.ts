import { Command, Expand, Flag, Keyboard, Maximize2, Minus, Play, Plus, Search, Settings } from 'lucide-react';
import { searchLayers } from '../canvas/keyboard';
import { fitNetwork, zoomIn, zoomOut } from '../canvas/view';
import { showRace } from '../runs/chosenRuns';
import type { PanelName } from '../store/ui';
import { dockTabs, openDialog, showDockTab, toggleCanvasAlone, togglePanel } from '../store/ui';
import { decideTraining, trainOrStop } from '../training/trainAction';
import type { Action } from './action';
import { always, both, hasNodes } from './action';

const panels = [
  { panel: 'palette', keys: 'Mod+B', hide: 'hidePalette', show: 'showPalette' },
  { panel: 'inspector', keys: 'Mod+I', hide: 'hideInspector', show: 'showInspector' },
  { panel: 'dock', keys: 'Mod+J', hide: 'hideDock', show: 'showDock' },
] as const satisfies readonly { readonly panel: PanelName; readonly [word: string]: string }[];

/** What is seen of the network, and how. */
export const viewActions: readonly Action[] = [
  {
    id: 'fit',
    group: 'view',
    label: both('canvas', 'fitView'),
    icon: Expand,
    shortcuts: ['0'],
    scope: 'canvas',
    applies: always,
    perform: ({ session }) => fitNetwork(session),
  },
  {
    id: 'zoomIn',
    group: 'view',
    label: both('canvas', 'zoomIn'),
    icon: Plus,
    shortcuts: ['Mod+='],
    scope: 'page',
    applies: always,
    perform: ({ session }) => zoomIn(session),
  },
  {
    id: 'zoomOut',
    group: 'view',
    label: both('canvas', 'zoomOut'),
    icon: Minus,
    shortcuts: ['Mod+-'],
    scope: 'page',
    applies: always,
    perform: ({ session }) => zoomOut(session),
  },
  {
    id: 'alone',
    group: 'view',
    label: both('canvas', 'maximise'),
    icon: Maximize2,
    shortcuts: ['H'],
    scope: 'canvas',
    applies: always,
    title: ({ ui }) => both('canvas', ui.isCanvasAlone ? 'restore' : 'maximise'),
    perform: toggleCanvasAlone,
  },
  ...dockTabs.map((tab, index): Action => ({
    id: `tab.${tab}`,
    group: 'view',
    label: both('app', tab),
    shortcuts: [`Mod+${index + 1}`],
    scope: 'always',
    applies: always,
    perform: () => showDockTab(tab),
  })),
  ...panels.map(({ panel, keys, hide, show }): Action => ({
    id: `toggle.${panel}`,
    group: 'view',
    label: both('app', show),
    shortcuts: [keys],
    scope: 'always',
    applies: always,
    title: ({ ui }) => both('app', ui.hiddenPanels.has(panel) ? show : hide),
    perform: () => togglePanel(panel),
  })),
];

/** Training the network, or stopping it. */
export const runActions: readonly Action[] = [
  {
    id: 'train',
    group: 'run',
    label: both('training', 'train'),
    icon: Play,
    shortcuts: ['Mod+Enter'],
    // Not in text fields: there Enter, with whatever is held, is the field's own.
    scope: 'page',
    applies: (state) => decideTraining(state) !== 'wait',
    title: (state) => both('training', decideTraining(state) === 'stop' ? 'stop' : 'train'),
    perform: ({ session }) => trainOrStop(session),
  },
  {
    id: 'race',
    group: 'run',
    label: both('runs', 'raceOpen'),
    icon: Flag,
    keywords: ['BGD', 'SGD', 'MBGD', 'gradient descent', '梯度下降'],
    applies: hasNodes,
    perform: showRace,
  },
];

/** Finding what there is. */
export const helpActions: readonly Action[] = [
  {
    id: 'commands',
    group: 'help',
    label: both('app', 'commands'),
    icon: Command,
    shortcuts: ['Mod+K'],
    scope: 'always',
    applies: always,
    perform: () => openDialog('commands'),
  },
  {
    id: 'searchLayers',
    group: 'help',
    label: both('canvas', 'searchLayers'),
    icon: Search,
    shortcuts: ['/'],
    scope: 'page',
    applies: always,
    perform: searchLayers,
  },
  {
    id: 'shortcuts',
    group: 'help',
    label: both('app', 'shortcuts'),
    icon: Keyboard,
    shortcuts: ['?'],
    scope: 'page',
    applies: always,
    perform: () => openDialog('shortcuts'),
  },
  {
    id: 'settings',
    group: 'help',
    label: both('settings', 'settings'),
    icon: Settings,
    // As everywhere: the combination that Preferences have.
    shortcuts: ['Mod+,'],
    scope: 'always',
    applies: always,
    perform: () => openDialog('settings'),
  },
];
