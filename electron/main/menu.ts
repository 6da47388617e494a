import type { MenuItemConstructorOptions } from 'electron';
import type { HostEvents } from '../../shared/host/api';
import { text } from '../../shared/text';
import type { Language, Text } from '../../shared/text';

type Command = HostEvents['app.command']['command'];

const words = {
  file: text('File', '文件'),
  new: text('New', '新建'),
  open: text('Open…', '打开…'),
  save: text('Save', '保存'),
  saveAs: text('Save as…', '另存为…'),
  edit: text('Edit', '编辑'),
  undo: text('Undo', '撤销'),
  redo: text('Redo', '重做'),
  view: text('View', '视图'),
  window: text('Window', '窗口'),
} as const satisfies Record<string, Text>;

/** The template of the application menu. Its commands go to the page as events; editing text is the system's own. */
export function menuTemplate(
  language: Language,
  isMac: boolean,
  send: (command: Command) => void,
): MenuItemConstructorOptions[] {
  const item = (command: Exclude<Command, 'openPath'>, accelerator: string): MenuItemConstructorOptions => ({
    id: command,
    label: words[command][language],
    accelerator,
    // The page has the same keys and acts on them itself; a menu that took them first would act twice.
    registerAccelerator: false,
    click: () => send(command),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.file[language],
      submenu: [
        item('new', 'CmdOrCtrl+N'),
        item('open', 'CmdOrCtrl+O'),
        separator,
        item('save', 'CmdOrCtrl+S'),
        item('saveAs', 'CmdOrCtrl+Shift+S'),
        separator,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      label: words.edit[language],
      submenu: [
        item('undo', 'CmdOrCtrl+Z'),
        item('redo', 'CmdOrCtrl+Shift+Z'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: words.view[language],
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { label: words.window[language], role: 'windowMenu' },
  ];
}
