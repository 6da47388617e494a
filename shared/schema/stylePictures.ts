/** Style pictures that the app draws itself; any other name is a path. */
export const builtInStyles = ['stripes', 'checks', 'dots', 'waves'] as const;

/** One of {@link builtInStyles}. */
export type BuiltInStyle = (typeof builtInStyles)[number];

/** Whether a style picture is drawn, and no file. */
export function isBuiltInStyle(name: string): name is BuiltInStyle {
  return builtInStyles.some((one) => one === name);
}
