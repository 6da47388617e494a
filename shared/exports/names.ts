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
 * to the id as that allows. An id without a Latin letter is called by its kind and a number, as `conv1`. The same ids in the same
 * order always get the same names.
 */
export function identifiersOf(
  ids: readonly string[],
  kinds: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  const take = (id: string, candidates: (count: number) => string): void => {
    let count = 1;
    // Layer names may not clash either when only their case differs: exported files are found by name.
    while (taken.has(candidates(count).toLowerCase())) count += 1;
    taken.add(candidates(count).toLowerCase());
    names.set(id, candidates(count));
  };
  // Those that speak for themselves first, so that a number that is made up takes no name that someone chose.
  for (const id of ids.filter(hasLetter)) {
    // Two underscores are kept for the printers' own names.
    const plain = id.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 40);
    const start = /^[A-Za-z]/.test(plain) ? plain : `node_${plain.replace(/^_+/, '')}`;
    const base = reserved.has(start) ? `${start}_` : start;
    take(id, (count) => (count === 1 ? base : `${base}_${count}`));
  }
  for (const id of ids.filter((one) => !hasLetter(one))) {
    const kind = (kinds.get(id) ?? 'node').replace(/[^A-Za-z]/g, '') || 'node';
    take(id, (count) => `${kind}${count}`);
  }
  return names;
}

/** Whether something of an id is left when only Latin letters and digits are: its first 40 places, which are the name. */
function hasLetter(id: string): boolean {
  return /[A-Za-z]/.test(id.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 40));
}

/**
 * What free text may leave behind in a printed file: letters, marks and digits of any script, blanks, and punctuation that neither
 * opens nor closes anything in TypeScript, Python, Markdown or LaTeX. A list of what is allowed, because lists of what is
 * forbidden miss a case (an asterisk before a backslash once closed a comment here).
 */
const inertCharacter = /^[\p{L}\p{M}\p{N} .,:;!?()+\-=_/×·→—–、。,:;!?()《》“”‘’]$/u;

/**
 * Any text as part of a comment on one line, or of a heading: whatever could end the comment, start one, or mean something to the
 * language around it becomes a blank. Not longer than a line.
 */
export function commentText(text: string): string {
  const characters = Array.from(text.replaceAll("'", '’'), (character) =>
    inertCharacter.test(character) ? character : ' ',
  );
  const plain = Array.from(characters.join('').replace(/ +/g, ' ').trim());
  return plain.length > 80 ? `${plain.slice(0, 79).join('')}…` : plain.join('');
}

/** Any text on one line, for a place that is encoded as a whole (as XML is); not longer than a line. */
export function lineText(text: string): string {
  const characters = Array.from(text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim());
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('');
}

/** A string literal in single quotes: letters and digits stand as they are, of the rest only what is harmless in every string. */
export function quoted(text: string): string {
  const escaped = Array.from(text, (character) =>
    /^[\p{L}\p{N} ./_:;,()+=!?@#%&~^*<>|[\]{}-]$/u.test(character)
      ? character
      : Array.from({ length: character.length }, (_, at) => unicodeEscape(character.charCodeAt(at))).join(''),
  );
  return `'${escaped.join('')}'`;
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
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

/** Any text as UTF-8 can have it: half a character becomes the sign for one that cannot be read. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
