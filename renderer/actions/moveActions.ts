import { acceptOnCanvas, leave, moveFocus, nudge } from '../canvas/keyboard';
import type { Direction } from '../canvas/navigate';
import type { Action } from './action';
import { always, both, hasFrames, hasNodes } from './action';

const directions = ['left', 'right', 'up', 'down'] as const satisfies readonly Direction[];
const keyOf = { left: 'ArrowLeft', right: 'ArrowRight', up: 'ArrowUp', down: 'ArrowDown' } as const;
const goLabel = { left: 'goLeft', right: 'goRight', up: 'goUp', down: 'goDown' } as const;
const extendLabel = { left: 'extendLeft', right: 'extendRight', up: 'extendUp', down: 'extendDown' } as const;
const nudgeLabel = { left: 'nudgeLeft', right: 'nudgeRight', up: 'nudgeUp', down: 'nudgeDown' } as const;

/** A step on the canvas with Alt and an arrow, and the long one with Shift as well. */
const stepPx = 8;
const longStepPx = 40;

/** What the keyboard does on the canvas apart from commands: along the wires, over the canvas, into the form and back. */
export const moveActions: readonly Action[] = [
  ...directions.flatMap((direction): Action[] => [
    {
      id: `go.${direction}`,
      group: 'move',
      label: both('canvas', goLabel[direction]),
      shortcuts: [keyOf[direction]],
      scope: 'canvas',
      isMotion: true,
      applies: hasNodes,
      perform: ({ session }) => moveFocus(session, direction, false),
    },
    {
      id: `extend.${direction}`,
      group: 'move',
      label: both('canvas', extendLabel[direction]),
      shortcuts: [`Shift+${keyOf[direction]}`],
      scope: 'canvas',
      isMotion: true,
      applies: hasNodes,
      perform: ({ session }) => moveFocus(session, direction, true),
    },
    {
      id: `nudge.${direction}`,
      group: 'move',
      label: both('canvas', nudgeLabel[direction]),
      shortcuts: [`Alt+${keyOf[direction]}`],
      scope: 'canvas',
      isMotion: true,
      applies: (state) => hasNodes(state) || hasFrames(state),
      perform: ({ session }) => nudge(session, direction, stepPx),
    },
    {
      id: `nudgeFar.${direction}`,
      group: 'move',
      label: both('canvas', nudgeLabel[direction]),
      shortcuts: [`Alt+Shift+${keyOf[direction]}`],
      scope: 'canvas',
      isMotion: true,
      applies: (state) => hasNodes(state) || hasFrames(state),
      perform: ({ session }) => nudge(session, direction, longStepPx),
    },
  ]),
  {
    id: 'accept',
    group: 'move',
    label: both('canvas', 'openForm'),
    shortcuts: ['Enter'],
    scope: 'canvas',
    isMotion: true,
    applies: (state) => hasNodes(state) || hasFrames(state),
    perform: ({ session }) => acceptOnCanvas(session),
  },
  {
    id: 'leave',
    group: 'move',
    label: both('canvas', 'leave'),
    shortcuts: ['Escape'],
    scope: 'form',
    isMotion: true,
    applies: always,
    perform: ({ session }) => leave(session),
  },
];
