import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { useText } from '../i18n';
import { problemKey } from '../store/problemKey';
import { select, useProject } from '../store/project';
import { openProblemCard } from '../store/ui';
import { MenuItems } from '../ui/Menu';
import type { MenuGroup } from '../ui/Menu';
import menuStyles from '../ui/Menu.module.css';
import { deleteSelection, selectAll, tidyNetwork } from './actions';
import { copyFromMenu, cutSelection, duplicateSelection, pasteFromMenu } from './clipboard';
import { findingsByNode } from './findings';
import { startKeyboardWire } from './wiring';

/** Right-clicking a node that is not selected selects it first, as everywhere. */
function selectUnder(target: EventTarget | null): void {
  const id = target instanceof Element ? target.closest<HTMLElement>('.react-flow__node')?.dataset['id'] : undefined;
  if (id === undefined) select([]);
  else if (!useProject.getState().selection.has(id)) select([id]);
}

function useGroups(): readonly MenuGroup[] {
  const { t } = useText('canvas');
  const { t: app } = useText('app');
  const selection = useProject((state) => state.selection);
  const analysis = useProject((state) => state.analysis);
  const [only] = selection;
  const problem =
    selection.size === 1 && only !== undefined ? findingsByNode(analysis).get(only)?.diagnostics[0] : undefined;
  const node: MenuGroup = {
    actions: [
      ...(problem
        ? [{ id: 'problem', label: t.showProblem, onSelect: () => openProblemCard(problemKey(problem)) }]
        : []),
      ...(selection.size === 1 && only !== undefined
        ? [{ id: 'wire', label: t.wireFrom, keys: 'W', onSelect: () => void startKeyboardWire(only) }]
        : []),
      { id: 'duplicate', label: t.duplicate, keys: 'Mod+D', onSelect: duplicateSelection },
      { id: 'copy', label: t.copy, keys: 'Mod+C', onSelect: copyFromMenu },
      { id: 'cut', label: t.cut, keys: 'Mod+X', onSelect: () => void cutSelection() },
    ],
  };
  const remove: MenuGroup = {
    actions: [
      { id: 'delete', label: t.delete, keys: 'Delete', onSelect: () => deleteSelection(true) },
      { id: 'gap', label: t.deleteKeepGap, keys: 'Shift+Delete', onSelect: () => deleteSelection(false) },
    ],
  };
  const pane: MenuGroup = {
    actions: [
      { id: 'paste', label: t.paste, keys: 'Mod+V', onSelect: pasteFromMenu },
      { id: 'all', label: t.selectAll, keys: 'Mod+A', onSelect: selectAll },
      { id: 'tidy', label: app.tidy, keys: 'L', onSelect: tidyNetwork },
    ],
  };
  return selection.size > 0 ? [node, remove] : [pane];
}

/** The menu behind the right mouse button, and the menu key. */
export function CanvasMenu({ children }: { readonly children: ReactElement }) {
  const groups = useGroups();
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={<div style={{ height: '100%' }} />}
        onContextMenuCapture={(event) => selectUnder(event.target)}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={menuStyles['positioner']}>
          <ContextMenu.Popup className={menuStyles['popup']}>
            <MenuItems groups={groups} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
