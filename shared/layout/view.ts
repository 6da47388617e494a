/** The canvas of a window of 1440 x 900 with its panels open, without the margins that a fit leaves: what a network should fill. */
export const view = { width: 785, height: 458 } as const;
