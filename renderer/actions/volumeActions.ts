import { Boxes, FileImage } from 'lucide-react';
import { openFigureExport } from '../volumes/exportStore';
import { toggleVolumes } from '../volumes/networkView';
import type { Action } from './action';
import { always, both, hasNodes } from './action';

/** The network as volumes, and as a figure. */
export const volumeActions: readonly Action[] = [
  {
    id: 'volumes',
    group: 'view',
    label: both('volumes', 'toggleVolumes'),
    icon: Boxes,
    shortcuts: ['V'],
    scope: 'page',
    applies: always,
    perform: toggleVolumes,
  },
  {
    id: 'exportFigure',
    group: 'file',
    label: both('volumes', 'exportFigure'),
    icon: FileImage,
    keywords: ['svg', 'pdf', 'png', 'latex', 'markdown'],
    applies: hasNodes,
    perform: () => openFigureExport(),
  },
];
