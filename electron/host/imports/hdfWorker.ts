import { parentPort, workerData } from 'node:worker_threads';
import { readyWord } from '../../data/workerPool';
import { loadHdf5, readHdfContent, valuesIn } from './hdfContent';

/** The entry of the thread that reads HDF5 files. The one who starts it is of the same build. */
const earned = workerData as Int32Array;

/** Of WebAssembly. */
const pageBytes = 65_536;
/** What the library may take of memory for a file: its own, and the file's values beside their packed form, several times over. */
const roomBytes = 256 * 1024 ** 2;
const bytesPerByte = 8;
let mostBytes = roomBytes;

/** As much of WebAssembly as is looked at here; its types are those of pages. */
type LibraryMemory = { readonly buffer: ArrayBuffer; grow: (this: LibraryMemory, pages: number) => number };
declare const WebAssembly: { readonly Memory: { readonly prototype: LibraryMemory } };

// A damaged file asks for gigabytes, and has them in less time than anybody looks. What is refused here is told to the library as memory
// that is not there, which it knows to say.
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * pageBytes > mostBytes)
    throw new RangeError('more memory than the file is worth');
  return grow.call(this, pages);
};

parentPort?.on('message', (bytes: Uint8Array) => {
  mostBytes = roomBytes + bytesPerByte * bytes.length;
  void readHdfContent(bytes, (ms) => Atomics.add(earned, 0, ms)).then((answer) =>
    parentPort?.postMessage(answer, valuesIn(answer.content)),
  );
});
// What the library takes to load is no file's doing.
await loadHdf5();
parentPort?.postMessage(readyWord);
