/** Words of the settings room. */
export const en = {
  settings: 'Settings',
  language: 'Language',
  theme: 'Theme',
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  files: 'Files',
  autosave: 'Save by itself, 2 s after a change',
} as const;

export const zh = {
  settings: '设置',
  language: '语言',
  theme: '主题',
  system: '跟随系统',
  light: '浅色',
  dark: '深色',
  files: '文件',
  autosave: '自动保存（更改后 2 秒）',
} as const satisfies Record<keyof typeof en, string>;
