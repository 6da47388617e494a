/** Prints `labelTable.ts`: reads pictures beside a table of their labels as the app does. */
export const labelTableSource = `import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import Papa from 'papaparse';
import { labelRow, strataOf, yesOrNo } from './labels.js';
import { pictureName, readPicture } from './pictures.js';
import { splitByClass, type Part } from './split.js';
import { listTree, type PartFolder } from './tree.js';
import { divide, type DataSet, type Sample } from './values.js';

const tableName = 'labels.csv';
const pictureEnd = /\\.(png|jpe?g|bmp|webp|tiff?)$/i;
/** What a column of files is called, and one that says what rows are for. */
const fileHeads = /file|image|picture|path|photo|name|^id$/i;
const partHeads = ['split', 'part', 'set', 'subset'];
const parts = new Map<string, Part>([
  ['train', 'training'],
  ['training', 'training'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
]);
/** What parts the names in one field, in the order in which it is looked for. */
const separators = [';', '|', ',', ' '];

/** A folder and what it is for, with the path of its table: null for a part without one beside parts that have one. */
type Place = PartFolder & { table: string | null };

/** What a table says of a picture: classes by their names, null where the row says no such thing. */
type Row = { file: string; part: Part; classes: string[] | null };

/** \`joins\`: whether rows of one picture add up. */
type Table = { classes: string[]; rows: Row[]; joins: boolean };

/** The column in which most of the files are, else the one that looks like it. */
function fileColumn(rows: string[][], isFile: (field: string) => boolean): number {
  const [head = []] = rows;
  const looked = rows.slice(0, 200);
  const hits = head.map((_, at) => looked.filter((row) => isFile(row[at] ?? '')).length);
  const most = Math.max(0, ...hits);
  if (most > 0) return hits.indexOf(most);
  const likely = head.findIndex((_, at) => looked.some((row) => pictureEnd.test(row[at] ?? '')));
  if (likely >= 0) return likely;
  const named = head.findIndex((name) => fileHeads.test(name));
  return Math.max(0, named);
}

/** The classes of fields with several names each, and those of each field. */
function namedClasses(fields: string[]): { classes: string[]; sets: string[][] } {
  const separator = separators.find((one) => fields.some((field) => field.includes(one))) ?? ';';
  const sets = fields.map((field) =>
    [...new Set(field.split(separator).map((name) => name.trim()))].filter((name) => name !== ''),
  );
  const classes = [...new Set(sets.flat())].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { classes, sets };
}

/** Reads a table: a column of files, and a column of 0 and 1 for each class, or one of names. */
async function readTable(path: string, isFile: (field: string) => boolean): Promise<Table> {
  const text = (await readFile(path, 'utf8')).replace(/^\\uFEFF/, '').replace(/\\r\\n?/g, '\\n');
  const { data } = Papa.parse<string[]>(text, {
    delimitersToGuess: [',', ';', '\\t'],
    newline: '\\n',
    skipEmptyLines: 'greedy',
  });
  const rows = data.map((row) => row.map((field) => field.trim()));
  const [first = []] = rows;
  const files = fileColumn(rows, isFile);
  const file = first[files] ?? '';
  const isRow =
    isFile(file) || pictureEnd.test(file) || first.some((field, at) => at !== files && yesOrNo(field) !== null);
  const [head, body] = isRow ? [[], rows] : [first, rows.slice(1)];
  const partAt = head.findIndex((name) => partHeads.includes(name.toLowerCase()));
  const isPart = partAt >= 0 && body.every((row) => parts.has((row[partAt] ?? '').toLowerCase()));
  const columns = [...first.keys()].filter((at) => at !== files && !(isPart && at === partAt));
  if (body.length === 0 || columns.length === 0) throw new Error(\`\${path} has no column of labels.\`);
  const names = columns.map((at, place) => head[at] || String(place + 1));
  const said = body.map((row) => columns.map((at) => yesOrNo(row[at] ?? '')));
  // A column in most of whose rows neither a yes nor a no stands is about no class.
  const odd = columns.findIndex((_, at) => said.filter((row) => row[at] === null).length > body.length / 2);
  const joins = odd >= 0 && columns.length === 1;
  if (odd >= 0 && !joins) throw new Error(\`\${path}: in the column \${names[odd] ?? ''} stands neither 0 nor 1.\`);
  const named = joins ? namedClasses(body.map((row) => row[columns[0] ?? 0] ?? '')) : null;
  return {
    joins,
    classes: named?.classes ?? names,
    rows: body.map((row, at) => {
      const own = said[at] ?? [];
      const yes = own.includes(null) ? null : names.filter((_, place) => own[place] === 1);
      return {
        file: row[files] ?? '',
        part: isPart ? (parts.get((row[partAt] ?? '').toLowerCase()) ?? null) : null,
        classes: row.length === first.length ? (named === null ? yes : (named.sets[at] ?? [])) : null,
      };
    }),
  };
}

/** Finds a picture by its path, by its name, or by either without its end; -1 for several. */
function pictureNames(paths: string[]): (name: string) => number | undefined {
  const known = new Map<string, number>();
  const withoutEnd = (name: string): string => name.replace(pictureEnd, '');
  const ways = [(path: string) => path, withoutEnd, basename, (path: string) => withoutEnd(basename(path))];
  for (const nameOf of ways) {
    const own = new Map<string, number>();
    for (const [at, path] of paths.entries()) {
      const name = nameOf(path.replaceAll(sep, '/'));
      own.set(name, own.has(name) ? -1 : at);
    }
    // What is surer was added before.
    for (const [name, at] of own) if (!known.has(name)) known.set(name, at);
  }
  return (name) => known.get(name.replaceAll('\\\\', '/').replace(/^\\.\\//, ''));
}

/** The folders with tables: one table for all, or one in each part; none where there is no table. */
export function findLabelTables(dir: string, folders: PartFolder[]): Place[] {
  const tableIn = (place: string): string | null => (existsSync(join(place, tableName)) ? tableName : null);
  if (tableIn(dir) !== null) return [{ dir, part: null, table: tableName }];
  const places = folders.map((folder) => ({ ...folder, table: tableIn(folder.dir) }));
  return places.some(({ table }) => table !== null) ? places : [];
}

type Labelled = { path: string; part: Part; classes: string[] };

/** The classes of a folder's table, and the pictures that it names. */
async function readFolder(place: Place, folders: PartFolder[]): Promise<{ classes: string[]; pictures: Labelled[] }> {
  const files = (await listTree(place.dir)).filter((file) => file !== place.table);
  if (place.table === null) {
    console.warn(\`\${place.dir} is left out: it has no \${tableName}\`);
    return { classes: [], pictures: [] };
  }
  const nameOf = pictureNames(files);
  const { rows, classes, joins } = await readTable(join(place.dir, place.table), (name) => nameOf(name) !== undefined);
  const known = new Map<number, Row & { classes: string[] }>();
  for (const row of rows) {
    const at = nameOf(row.file) ?? -1;
    const before = known.get(at);
    if (at < 0 || row.classes === null) {
      console.warn(
        \`\${row.file} is left out: \${at < 0 ? 'no picture, or several' : 'its row is not 0 or 1 for each class'}\`,
      );
    } else if (before === undefined) known.set(at, { ...row, classes: row.classes });
    else if (joins) known.set(at, { ...before, classes: [...new Set([...before.classes, ...row.classes])] });
    else if (before.classes.join('\\n') !== row.classes.join('\\n')) console.warn(\`\${row.file} has two rows that differ\`);
  }
  const pictures = files.flatMap((file, at) => {
    const row = known.get(at);
    const path = join(place.dir, file);
    const inner = folders.find(({ dir, part }) => part !== null && path.startsWith(\`\${dir}\${sep}\`));
    if (row === undefined && pictureName.test(file)) console.warn(\`\${file} is left out: it has no row in \${tableName}\`);
    return row === undefined
      ? []
      : [{ path, part: row.part ?? place.part ?? inner?.part ?? null, classes: row.classes }];
  });
  return { classes, pictures };
}

/** Reads pictures with any number of classes each. */
export async function readLabelled(places: Place[], folders: PartFolder[], size: (number | null)[]): Promise<DataSet> {
  const read = [];
  for (const place of places) read.push(await readFolder(place, folders));
  const classes = [...new Set(read.flatMap((one) => one.classes))];
  // Where the model leaves its size open, all pictures are brought to that of the first.
  let known = size;
  const samples: Sample[] = [];
  const partOf: Part[] = [];
  for (const { path, part, classes: own } of read.flatMap(({ pictures }) => pictures)) {
    try {
      const picture = await readPicture(path, known);
      known = picture.shape;
      samples.push({ inputs: [picture], targets: [labelRow(classes.map((name) => Number(own.includes(name))))] });
      partOf.push(part);
    } catch (error) {
      console.warn(\`\${path} is left out: \${String(error)}\`);
    }
  }
  if (samples.length === 0) throw new Error(\`There is no picture that \${tableName} names.\`);
  const strata = strataOf(samples.map(({ targets }) => targets[0]?.data ?? []));
  return { task: 'labels', classes, scaling: null, ...divide(samples, splitByClass(strata, { partOf })) };
}
`;
