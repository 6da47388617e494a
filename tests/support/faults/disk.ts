import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import files from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';

/** What can befall a disk, and for how many of its changes. The first change is number 0. */
export type Fault =
  /** No room: a write leaves the part that had room. */
  | { readonly kind: 'full'; readonly at: number; readonly changes: number; readonly part: number }
  | { readonly kind: 'readOnly'; readonly at: number; readonly changes: number }
  | { readonly kind: 'slow'; readonly at: number; readonly changes: number; readonly ms: number }
  /** The process dies in the midst of a change, at any of its bytes: nothing that comes after ever happens. */
  | { readonly kind: 'killed'; readonly at: number; readonly part: number }
  /** As a kill, and of what no sync has forced to the disk a part is lost. */
  | { readonly kind: 'powerCut'; readonly at: number; readonly part: number };

/** A disk between the product and the files below one folder. */
export type FaultyDisk = {
  /** How many changes were asked for so far. */
  readonly changes: () => number;
  /** True from the moment at which the process would be dead. */
  readonly isDead: () => boolean;
  /** Settles when the process has died, and what was under way besides has had its time. */
  readonly death: Promise<void>;
  /** Does the work of the process that the fault befalls: once that is dead, nothing of this work reaches any disk any more. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes the fault away and does to the files what a power cut would: from here on they are what the next start finds. */
  readonly restore: () => Promise<void>;
};

type Content = string | Uint8Array;

const codes = { full: 'ENOSPC', readOnly: 'EROFS' } as const;

class DiskError extends Error {
  readonly code: string;
  constructor(code: string, path: string) {
    super(`${code}: a fault of the test, ${path}`);
    this.code = code;
  }
}

/** Never settles: what a dead process waits for does not come. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const bytesOf = (content: Content): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);

/** How much of each file a sync has forced to the disk; a file that is not here is there as a whole. */
function createUnsynced() {
  const lengths = new Map<string, number>();
  return {
    wrote: (path: string, before: number): void =>
      void lengths.set(path, Math.min(before, lengths.get(path) ?? before)),
    synced: (path: string): void => void lengths.delete(path),
    moved: (from: string, to: string): void => {
      const length = lengths.get(from);
      lengths.delete(from);
      if (length === undefined) lengths.delete(to);
      else lengths.set(to, length);
    },
    entries: () => [...lengths],
  };
}

/** The file system as it is without a fault. */
const plainFiles = { ...files };
/** Whether the process whose work this is has died: its loops and timers go on here, as those of a dead process do not. */
const life = new AsyncLocalStorage<() => boolean>();

/** The real functions, which do nothing for the dead. */
function forTheLiving(names: readonly string[]): { readonly [name: string]: (...given: unknown[]) => unknown } {
  return Object.fromEntries(
    names.map((name) => {
      const call: unknown = Reflect.get(plainFiles, name);
      if (typeof call !== 'function') throw new Error(`There is no ${name}.`);
      return [
        name,
        (...given: unknown[]): unknown =>
          life.getStore()?.() === true ? never() : Reflect.apply(call, undefined, given),
      ];
    }),
  );
}

/**
 * Puts a fault under everything in this process that writes below `root` through `node:fs/promises`, the way that all of the product
 * takes. `null` counts the changes alone. One disk at a time; `restore` must be called.
 */
