/** Words of the lessons. */
export const en = {
  previous: 'Previous',
  next: 'Next',
  tryIt: 'Open the network',
  toTry: 'To try:',
} as const;

export const zh = {
  previous: '上一课',
  next: '下一课',
  tryIt: '打开网络',
  toTry: '动手试试：',
} as const satisfies Record<keyof typeof en, string>;
