/**
 * The inputs of a layer where it takes one more than once. TensorFlow.js frees a value that a layer is given twice while it is still read:
 * `copy` gives it once more under another name.
 */
export function apart(inputs: readonly string[], copy: (input: string, at: number) => string): readonly string[] {
  return inputs.map((input, at) => (inputs.indexOf(input) < at ? copy(input, at) : input));
}