export function installFaultyDisk(root: string, fault: Fault | null): FaultyDisk {
  const real = plainFiles;
  const unsynced = createUnsynced();
  let changes = 0;
  let isDead = false;
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    die = () => void setTimeout(resolve, 5);
  });
  const handles = new Set<FileHandle>();
  const isOurs = (path: unknown): path is string =>
    typeof path === 'string' && (path === root || path.startsWith(root + sep));
  const sizeOf = (path: string): Promise<number> =>
    real.stat(path).then(
      ({ size }) => size,
      () => 0,
    );

  /** One change: `whole` does it, `partly` what a fault leaves of it. */
  const change = async <T>(
    path: string,
    whole: () => Promise<T>,
    partly: (part: number) => Promise<unknown> = () => Promise.resolve(),
    takesRoom = true,
  ): Promise<T> => {
    if (isDead) return never();
    const number = changes++;
    if (fault === null || number < fault.at) return whole();
    switch (fault.kind) {
      case 'killed':
      case 'powerCut':
        isDead = true;
        await partly(fault.part);
        die();
        return never();
      case 'slow':
        if (number < fault.at + fault.changes) await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return whole();
      case 'full':
      case 'readOnly':
        if (number >= fault.at + fault.changes || (fault.kind === 'full' && !takesRoom)) return whole();
        if (fault.kind === 'full') await partly(fault.part);
        throw new DiskError(codes[fault.kind], path);
    }
  };
  const alive = <T>(value: Promise<T>): Promise<T> => value.then((given) => (isDead ? never<T>() : given));

  /** What a dead process had open is closed by the system. */
  const openAlive = async (path: string, flags: string, mode?: number): Promise<FileHandle> => {
    const handle = await real.open(path, flags, mode);
    if (!isDead) return handle;
    await handle.close();
    return never();
  };

  const write = async (path: string, content: Content, flag: 'w' | 'wx' | 'a', isSynced: boolean): Promise<void> => {
    const bytes = bytesOf(content);
    const before = flag === 'a' ? await sizeOf(path) : 0;
    const put = async (part: Buffer): Promise<void> => {
      unsynced.wrote(path, before);
      await real.writeFile(path, part, { flag });
    };
    await change(
      path,
      async () => {
        await put(bytes);
        if (isSynced) unsynced.synced(path);
      },
      (part) => put(bytes.subarray(0, Math.floor(part * bytes.length))).catch(() => undefined),
    );
  };
  const wrapHandle = (handle: FileHandle, path: string): FileHandle => {
    const own = { writeFile: handle.writeFile.bind(handle), close: handle.close.bind(handle) };
    handles.add(handle);
    handle.close = () => {
      handles.delete(handle);
      return own.close();
    };
    handle.writeFile = async (data) => {
      const bytes = bytesOf(data);
      unsynced.wrote(path, 0);
      await change(
        path,
        () => own.writeFile(bytes),
        (part) => own.writeFile(bytes.subarray(0, Math.floor(part * bytes.length))),
      );
    };
    // Nothing is forced to the real disk: what a sync is worth, `unsynced` knows, and hundreds of days are worked through.
    handle.sync = () =>
      change(path, () => {
        unsynced.synced(path);
        return Promise.resolve();
      });
    return handle;
  };

  const faulty = {
    open: async (path: unknown, flags: unknown = 'r', mode?: number) => {
      if (!isOurs(path) || typeof flags === 'number') return openAlive(path as string, flags as string, mode);
      if (flags === 'r') return Object.assign(await real.open(path), { sync: () => Promise.resolve() });
      const handle = await change(path, () => real.open(path, flags as string, mode));
      return wrapHandle(handle, path);
    },
    writeFile: async (path: unknown, data: Content, options: { flag?: 'wx'; flush?: boolean } = {}) =>
      isOurs(path)
        ? write(path, data, options.flag ?? 'w', options.flush === true)
        : real.writeFile(path as string, data, options),
    appendFile: async (path: unknown, data: Content, options: { flush?: boolean } = {}) =>
      isOurs(path) ? write(path, data, 'a', options.flush === true) : real.appendFile(path as string, data, options),
    rename: async (from: string, to: string) =>
      isOurs(to)
        ? change(
            to,
            async () => {
              await real.rename(from, to);
              unsynced.moved(from, to);
            },
            undefined,
            false,
          )
        : real.rename(from, to),
    truncate: (path: string, length?: number) =>
      isOurs(path) ? change(path, () => real.truncate(path, length), undefined, false) : real.truncate(path, length),
    readFile: (path: unknown, options?: 'utf8') => alive(real.readFile(path as string, options)),
    ...Object.fromEntries(
      (['mkdir', 'unlink', 'rm', 'rmdir', 'utimes'] as const).map((name) => {
        const plain = real[name] as (path: string, ...rest: unknown[]) => Promise<unknown>;
        return [
          name,
          (path: unknown, ...rest: unknown[]) =>
            isOurs(path)
              ? change(path, () => plain(path, ...rest), undefined, name === 'mkdir')
              : plain(path as string, ...rest),
        ];
      }),
    ),
  };
  Object.assign(files, faulty);
  syncBuiltinESMExports();
  return {
    changes: () => changes,
    isDead: () => isDead,
    death,
    during: (work) => life.run(() => isDead, work),
    restore: async () => {
      isDead ||= fault?.kind === 'killed' || fault?.kind === 'powerCut';
      Object.assign(files, forTheLiving(Object.keys(faulty)));
      syncBuiltinESMExports();
      await Promise.all([...handles].map((handle) => handle.close()));
      if (fault?.kind !== 'powerCut') return;
      for (const [path, length] of unsynced.entries()) {
        const size = await sizeOf(path);
        const kept = length + Math.floor((size - length) * fault.part);
        if (kept < size) await real.truncate(path, kept);
      }
    },
  };
}
