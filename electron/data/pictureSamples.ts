import { ignoredLabel } from '../../shared/compile/losses';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { elementCount } from '../../shared/ops/tensor';
import type { Text } from '../../shared/text';
import { heldBytes } from './dataset';
import type { OpenOptions, Samples } from './dataset';
import { digestOf, isSeenThrough, isUseless, readPictures } from './pictureStore';
import type { StampedJob } from './pictureStore';
import type { PictureFit } from './resize';
import { loadRows, storedRows } from './rowFile';
import type { RowFile, RowPart } from './rowFile';

/** A picture and its class; a picture with a mask, or with one that it is to become, has the pixels of that instead. */
export type LabelledJob = StampedJob & { readonly label: number };

/** What pictures are brought to. */
export type Drawing = {
  /** `[height, width, channels]` */
  readonly shape: readonly number[];
  /** From a mask's key to its class; null for pictures without masks. */
  readonly classOf: ReadonlyMap<number, number> | null;
  /** `[height, width, channels]` of the pictures that are to be learned; absent where none are. */
  readonly target?: readonly number[];
  readonly fit: PictureFit;
};

/** Pictures that have been read. */
export type DrawnSamples = {
  /** The jobs that gave a sample, in their order. */
  readonly kept: readonly number[];
  readonly skipped: readonly { readonly index: number; readonly reason: Text }[];
  /** Of the bytes of each that was kept. */
  readonly digests: readonly string[];
  /** How many of those can be seen through in places. */
  readonly seeThroughCount: number;
  /** The samples at `order`, places in `kept`. */
  take(order: readonly number[]): Samples;
};

/** Reads pictures as samples: into memory as far as that goes, else they stay on disk, decoded. */
export async function drawSamples(
  jobs: readonly LabelledJob[],
  { shape, classOf, target, fit }: Drawing,
  options: OpenOptions,
): Promise<Result<DrawnSamples>> {
  const read = await readPictures(
    { kind: 'draw', shape, classOf, target: target ?? null, fit, outside: ignoredLabel },
    jobs,
    options.onProgress,
  );
  if (!read.ok) return read;
  const { answers, rows } = read.value;
  const digests = answers.map(digestOf);
  const kept = [...answers.keys()].filter((index) => digests[index] !== '');
  const skipped = [...answers.entries()].flatMap(([index, answer]) =>
    isUseless(answer) ? [{ index, reason: answer }] : [],
  );
  const isHeld = kept.length * (rows?.rowBytes ?? 0) <= (options.heldBytes ?? heldBytes());
  const bytesOf = (file: RowFile, indices: readonly number[], part: RowPart): Samples['inputs'] =>
    isHeld ? loadRows(file, indices, part) : storedRows(file, indices, part);
  const take = (order: readonly number[]): Samples => {
    const indices = order.map((at) => kept[at] ?? 0);
    const count = indices.length;
    const labels = Int32Array.from(indices, (index) => jobs[index]?.label ?? 0);
    if (rows === null) return { count, inputs: new Uint8Array(0), targets: labels };
    const size = elementCount(shape);
    return {
      count,
      inputs: bytesOf(rows, indices, { start: 0, length: size }),
      targets:
        classOf === null && target === undefined
          ? labels
          : bytesOf(rows, indices, { start: size, length: rows.rowBytes - size }),
    };
  };
  const seeThroughCount = kept.filter((index) => isSeenThrough(answers[index])).length;
  return success({ kept, skipped, digests: kept.map((index) => digests[index] ?? ''), seeThroughCount, take });
}
