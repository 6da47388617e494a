import { AlignCenterHorizontal, Pin, Search } from 'lucide-react';
import { alignments } from '../canvas/arrange';
import {
  alignSelection,
  distributeSelection,
  isBypassed,
  selectAlike,
  selectReach,
  toggleBypass,
} from '../canvas/arranging';
import { openFind } from '../canvas/find';
import { isSnapping, toggleSnapping } from '../canvas/guides';
import { writeSelectedFrame } from '../canvas/framing';
import { editInPlace } from '../canvas/inPlace';
import { isPinned, togglePin } from '../canvas/tidying';
import { fitNodes, zoomToFullSize } from '../canvas/view';
import { chooseLanguage, chooseTheme } from '../store/ui';
import { text } from '../../shared/text';
import type { Action, ActionState } from './action';
import { always, both, filled, hasNodes, hasSelection } from './action';

const severalSelected = ({ project }: ActionState): boolean => project.selection.size > 1;
const manySelected = ({ project }: ActionState): boolean => project.selection.size > 2;
const oneSelected = ({ project }: ActionState): boolean => project.selection.size === 1;

const alignLabel = {
  left: 'alignLeft',
  centre: 'alignCentre',
  right: 'alignRight',
  top: 'alignTop',
  middle: 'alignMiddle',
  bottom: 'alignBottom',
} as const;

const distributions = [
  { axis: 'x', label: 'distributeAcross' },
  { axis: 'y', label: 'distributeDown' },
] as const;

/** Finding nodes and seeing them. */
const findActions: readonly Action[] = [
  {
    id: 'find',
    group: 'edit',
    label: both('moving', 'find'),
    icon: Search,
    shortcuts: ['Mod+F'],
    scope: 'page',
    applies: hasNodes,
    perform: ({ session }) => openFind(session),
  },
  {
    id: 'fitSelection',
    group: 'view',
    label: both('moving', 'fitSelection'),
    shortcuts: ['2'],
    scope: 'canvas',
    applies: hasSelection,
    perform: ({ session }) => fitNodes(session, session.project.getState().selection),
  },
  {
    id: 'fullSize',
    group: 'view',
    label: both('moving', 'fullSize'),
    shortcuts: ['1'],
    scope: 'canvas',
    applies: always,
    perform: ({ session }) => zoomToFullSize(session),
  },
  {
    id: 'select.upstream',
    group: 'edit',
    label: both('moving', 'selectUpstream'),
    applies: hasSelection,
    perform: ({ session }) => selectReach(session, 'upstream'),
  },
  {
    id: 'select.downstream',
    group: 'edit',
    label: both('moving', 'selectDownstream'),
    applies: hasSelection,
    perform: ({ session }) => selectReach(session, 'downstream'),
  },
  {
    id: 'select.kind',
    group: 'edit',
    label: both('moving', 'selectKind'),
    applies: hasSelection,
    perform: ({ session }) => selectAlike(session),
  },
];

/** Changing the selected nodes where they stand. */
const placeActions: readonly Action[] = [
  {
    id: 'rename',
    group: 'edit',
    label: both('moving', 'rename'),
    shortcuts: ['F2'],
    scope: 'form',
    applies: (state) => oneSelected(state) || state.selectedFrames.size === 1,
    perform: ({ session }) => {
      const [only] = session.project.getState().selection;
      if (only !== undefined) editInPlace(session, only, null);
      else writeSelectedFrame(session, 'title');
    },
  },
  {
    id: 'bypass',
    group: 'edit',
    label: both('moving', 'bypass'),
    shortcuts: ['M'],
    scope: 'canvas',
    keywords: ['mute'],
    applies: hasSelection,
    title: ({ project }) => both('moving', isBypassed(project) ? 'useAgain' : 'bypass'),
    perform: ({ session }) => toggleBypass(session),
  },
  {
    id: 'pin',
    group: 'edit',
    label: both('moving', 'pin'),
    help: both('moving', 'pinHelp'),
    icon: Pin,
    shortcuts: ['Shift+P'],
    scope: 'canvas',
    keywords: ['lock', 'fix'],
    applies: hasSelection,
    title: ({ project }) => both('moving', isPinned(project) ? 'unpin' : 'pin'),
    perform: ({ session }) => togglePin(session),
  },
  ...alignments.map((how): Action => {
    const label = both('moving', alignLabel[how]);
    return {
      id: `align.${how}`,
      group: 'edit',
      label,
      icon: AlignCenterHorizontal,
      applies: severalSelected,
      perform: ({ session }) => alignSelection(session, how, label),
    };
  }),
  ...distributions.map(({ axis, label: key }): Action => {
    const label = both('moving', key);
    return {
      id: `distribute.${axis}`,
      group: 'edit',
      label,
      applies: manySelected,
      perform: ({ session }) => distributeSelection(session, axis, label),
    };
  }),
  {
    id: 'toggle.snap',
    group: 'view',
    label: both('moving', 'snap'),
    applies: always,
    title: ({ ui }) => both('moving', isSnapping(ui) ? 'noSnap' : 'snap'),
    perform: toggleSnapping,
  },
];

/** Choices that are kept over restarts. */
const choiceActions: readonly Action[] = [
  ...(['system', 'light', 'dark'] as const).map((choice): Action => ({
    id: `theme.${choice}`,
    group: 'view',
    label: filled('moving', 'themeIs', 'choice', both('settings', choice)),
    applies: ({ ui }) => ui.themeChoice !== choice,
    perform: () => chooseTheme(choice),
  })),
  ...(
    [
      ['system', both('settings', 'system')],
      ['en', text('English', 'English')],
      ['zh', text('中文', '中文')],
    ] as const
  ).map(([choice, name]): Action => ({
    id: `language.${choice}`,
    group: 'view',
    label: filled('moving', 'languageIs', 'choice', name),
    keywords: ['language', '语言'],
    applies: ({ ui }) => ui.languageChoice !== choice,
    perform: () => chooseLanguage(choice),
  })),
];

/** Finding, moving and arranging. */
export const movingActions: readonly Action[] = [...findActions, ...placeActions, ...choiceActions];
