import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dataDamaged, dataInflates, picturesNeedDisk } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { findBuilt } from '../files/built';
import type { ParquetAnswer, ParquetPictures, ParquetQuestion, ParquetTable } from './parquetContent';
import { hungText, nextWord, startThread } from './workerPool';

/** What a thread takes to start has nothing to do with the file. */
const startMs = 30_000;
/** Nobody waits for longer, whatever else the machine does. */
const timeoutMs = 16_000;
/** What of the processor a file may take, whatever it is: ten thousand columns take a second. */
const workMs = 4000;
/** What its size adds to either, ten times what a slow machine takes. */
const bytesPerMs = 1000;
/** The thread's own objects: the words and values of one part of the file. Numbers on their way out lie outside of its heap. */
const heapMb = 2048;
/** What the process may grow by while a file is read: a lying one asks for memory that no heap limit sees. */
const mostMemoryBytes = 3 * 1024 ** 3;

const greedyText = text('reading it takes too much memory', '读取它占用内存过多');

async function sizeOf(source: ParquetQuestion['source']): Promise<number> {
  return 'bytes' in source ? source.bytes.length : (await stat(source.path)).size;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Says when a file takes too much of the processor or of the memory: of the whole process, which is at least what its thread takes. */
function watchProcess(sizeBytes: number): () => Text | null {
  const [bytes, ms] = [process.memoryUsage.rss(), processorMs()];
  return () => {
    if (process.memoryUsage.rss() - bytes > mostMemoryBytes) return greedyText;
    return processorMs() - ms > workMs + sizeBytes / bytesPerMs ? hungText : null;
  };
}

/**
 * Reads a Parquet file in a thread of its own, which ends with it: a damaged one may keep its reader for ever, or ask it for all memory.
 * `name` is for the reader.
 */
export async function readParquet(
  question: ParquetQuestion,
  name: string,
): Promise<Result<ParquetTable | ParquetPictures>> {
  const sizeBytes = await sizeOf(question.source);
  const script = findBuilt(import.meta.dirname, 'parquetWorker.js');
  const worker = await startThread({ script, setup: null, timeoutMs: startMs, heapMb });
  try {
    const whyLost = watchProcess(sizeBytes);
    worker.postMessage(question);
    const outcome = await nextWord(worker, timeoutMs + sizeBytes / bytesPerMs, whyLost);
    if ('lost' in outcome) return failure(dataDamaged(name, outcome.lost));
    // The script is of the same build.
    const answer = outcome.word as ParquetAnswer;
    if ('content' in answer) return success(answer.content);
    if ('fault' in answer) return failure(dataDamaged(name, answer.fault));
    if ('room' in answer) {
      const { path = '', mostBytes = 0 } = question.pictures ?? {};
      return failure(picturesNeedDisk(dirname(path), answer.room, mostBytes, answer.rowCount));
    }
    return failure(dataInflates(name, answer.sizeBytes, answer.unpackedBytes));
  } finally {
    await worker.terminate();
  }
}
