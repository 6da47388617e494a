/** Prints `backend.ts`: what computes. */
export const backendSource = `/** Computes with TensorFlow's own library where \`npm install @tensorflow/tfjs-node\` has put it here: many times as fast. */
export async function useFastBackend(): Promise<void> {
  // Not written into the import, so that the project also compiles without it.
  const library: string = '@tensorflow/tfjs-node';
  try {
    await import(library);
  } catch {
    // Then in plain JavaScript: @tensorflow/tfjs says so itself.
  }
}
`;
