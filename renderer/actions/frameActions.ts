import { Frame, StickyNote } from 'lucide-react';
import { addNote, deleteWithContents, fitSelectedFrames, frameSelection, writeSelectedFrame } from '../canvas/framing';
import { addPlaceToSelected, straightenSelected } from '../canvas/leading';
import type { Action, ActionState } from './action';
import { always, both, hasFrames, hasSelection } from './action';

const hasWires = ({ hasSelectedWires }: ActionState): boolean => hasSelectedWires;
const oneFrame = ({ selectedFrames }: ActionState): boolean => selectedFrames.size === 1;

/** Frames and notes on the canvas, and how wires are led. */
export const frameActions: readonly Action[] = [
  {
    id: 'frame',
    group: 'edit',
    label: both('frames', 'frameSelection'),
    help: both('frames', 'frameHelp'),
    icon: Frame,
    shortcuts: ['Mod+Alt+G'],
    scope: 'page',
    keywords: ['comment', 'section', '注释', '分区'],
    applies: (state) => hasSelection(state) || hasFrames(state),
    perform: ({ session }) => frameSelection(session),
  },
  {
    id: 'note',
    group: 'edit',
    label: both('frames', 'addNote'),
    help: both('frames', 'addNoteHelp'),
    icon: StickyNote,
    shortcuts: ['N'],
    scope: 'canvas',
    keywords: ['comment', 'text', '注释', '备注'],
    applies: always,
    perform: ({ session }) => addNote(session),
  },
  {
    id: 'frame.note',
    group: 'edit',
    label: both('frames', 'editNote'),
    applies: oneFrame,
    perform: ({ session }) => writeSelectedFrame(session, 'note'),
  },
  {
    id: 'frame.fit',
    group: 'edit',
    label: both('frames', 'fitFrame'),
    applies: hasFrames,
    perform: ({ session }) => fitSelectedFrames(session),
  },
  {
    id: 'frame.deleteAll',
    group: 'edit',
    label: both('frames', 'deleteWithContents'),
    isDestructive: true,
    applies: hasFrames,
    perform: ({ session }) => deleteWithContents(session),
  },
  {
    id: 'wire.addPlace',
    group: 'edit',
    label: both('frames', 'addPlace'),
    keywords: ['reroute', 'bend', '改道', '折点'],
    applies: hasWires,
    perform: ({ session }) => addPlaceToSelected(session),
  },
  {
    id: 'wire.straighten',
    group: 'edit',
    label: both('frames', 'straighten'),
    keywords: ['reroute', '改道'],
    applies: (state) => hasWires(state) && state.project.document.edges.some(({ via }) => via !== undefined),
    perform: ({ session }) => straightenSelected(session),
  },
];
