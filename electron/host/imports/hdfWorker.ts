import { parentPort } from 'node:worker_threads';
import { readyWord } from '../../data/workerPool';
import { readHdfContent } from './hdfContent';

/** The entry of the thread that reads HDF5 files. The one who starts it is of the same build. */
parentPort?.on('message', (bytes: Uint8Array) => {
  void readHdfContent(bytes).then((answer) => parentPort?.postMessage(answer));
});
parentPort?.postMessage(readyWord);
