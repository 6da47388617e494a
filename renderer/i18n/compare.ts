/** Words of the compare room. */
export const en = {} as const;

export const zh = {} as const satisfies Record<keyof typeof en, string>;
