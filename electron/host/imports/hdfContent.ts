import type * as Hdf5 from 'h5wasm';
import { elementCount } from '../../../shared/ops/tensor';
import { errorText } from '../../../shared/text';

/** What could not be read, with the library's reason. */
export type Broken = { readonly broken: string };

export type HdfGroup = {
  readonly names: readonly string[] | Broken;
  /** Words of each attribute; anything else that an attribute holds is left out. */
  readonly words: ReadonlyMap<string, readonly string[] | Broken>;
};

export type HdfDataset = { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> | Broken };

/** All of an HDF5 file that an import may ask for, by path: '' is the root. Plain data, so that a thread can hand it over. */
export type HdfContent = {
  readonly groups: ReadonlyMap<string, HdfGroup>;
  readonly datasets: ReadonlyMap<string, HdfDataset | Broken>;
};

/** A weight may be larger than its file where it is packed, zeros for instance; all of them this much, or so many times the file. */
const unpackedValues = 2 ** 24;
const unpackedTimes = 100;
/** A file may link to itself: then there is no end to what is in it. No entry takes fewer bytes. */
const bytesPerEntry = 16;
const mostDepth = 64;
/** What reading takes, ten times over: milliseconds for an entry, and values in a millisecond. */
const entryMs = 2;
const valuesPerMs = 20_000;
/** What training leaves there is not imported, and is twice as large as the weights. */
const passedOver = new Set(['/optimizer_weights', '/optimizer']);

type Library = typeof Hdf5;
type Group = InstanceType<Library['Group']>;

/** What the library reports, in its last line: the lines above say where in its code. */
function reasonOf(error: unknown): string {
  return errorText(error).trim().split('\n').at(-1)?.trim().slice(0, 200) || 'the library does not say why';
}

/** Whether the library did something that no program may, such as reading beyond its memory. */
function isTrap(error: unknown): boolean {
  // By its name: the types of Node do not declare the class.
  return error instanceof Error && error.name === 'RuntimeError';
}

function trying<T>(work: () => T): T | Broken {
  try {
    return work();
  } catch (error) {
    // The library itself has come to grief: nothing that it says from here on is worth anything.
    if (isTrap(error)) throw error;
    return { broken: reasonOf(error) };
  }
}

function wordsOf(group: Group, onEntry: () => void): ReadonlyMap<string, readonly string[] | Broken> {
  const { attrs } = group;
  return new Map(
    Object.keys(attrs).map((name) => {
      onEntry();
      return [
        name,
        trying(() => [attrs[name]?.value].flat().filter((word): word is string => typeof word === 'string')),
      ];
    }),
  );
}

/** The library holds what it is asked for a second time, in memory that it never gives back: so many values at once. */
const valuesAtOnce = 2 ** 22;

/** All values of a dataset as float32; of other kinds only what fits into it. */
function floats(
  dataset: InstanceType<Library['Dataset']>,
  count: number,
  sizeBytes: number,
): Float32Array<ArrayBuffer> {
  const [rows = 0] = dataset.shape ?? [];
  // What is packed in chunks would be unpacked again for each piece; what has more values than the file has bytes is not in it as it is.
  const isWhole = count <= valuesAtOnce || rows < 2 || dataset.metadata.chunks != null || count > sizeBytes;
  if (isWhole) return sized(floatsOf(dataset.value), count);
  const data = new Float32Array(count);
  const rowLength = count / rows;
  const rowsAtOnce = Math.max(1, Math.floor(valuesAtOnce / rowLength));
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const end = Math.min(rows, row + rowsAtOnce);
    data.set(sized(floatsOf(dataset.slice([[row, end]])), (end - row) * rowLength), row * rowLength);
  }
  return data;
}

function sized(data: Float32Array<ArrayBuffer>, count: number): Float32Array<ArrayBuffer> {
  if (data.length !== count) throw new Error(`${count} values are declared, and ${data.length} are there`);
  return data;
}

