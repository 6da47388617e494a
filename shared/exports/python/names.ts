/** `kernelSize` as `kernel_size`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** What a class cannot be called: words of Python, and names that printed modules import. */
const takenClasses: ReadonlySet<string> = new Set(
  'False None True Activation Array Callable F Sequence Tensor'.split(' '),
);

/** `basic_block`, or `basicBlock`, as `BasicBlock`. */
export function className(name: string): string {
  const parts = name.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  const made = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
  return takenClasses.has(made) ? `${made}Block` : made;
}

/** The class of a whole network, from its name, which is free text. */
export function networkClass(name: string): string {
  const words = className(name).slice(0, 40);
  // A name without a letter (none yet, or one in Chinese) would leave nothing of itself.
  return /^[A-Za-z]/.test(words) ? words : `Network${/[A-Za-z]/.test(words) ? words : ''}`;
}

/** Names of Python itself that printed code uses, or that must keep their meaning in it. */
export const pythonNames: readonly string[] = 'self super range int float bool str tuple block'.split(' ');
