import { Flame, ScanEye } from 'lucide-react';
import { toggleField } from '../canvas/field';
import { chooseHeat, heatMeasure } from '../canvas/heat';
import type { Action } from './action';
import { both, hasNodes, hasSelection } from './action';

const measures = [
  { measure: 'params', label: 'heatParams' },
  { measure: 'macs', label: 'heatMacs' },
  { measure: 'memory', label: 'heatMemory' },
  { measure: 'time', label: 'heatTime' },
  { measure: 'gradient', label: 'heatGradient' },
  { measure: 'dead', label: 'heatDead' },
] as const;

/** What the canvas and the volumes show beyond the network itself. */
export const seeingActions: readonly Action[] = [
  ...measures.map(({ measure, label }): Action => ({
    id: `heat.${measure}`,
    group: 'view',
    label: both('seeing', label),
    help: both('seeing', 'heatHint'),
    icon: Flame,
    keywords: ['heat', 'heatmap', 'cost', '热力图'],
    applies: (state) => hasNodes(state) && heatMeasure(state.ui) !== measure,
    perform: ({ session }) => chooseHeat(session, measure),
  })),
  {
    id: 'heat.none',
    group: 'view',
    label: both('seeing', 'heatOff'),
    icon: Flame,
    applies: ({ ui }) => heatMeasure(ui) !== null,
    perform: ({ session }) => chooseHeat(session, null),
  },
  {
    id: 'receptiveField',
    group: 'view',
    label: both('seeing', 'fieldToggle'),
    icon: ScanEye,
    shortcuts: ['R'],
    scope: 'canvas',
    applies: hasSelection,
    perform: ({ session }) => toggleField(session),
  },
];
