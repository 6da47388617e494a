import { resolve } from 'node:path';

/** The network files among a command line's words, as absolute paths; the first word is the program. */
export function networkFilesIn(words: readonly string[], workingDir: string): readonly string[] {
  return words
    .slice(1)
    .filter((word) => !word.startsWith('-') && /\.convloom(\.json)?$/i.test(word))
    .map((word) => resolve(workingDir, word));
}
