import { FileInput, FilePlus2, FolderOpen, LayoutTemplate, Package, Radio, Save, SaveAll } from 'lucide-react';
import { exportTargets } from '../../shared/schema/exports';
import { openExport } from '../exports/exportStore';
import { followFarRun, followRun, newNetwork, openNetwork, saveNetwork, saveNetworkAs } from '../dialogs/fileActions';
import { importNetwork } from '../imports/importFiles';
import { isDirty } from '../session';
import { openDialog } from '../store/ui';
import type { Action } from './action';
import { always, both, hasNodes } from './action';

/** New, open, follow, save, templates, export. */
export const fileActions: readonly Action[] = [
  {
    id: 'new',
    group: 'file',
    label: both('dialogs', 'new'),
    icon: FilePlus2,
    // A browser keeps Ctrl+N and Ctrl+T for itself; the desktop form has them.
    shortcuts: ['Alt+N', 'Mod+N', 'Mod+T'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => newNetwork(workspace),
  },
  {
    id: 'templates',
    group: 'file',
    label: both('dialogs', 'templates'),
    icon: LayoutTemplate,
    applies: always,
    perform: () => openDialog('templates'),
  },
  {
    id: 'open',
    group: 'file',
    label: both('dialogs', 'open'),
    icon: FolderOpen,
    shortcuts: ['Mod+O'],
    scope: 'always',
    applies: always,
    perform: ({ workspace }) => openNetwork(workspace),
  },
  {
    id: 'import',
    group: 'file',
    label: both('imports', 'import'),
    icon: FileInput,
    keywords: ['onnx', 'keras', 'h5', 'tfjs', 'tensorflow', 'safetensors', 'caffe', 'tflite', 'pytorch'],
    applies: ({ hasHost }) => hasHost,
    perform: ({ workspace }) => importNetwork(workspace),
  },
  {
    id: 'follow',
    group: 'file',
    label: both('dialogs', 'follow'),
    icon: Radio,
    applies: always,
    perform: ({ workspace }) => void followRun(workspace),
  },
  {
    id: 'followFar',
    group: 'file',
    label: both('dialogs', 'followFar'),
    icon: Radio,
    keywords: ['ssh', 'remote'],
    applies: ({ hasHost }) => hasHost,
    perform: () => followFarRun(),
  },
  {
    id: 'save',
    group: 'file',
    label: both('dialogs', 'save'),
    icon: Save,
    shortcuts: ['Mod+S'],
    scope: 'always',
    applies: ({ project }) => isDirty(project) || project.file === null,
    perform: ({ session }) => void saveNetwork(session),
  },
  {
    id: 'saveAs',
    group: 'file',
    label: both('dialogs', 'saveAs'),
    icon: SaveAll,
    shortcuts: ['Mod+Shift+S'],
    scope: 'always',
    applies: always,
    perform: ({ session }) => void saveNetworkAs(session),
  },
  {
    id: 'export',
    group: 'file',
    label: both('exports', 'exportAs'),
    icon: Package,
    keywords: exportTargets.map(({ id }) => id),
    applies: hasNodes,
    perform: () => openExport(),
  },
];
