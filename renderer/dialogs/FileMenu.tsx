import { ChevronDown, FileText, Workflow } from 'lucide-react';
import { actionOf, useActionState } from '../actions';
import { menuItem, menus } from '../actions/menus';
import { useText } from '../i18n';
import { useProject, useSession, useWorkspace, useWorkspaceState } from '../session';
import { useRequest } from '../store/useRequest';
import { Button, Menu, type MenuGroup } from '../ui';
import { fileName, openPath } from './fileActions';

/** Recent files that the menu lists. */
const recentCount = 8;

/** The networks that are open, where there are several: one goes on training behind the one that is shown. */
function useOpenNetworks(): MenuGroup {
  const { t } = useText('dialogs');
  const { t: app } = useText('app');
  const workspace = useWorkspace();
  const sessions = useWorkspaceState((state) => state.sessions);
  const active = useSession();
  return {
    title: t.openNetworks,
    actions:
      sessions.length < 2
        ? []
        : sessions.map((session) => {
            const { name } = session.project.getState().document;
            return {
              id: session.id,
              label: name === '' ? app.untitled : name,
              icon: <Workflow size={15} />,
              isChecked: session === active,
              onSelect: () => workspace.activate(session.id),
            };
          }),
  };
}

/** New, open, save, templates, export, recent files and open networks. */
export function FileMenu() {
  const { t, language } = useText('dialogs');
  const path = useProject((state) => state.file?.path ?? null);
  const { value: recent, reload } = useRequest('project.recent', {});
  const workspace = useWorkspace();
  const session = useSession();
  const state = useActionState();
  const openNetworks = useOpenNetworks();
  const [open, save] = menus.file.map((ids): MenuGroup => ({
    actions: ids.map((id) => menuItem(actionOf(id), state, { workspace, session }, language)),
  }));
  const groups: readonly MenuGroup[] = [
    ...(open === undefined ? [] : [open]),
    openNetworks,
    {
      title: t.recent,
      actions: (recent ?? []).slice(0, recentCount).map((file) => ({
        id: file.path,
        label: file.name === '' ? fileName(file.path) : file.name,
        hint: fileName(file.path),
        icon: <FileText size={15} />,
        onSelect: () => openPath(workspace, file.path),
      })),
    },
    ...(save === undefined ? [] : [save]),
  ];
  return (
    <Menu
      trigger={
        <Button variant="quiet" onPointerDown={reload} onKeyDown={reload} title={path ?? t.notSaved}>
          {t.file}
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
      groups={groups}
    />
  );
}
