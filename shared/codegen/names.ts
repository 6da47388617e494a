/** Words that cannot name a variable in TypeScript or Python, or that would hide something the printed code uses. */
const reserved = new Set([
  ...'abstract any arguments as assert async await boolean break case catch class const constructor continue debugger'.split(
    ' ',
  ),
  ...'declare def default del delete do elif else enum eval except export extends False false finally for from function'.split(
    ' ',
  ),
  ...'get global globalThis if implements import in infer inputs instanceof interface is keyof lambda let model module'.split(
    ' ',
  ),
  ...'namespace never new None nonlocal not null number object of or outputs package pass private protected public raise'.split(
    ' ',
  ),
  ...'readonly require return self set static string super switch symbol tf this throw torch True true try type typeof'.split(
    ' ',
  ),
  ...'undefined unique unknown var void while with yield NaN Infinity nn np keras layers buildModel Object Array Math'.split(
    ' ',
  ),
]);

/**
 * Gives every id a name of its own that is a valid identifier in TypeScript and Python: letters, digits and underscores, as close
 * to the id as that allows. The same ids in the same order always get the same names.
 */
export function identifiersOf(ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const id of ids) {
    // Two underscores are kept for the printers' own names.
    const plain = id.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 60);
    const start = /^[A-Za-z]/.test(plain) ? plain : `node_${plain.replace(/^_+/, '')}`;
    // Layer names may not clash either when only their case differs: exported files are found by name.
    const base = reserved.has(start) ? `${start}_` : start;
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${base}_${count}`;
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return names;
}

/**
 * Any text as part of a comment on one line: no line ends of any kind, nothing that closes a block comment or a docstring, and not
 * longer than a line.
 */
export function commentText(text: string): string {
  const plain = text
    // Control characters, and the marks that some editors and languages take for line ends or that hide what follows.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\*\//g, '* /')
    .replace(/"""/g, "'''")
    .replace(/\\/g, '/')
    .trim();
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}

/** A string literal in single quotes, safe in TypeScript and Python. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\"/g, '"')
    .replace(/'/g, "\\'")
    .replace(
      /[\u007F-\u009F\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `'${escaped}'`;
}

/** A name for a package: lower case, digits and hyphens. */
export function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'network' : plain;
}