/** Values as the library gives them, as float32 in memory of their own: a part of the library's would take all of it to another thread. */
function floatsOf(value: InstanceType<Library['Dataset']>['value']): Float32Array<ArrayBuffer> {
  if (!(value instanceof Float32Array)) {
    return Float32Array.from<unknown>(
      ArrayBuffer.isView(value) ? (value as Iterable<unknown>) : [value].flat(),
      Number,
    );
  }
  const isOwn = value.byteLength === value.buffer.byteLength && value.buffer instanceof ArrayBuffer;
  return isOwn ? (value as Float32Array<ArrayBuffer>) : value.slice();
}

function contentOf(
  root: Group,
  { Group, Dataset }: Library,
  sizeBytes: number,
  earn: (ms: number) => void,
): HdfContent {
  const groups = new Map<string, HdfGroup>();
  const datasets = new Map<string, HdfDataset | Broken>();
  const mostValues = Math.max(unpackedValues, unpackedTimes * sizeBytes);
  let [values, entries] = [0, 0];
  const onEntry = (): void => {
    entries += 1;
    if (entries > sizeBytes / bytesPerEntry) throw new Error('it has no end');
    earn(entryMs);
  };
  const datasetOf = (found: InstanceType<Library['Dataset']>): HdfDataset => {
    const shape = found.shape ?? [];
    const count = elementCount(shape);
    values += count;
    if (!(values <= mostValues)) return { shape, data: { broken: `the weights would have ${values} values` } };
    earn(Math.ceil(count / valuesPerMs));
    return { shape, data: trying(() => floats(found, count, sizeBytes)) };
  };
  const walk = (group: Group, path: string, depth: number): void => {
    if (depth > mostDepth) throw new Error('it has no end');
    const names = trying(() => group.keys());
    groups.set(path, { names, words: wordsOf(group, onEntry) });
    for (const name of 'broken' in names ? [] : names) {
      const at = `${path}/${name}`;
      if (passedOver.has(at)) continue;
      onEntry();
      const found = trying<unknown>(() => group.get(name));
      if (found instanceof Group) walk(found, at, depth + 1);
      else if (found instanceof Dataset)
        datasets.set(
          at,
          trying(() => datasetOf(found)),
        );
      else if (typeof found === 'object' && found !== null && 'broken' in found)
        datasets.set(at, { broken: String(found.broken) });
    }
  };
  walk(root, '', 0);
  return { groups, datasets };
}

/** The memory of all values, for a thread that hands them over. */
export function valuesIn(content: HdfContent | Broken): ArrayBuffer[] {
  if ('broken' in content) return [];
  return [...content.datasets.values()].flatMap((found) =>
    'data' in found && found.data instanceof Float32Array ? [found.data.buffer] : [],
  );
}

let opened = 0;

/** The library, which takes its time. Its errors are thrown with their reason, and it writes nothing to the terminal. */
export async function loadHdf5(): Promise<{
  readonly library: Library;
  readonly module: Awaited<Library['ready']>;
}> {
  const library = await import('h5wasm');
  const module = await library.ready;
  module.activate_throwing_error_handler();
  return { library, module };
}

/**
 * Reads an HDF5 file that is in memory. The library sees this one file and nothing of the disk, whatever paths are written in it.
 * `earn` is told as it gets on: of each group, dataset, attribute and value, with the milliseconds that it may take. `isSpent`: the
 * library must not be asked again.
 */
export async function readHdfContent(
  bytes: Uint8Array,
  earn: (ms: number) => void,
): Promise<{ readonly content: HdfContent | Broken; readonly isSpent: boolean }> {
  const { library, module } = await loadHdf5();
  opened += 1;
  const path = `/model-${opened}.h5`;
  try {
    module.FS.createDataFile('/', path.slice(1), bytes, true, false, true);
    const content = trying(() => {
      const file = new library.File(path, 'r');
      const found = contentOf(file, library, bytes.length, earn);
      file.close();
      return found;
    });
    module.FS.unlink(path);
    return { content, isSpent: false };
  } catch (error) {
    return { content: { broken: reasonOf(error) }, isSpent: true };
  }
}
