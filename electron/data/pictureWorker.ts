import { openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../shared/text';
import { performTask, rowBytes } from './pictureTask';
import type { Drawn, MaskSurvey, PictureJob, PictureTask } from './pictureTask';
import type { Text } from '../../shared/text';
import { readyWord } from './workerPool';
import type { WorkerAnswer } from './workerPool';

/** What a thread is told at its start: rows go into that file, each at its own place. */
export type PictureSetup = { readonly task: PictureTask; readonly rowsPath: string | null };
export type NumberedJob = PictureJob & { readonly row: number };
/** A text says why there is none. */
export type PictureAnswer = MaskSurvey | Drawn | Text;

/** The entry of a thread that reads pictures. The one who starts it is of the same build. */
const { task, rowsPath } = workerData as PictureSetup;
const row = new Uint8Array(rowBytes(task));
const file = rowsPath === null ? null : openSync(rowsPath, 'r+');

function writeRow(into: number, position: number): void {
  // A write may take less than it is given.
  for (let at = 0; at < row.length;) at += writeSync(into, row, at, row.length - at, position + at);
}

async function answer(job: NumberedJob): Promise<WorkerAnswer<PictureAnswer>> {
  try {
    const result = await performTask(task, job, row);
    if ('digest' in result && file !== null) writeRow(file, job.row * row.length);
    return { result };
  } catch (error) {
    // A row that cannot be written is the disk's fault and not the picture's.
    return { broken: errorText(error) };
  }
}

parentPort?.on('message', (job: NumberedJob) => {
  void answer(job).then((reply) => parentPort?.postMessage(reply));
});
parentPort?.postMessage(readyWord);
