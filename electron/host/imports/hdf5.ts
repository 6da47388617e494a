import { elementCount } from '../../../shared/ops/tensor';
import type { FloatTensor } from '../../../shared/ops/tensor';
import type { HdfFile } from '../../../shared/imports/keras/weights';
import { damaged } from '../../../shared/imports/problem';
import { errorText, text } from '../../../shared/text';

/** A weight may be larger than its file where it is packed, zeros for instance; this much, or so many times the file. */
const unpackedValues = 2 ** 24;
const unpackedTimes = 100;

/** Loaded when the first file asks for it: the library is as large as the rest of the app. */
async function loadHdf5() {
  const library = await import('h5wasm');
  const module = await library.ready;
  // Errors are thrown with their reason, and nothing is written to the terminal.
  module.activate_throwing_error_handler();
  return { library, fileSystem: module.FS };
}

let opened = 0;

/**
 * Opens an HDF5 file that is in memory, and closes it behind the work. The library sees this one file and nothing of the disk, whatever
 * paths are written in it; the bytes are not copied.
 */
export async function withHdf5<T>(bytes: Uint8Array, work: (file: HdfFile) => T): Promise<T> {
  const { library, fileSystem } = await loadHdf5();
  opened += 1;
  const name = `model-${opened}.h5`;
  fileSystem.createDataFile('/', name, bytes, true, false, true);
  let file: InstanceType<typeof library.File> | null = null;
  try {
    file = new library.File(`/${name}`, 'r');
    return work(readable(file, library, Math.max(unpackedValues, unpackedTimes * bytes.length)));
  } finally {
    try {
      file?.close();
    } finally {
      fileSystem.unlink(`/${name}`);
    }
  }
}

type Library = Awaited<ReturnType<typeof loadHdf5>>['library'];
type Group = InstanceType<Library['Group']>;

/** What the library reports, in its last line: the lines above say where in its code. */
function broken(error: unknown): never {
  const why = errorText(error).split('\n').at(-1)?.trim().slice(0, 200) ?? '';
  return damaged(text(`its HDF5 cannot be read (${why}).`, `无法读取其 HDF5（${why}）。`));
}

function trying<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return broken(error);
  }
}

function readable(root: Group, { Group, Dataset }: Library, mostValues: number): HdfFile {
  const groups = new Map<string, { readonly group: Group; readonly names: ReadonlySet<string> }>();
  const groupAt = (path: string, found: unknown) => {
    const known = groups.get(path);
    if (known !== undefined || !(found instanceof Group)) return known ?? null;
    const entry = { group: found, names: new Set(found.keys()) };
    groups.set(path, entry);
    return entry;
  };
  const entity = (path: string): unknown => {
    let [at, found]: [string, unknown] = ['', root];
    for (const part of path.split('/').filter((name) => name !== '')) {
      // Names are those of the group itself: `..` and the like are none.
      const parent = groupAt(at, found);
      if (parent?.names.has(part) !== true) return null;
      at += `/${part}`;
      found = groups.get(at)?.group ?? parent.group.get(part);
    }
    return found;
  };
  return {
    children: (path) =>
      trying(() => {
        const found = groupAt(path.replace(/\/+/g, '/').replace(/^(?!\/)(?=.)/, '/'), entity(path));
        return found === null ? [] : [...found.names];
      }),
    words: (path, name) =>
      trying(() => {
        const found = entity(path);
        if (!(found instanceof Group)) return null;
        const { attrs } = found;
        // A list that is too long for one attribute stands in several: name0, name1, ...
        const parts = Object.hasOwn(attrs, name) ? [name] : Object.keys(attrs).filter((key) => isPartOf(key, name));
        const ordered = parts.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
        const words = ordered.flatMap((key): readonly unknown[] => [attrs[key]?.value].flat());
        return parts.length === 0 ? null : words.filter((word) => typeof word === 'string');
      }),
    dataset: (path) =>
      trying(() => {
        const found = entity(path);
        if (!(found instanceof Dataset)) return null;
        const shape = found.shape ?? [];
        return { shape, read: () => trying(() => floats(found, shape, mostValues)) };
      }),
  };
}

function isPartOf(key: string, name: string): boolean {
  return key.startsWith(name) && /^\d+$/.test(key.slice(name.length));
}

/** All values of a dataset as float32; of other kinds only what fits into it. */
function floats(dataset: InstanceType<Library['Dataset']>, shape: readonly number[], mostValues: number): FloatTensor {
  const count = elementCount(shape);
  if (!(count <= mostValues)) throw new Error(`a weight would have ${count} values`);
  const value = dataset.value;
  const data =
    value instanceof Float32Array
      ? value
      : Float32Array.from<unknown>(ArrayBuffer.isView(value) ? (value as Iterable<unknown>) : [value].flat(), Number);
  if (data.length !== count) throw new Error(`${count} values are declared, and ${data.length} are there`);
  return { dtype: 'float32', shape, data };
}
