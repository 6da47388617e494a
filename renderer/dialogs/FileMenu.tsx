import { ChevronDown } from 'lucide-react';
import { actionOf, useActionState } from '../actions';
import { menuItem, menus } from '../actions/menus';
import { useText } from '../i18n';
import { useProject, useSession, useWorkspace } from '../session';
import { Button, Menu, type MenuGroup } from '../ui';
import { fileName } from './fileActions';
import { openRecent, useRecentFiles } from './recents';
import { RecentPicture } from './RecentPicture';

/** Recent files that the menu lists. */
const recentCount = 8;

/** New, open, save, templates, export, recent files with their pictures. */
export function FileMenu() {
  const { t, language } = useText('dialogs');
  const path = useProject((state) => state.file?.path ?? null);
  const { files: recent, reload } = useRecentFiles();
  const workspace = useWorkspace();
  const session = useSession();
  const state = useActionState();
  const [open, ...save] = menus.file.map((ids): MenuGroup => ({
    actions: ids.map((id) => menuItem(actionOf(id), state, { workspace, session }, language)),
  }));
  const groups: readonly MenuGroup[] = [
    ...(open === undefined ? [] : [open]),
    {
      title: t.recent,
      actions: recent.slice(0, recentCount).map((file) => ({
        id: file.path,
        label: file.name === '' ? fileName(file.path) : file.name,
        hint: file.isMissing ? t.missing : fileName(file.path),
        picture: <RecentPicture file={file} />,
        onSelect: () => openRecent(workspace, file),
      })),
    },
    ...save,
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
