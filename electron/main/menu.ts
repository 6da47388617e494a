import type { MenuItemConstructorOptions } from 'electron';
import type { AppMenu, MenuEntry } from '../../shared/host/api';

/** Electron's name for a key combination of the app's: `Mod+=` is `CmdOrCtrl+=`. */
export function acceleratorOf(keys: string): string {
  return keys.replace(/\bMod\b/, 'CmdOrCtrl');
}

function itemsOf(entries: readonly MenuEntry[], send: (command: string) => void): MenuItemConstructorOptions[] {
  return entries.flatMap((entry, index): MenuItemConstructorOptions[] => {
    const before = entries[index - 1];
    const item: MenuItemConstructorOptions = {
      id: entry.id,
      label: entry.label,
      ...(entry.keys === undefined ? {} : { accelerator: acceleratorOf(entry.keys) }),
      // The page has the same keys and acts on them itself; a menu that took them first would act twice.
      registerAccelerator: false,
      click: () => send(entry.id),
    };
    return before !== undefined && before.section !== entry.section ? [{ type: 'separator' }, item] : [item];
  });
}

/**
 * The template of the application menu: the app's own entries as the page gives them, and what is the system's (quit, the clipboard
 * of text fields, full screen). Before the page has spoken there is only the latter.
 */
export function menuTemplate(
  menu: AppMenu | null,
  isMac: boolean,
  send: (command: string) => void,
): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const own = (name: keyof AppMenu): MenuItemConstructorOptions[] => {
    const items = itemsOf(menu?.[name].entries ?? [], send);
    return items.length === 0 ? [] : [...items, separator];
  };
  // Without the shift it closes a network: the page's tabs have the keys that close a window elsewhere.
  const closeWindow: MenuItemConstructorOptions = { role: 'close', accelerator: 'CmdOrCtrl+Shift+W' };
  const system: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  const ownMenu = (name: keyof AppMenu): MenuItemConstructorOptions[] => {
    const submenu = itemsOf(menu?.[name].entries ?? [], send);
    return menu === null || submenu.length === 0 ? [] : [{ label: menu[name].label, submenu }];
  };
  return [
    ...system,
    { label: menu?.file.label ?? 'File', submenu: [...own('file'), isMac ? closeWindow : { role: 'quit' }] },
    {
      label: menu?.edit.label ?? 'Edit',
      submenu: [...own('edit'), { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    { label: menu?.view.label ?? 'View', submenu: [...own('view'), { role: 'togglefullscreen' }] },
    { role: 'windowMenu', submenu: [{ role: 'minimize' }, { role: 'zoom' }, ...(isMac ? [] : [closeWindow])] },
    ...ownMenu('learn'),
    ...ownMenu('help'),
  ];
}
