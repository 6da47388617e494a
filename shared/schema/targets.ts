/** A name between commas; one that has commas itself stands in double quotes, as in CSV. */
const quoted = /^"((?:[^"]|"")*)"$/;

/** Parts at the commas that stand in no quotes. */
const between = /[,，](?=(?:[^"]*"[^"]*")*[^"]*$)/;

/** The names of columns in `a, b, "c, d"`; null for a text with an empty name, or with one twice. */
export function parseTargets(source: string): readonly string[] | null {
  const names = source.split(between).map((part) => {
    const name = part.trim();
    return quoted.exec(name)?.[1]?.replaceAll('""', '"') ?? name;
  });
  return names.includes('') || new Set(names).size < names.length ? null : names;
}

/** Writes names as {@link parseTargets} reads them. */
export function writeTargets(names: readonly string[]): string {
  return names.map((name) => (/[,，"]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(', ');
}
