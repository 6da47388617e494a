import { parentPort } from 'node:worker_threads';
import { buffersOf, readParquetContent } from './parquetContent';
import type { ParquetQuestion } from './parquetContent';
import { readyWord } from './workerPool';

/** The entry of the thread that reads Parquet files. The one who starts it is of the same build. */
parentPort?.on('message', (question: ParquetQuestion) => {
  void readParquetContent(question).then((answer) => parentPort?.postMessage(answer, buffersOf(answer)));
});
parentPort?.postMessage(readyWord);
