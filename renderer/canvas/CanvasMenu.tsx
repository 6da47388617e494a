import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { actionOf, useActionState } from '../actions';
import { menuItem, menus } from '../actions/menus';
import { useText } from '../i18n';
import type { Session } from '../session';
import { useProject, useSession, useWorkspace } from '../session';
import { MenuItems } from '../ui/Menu';
import type { MenuGroup } from '../ui/Menu';
import menuStyles from '../ui/Menu.module.css';

/** Right-clicking a node that is not selected selects it first, as everywhere. */
function selectUnder({ project }: Session, target: EventTarget | null): void {
  const id = target instanceof Element ? target.closest<HTMLElement>('.react-flow__node')?.dataset['id'] : undefined;
  if (id === undefined) project.select([]);
  else if (!project.getState().selection.has(id)) project.select([id]);
}

/** The actions for what is selected, or for the canvas. One that cannot apply is left out rather than greyed. */
function Entries() {
  const { language } = useText('canvas');
  const workspace = useWorkspace();
  const session = useSession();
  const state = useActionState();
  const sections = useProject(({ selection }) => selection.size > 0) ? menus.selection : menus.pane;
  const hidesWhenIdle = (id: string): boolean => id === 'showProblem' || id === 'wire';
  const isOne = state.project.selection.size === 1;
  const groups = sections.map((ids): MenuGroup => ({
    actions: ids
      .filter((id) => !hidesWhenIdle(id) || (isOne && actionOf(id).applies(state)))
      .map((id) => {
        const { icon: _icon, ...item } = menuItem(actionOf(id), state, { workspace, session }, language);
        return item;
      }),
  }));
  return <MenuItems groups={groups} />;
}

/** The menu behind the right mouse button, and the menu key. */
export function CanvasMenu({ children }: { readonly children: ReactElement }) {
  const session = useSession();
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={<div style={{ height: '100%' }} />}
        onContextMenuCapture={(event) => selectUnder(session, event.target)}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={menuStyles['positioner']}>
          <ContextMenu.Popup className={menuStyles['popup']}>
            <Entries />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
