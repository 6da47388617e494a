import { ChevronDown, FilePlus2, FileText, FolderOpen, LayoutTemplate, Package, Save, SaveAll } from 'lucide-react';
import { useText } from '../i18n';
import { isDirty, openDialog, useProject } from '../store';
import { useRequest } from '../store/useRequest';
import { Button, Menu, type MenuGroup } from '../ui';
import { openExport } from '../code/ExportDialog';
import { fileName, newNetwork, openNetwork, openPath, saveNetwork, saveNetworkAs } from './fileActions';

/** Recent files that the menu lists. */
const recentCount = 8;

/** New, open, save, templates, export, and the dialogs that these lead to. */
export function FileMenu() {
  const { t } = useText('dialogs');
  const dirty = useProject(isDirty);
  const path = useProject((state) => state.file?.path ?? null);
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const { value: recent, reload } = useRequest('project.recent', {});
  const groups: readonly MenuGroup[] = [
    {
      actions: [
        { id: 'new', label: t.new, keys: 'Alt+N', icon: <FilePlus2 size={15} />, onSelect: newNetwork },
        {
          id: 'templates',
          label: t.templates,
          icon: <LayoutTemplate size={15} />,
          onSelect: () => openDialog('templates'),
        },
        { id: 'open', label: t.open, keys: 'Mod+O', icon: <FolderOpen size={15} />, onSelect: openNetwork },
      ],
    },
    {
      title: t.recent,
      actions: (recent ?? []).slice(0, recentCount).map((file) => ({
        id: file.path,
        label: file.name === '' ? fileName(file.path) : file.name,
        hint: fileName(file.path),
        icon: <FileText size={15} />,
        onSelect: () => openPath(file.path),
      })),
    },
    {
      actions: [
        {
          id: 'save',
          label: t.save,
          keys: 'Mod+S',
          icon: <Save size={15} />,
          isDisabled: !dirty && path !== null,
          onSelect: () => void saveNetwork(),
        },
        {
          id: 'saveAs',
          label: t.saveAs,
          keys: 'Mod+Shift+S',
          icon: <SaveAll size={15} />,
          onSelect: () => void saveNetworkAs(),
        },
        {
          id: 'export',
          label: t.exportTypescript,
          icon: <Package size={15} />,
          isDisabled: isEmpty,
          onSelect: openExport,
        },
      ],
    },
  ];
  return (
    <>
      <Menu
        trigger={
          <Button variant="quiet" onPointerDown={reload} onKeyDown={reload} title={path ?? t.notSaved}>
            {t.file}
            <ChevronDown size={14} aria-hidden />
          </Button>
        }
        groups={groups}
      />
    </>
  );
}
