import { parentPort, workerData } from 'node:worker_threads';
import { readyWord } from '../../data/workerPool';
import { loadHdf5, readHdfContent, valuesIn } from './hdfContent';

/** The entry of the thread that reads HDF5 files. The one who starts it is of the same build. */
const earned = workerData as Int32Array;

parentPort?.on('message', (bytes: Uint8Array) => {
  void readHdfContent(bytes, (ms) => Atomics.add(earned, 0, ms)).then((answer) =>
    parentPort?.postMessage(answer, valuesIn(answer.content)),
  );
});
// What the library takes to load is no file's doing.
await loadHdf5();
parentPort?.postMessage(readyWord);
