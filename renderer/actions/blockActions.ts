import { CornerLeftUp, Expand, Group, LogIn, Plug, Ungroup } from 'lucide-react';
import { blockNamed, findBlock, isBlockNode } from '../../shared/document/blocks';
import { unusedBlocks } from '../../shared/editing/blocks/definitions';
import {
  addPort,
  enterNode,
  groupSelection,
  leaveToOuter,
  removeUnusedBlocks,
  toggleInPlace,
  ungroupSelection,
} from '../canvas/blocks';
import type { Action, ActionState } from './action';
import { both, hasSelection } from './action';

/** The only selected node, where it uses a block that is defined. */
function selectedBlock({ project: { document, selection } }: ActionState): string | null {
  const [only] = selection;
  const node = selection.size === 1 ? document.nodes.find(({ id }) => id === only) : undefined;
  return node !== undefined && isBlockNode(node) && findBlock(document, blockNamed(node)) !== undefined
    ? node.id
    : null;
}

const hasBlock = (state: ActionState): boolean => selectedBlock(state) !== null;

/** Parts of a network as blocks, and the way into them. */
export const blockActions: readonly Action[] = [
  {
    id: 'group',
    group: 'edit',
    label: both('blocks', 'group'),
    help: both('blocks', 'groupHelp'),
    icon: Group,
    shortcuts: ['Mod+G'],
    scope: 'page',
    applies: hasSelection,
    perform: ({ session }) => groupSelection(session),
  },
  {
    id: 'ungroup',
    group: 'edit',
    label: both('blocks', 'ungroup'),
    help: both('blocks', 'ungroupHelp'),
    icon: Ungroup,
    shortcuts: ['Mod+Shift+G'],
    scope: 'page',
    applies: hasBlock,
    perform: ({ session }) => ungroupSelection(session),
  },
  {
    id: 'enterBlock',
    group: 'view',
    label: both('blocks', 'enter'),
    icon: LogIn,
    applies: hasBlock,
    perform: ({ session }) => {
      const [only] = session.project.getState().selection;
      if (only !== undefined) enterNode(session, only);
    },
  },
  {
    id: 'openInPlace',
    group: 'view',
    label: both('blocks', 'toggleInPlace'),
    icon: Expand,
    shortcuts: ['Alt+Enter'],
    scope: 'canvas',
    applies: (state) => hasBlock(state),
    perform: ({ session }) => {
      const [only] = session.project.getState().selection;
      if (only !== undefined) toggleInPlace(session, only);
    },
  },
  {
    id: 'leaveBlock',
    group: 'view',
    label: both('blocks', 'leaveBlock'),
    icon: CornerLeftUp,
    applies: ({ level }) => level.path.length > 0,
    perform: ({ session }) => leaveToOuter(session),
  },
  {
    id: 'addPort',
    group: 'edit',
    label: both('blocks', 'addPort'),
    help: both('blocks', 'addPortHelp'),
    icon: Plug,
    keywords: ['port', 'input', '端口'],
    applies: ({ level }) => level.block !== null,
    perform: ({ session }) => addPort(session),
  },
  {
    id: 'removeUnusedBlocks',
    group: 'edit',
    label: both('blocks', 'removeUnused'),
    help: both('blocks', 'removeUnusedHelp'),
    isDestructive: true,
    // The history is the network's, wherever in it the canvas is.
    applies: ({ project }) => unusedBlocks(project.history.present).length > 0,
    perform: ({ session }) => removeUnusedBlocks(session),
  },
];
