/** Words of the code room. */
export const en = {
  code: 'Code of the network',
  language: 'Language',
  files: 'Generated files',
  copy: 'Copy this file',
  copied: 'Copied',
  exportButton: 'Export',
  emptyTitle: 'The code appears as you draw',
  openTemplate: 'Open a template',
  cannotPrint: 'The code appears when the errors are mended',
  showProblems: 'Show problems',
} as const;

export const zh = {
  code: '网络的代码',
  language: '语言',
  files: '生成的文件',
  copy: '复制此文件',
  copied: '已复制',
  exportButton: '导出',
  emptyTitle: '画网络时，代码会同步出现',
  openTemplate: '打开模板',
  cannotPrint: '修复错误后即可生成代码',
  showProblems: '查看问题',
} as const satisfies Record<keyof typeof en, string>;
