import { isAbsolute, resolve } from 'node:path';

/** Links that other programs open the app with: `convloom://open?path=/home/me/net.convloom`. */
export const linkScheme = 'convloom';

const isNetwork = (path: string): boolean => /\.convloom(\.json)?$/i.test(path);

/**
 * The network file that a link names; null for any other link. Any page of the web may hold one, so it opens what is a network on this
 * machine and nothing else: a path of a share would have Windows sign in to a server of the page's choice.
 */
export function linkedFile(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== `${linkScheme}:` || url.host !== 'open') return null;
  const path = url.searchParams.get('path') ?? '';
  const isShare = /^[\\/]{2}/.test(path);
  return !isShare && !path.includes('\0') && isAbsolute(path) && isNetwork(path) ? path : null;
}

/** The network files among a command line's words, as absolute paths, and those that a link there names; the first word is the program. */
export function networkFilesIn(words: readonly string[], workingDir: string): readonly string[] {
  return words.slice(1).flatMap((word) => {
    if (word.startsWith(`${linkScheme}:`)) return linkedFile(word) ?? [];
    return !word.startsWith('-') && isNetwork(word) ? [resolve(workingDir, word)] : [];
  });
}
