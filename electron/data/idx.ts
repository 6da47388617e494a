import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { dataDamaged, dataInflates, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../shared/text';
import { errorCode } from '../files/fileErrors';
import { readFileStart, readRegularFile } from '../files/regularFile';
import { checkMemory } from './dataset';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { listFolder } from './folder';
import { heldParts } from './heldParts';
import { idxHeader, readIdx } from './idxFormat';
import type { IdxArray } from './idxFormat';

type Part = 'train' | 't10k';

/** `train-images-idx3-ubyte`, also with a dot (`train-images.idx3-ubyte`), also gzipped. */
function findFile(files: readonly string[], part: Part, content: 'images' | 'labels'): string | null {
  const pattern = new RegExp(`^${part}-${content}[-.]idx\\d-ubyte(\\.gz)?$`, 'i');
  return files.find((path) => pattern.test(basename(path))) ?? null;
}

/** A set of nothing but zeros shrinks a thousandfold, real pictures three- to tenfold. */
const maxRatio = 200;
/** An array is in memory once as it was read, and once more while it is being split. */
const copies = 2;
/** Below this nobody minds. */
const harmlessBytes = 64_000_000;

/** Unpacks a gzipped IDX file, as far as its own header says it goes: what it holds is known before it is unpacked. */
function unpack(path: string, packed: Buffer): Result<Buffer> {
  const start = gunzipSync(packed.subarray(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH });
  const header = idxHeader(start);
  if (typeof header === 'string') return failure(dataDamaged(path, header));
  const { byteLength, shape } = header;
  if (byteLength > harmlessBytes && byteLength > packed.length * maxRatio) {
    return failure(dataInflates(path, packed.length, byteLength));
  }
  const tooLarge = checkMemory(1, packed.length + copies * byteLength, shape);
  if (tooLarge !== null) return failure(tooLarge);
  try {
    return success(gunzipSync(packed, { maxOutputLength: byteLength + harmlessBytes }));
  } catch (error) {
    return errorCode(error) === 'ERR_BUFFER_TOO_LARGE'
      ? failure(dataInflates(path, packed.length, byteLength + harmlessBytes))
      : failure(dataDamaged(path, errorText(error)));
  }
}

async function readArray(path: string): Promise<Result<IdxArray>> {
  try {
    const { sizeBytes } = await readFileStart(path, 1);
    const tooLarge = checkMemory(1, copies * sizeBytes, [sizeBytes]);
    if (tooLarge !== null) return failure(tooLarge);
    const raw = await readRegularFile(path);
    const bytes = path.toLowerCase().endsWith('.gz') ? unpack(path, raw) : success(raw);
    if (!bytes.ok) return bytes;
    const array = readIdx(bytes.value);
    return typeof array === 'string' ? failure(dataDamaged(path, array)) : success(array);
  } catch (error) {
    return failure(dataDamaged(path, errorText(error)));
  }
}

type Loaded = { readonly samples: HeldSamples; readonly inputShape: readonly number[] };

async function readPart(files: readonly string[], part: Part): Promise<Result<Loaded> | null> {
  const imagesPath = findFile(files, part, 'images');
  const labelsPath = findFile(files, part, 'labels');
  if (imagesPath === null || labelsPath === null) return null;
  const images = await readArray(imagesPath);
  if (!images.ok) return images;
  const labels = await readArray(labelsPath);
  if (!labels.ok) return labels;
  const [count = 0, height = 0, width = 1, channels = 1] = images.value.shape;
  if (labels.value.data.length !== count) {
    return failure(dataDamaged(labelsPath, `It has ${labels.value.data.length} labels for ${count} images.`));
  }
  return success({
    samples: { count, inputs: images.value.data, targets: labels.value.data },
    inputShape: [height, width, channels],
  });
}

/** The data set `idx:DIR`. */
export async function loadIdx(dir: string, options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  const { files } = await listFolder(dir);
  const main = await readPart(files, 'train');
  if (main === null) {
    return failure(
      dataLayout(
        dir,
        text(
          'Expected train-images-idx3-ubyte and train-labels-idx1-ubyte (or .gz), and t10k files for validation.',
          '应包含 train-images-idx3-ubyte 与 train-labels-idx1-ubyte（或 .gz），以及用于验证的 t10k 文件。',
        ),
      ),
    );
  }
  if (!main.ok) return main;
  const held = await readPart(files, 't10k');
  if (held !== null && !held.ok) return held;
  const { samples, inputShape } = main.value;
  if (held !== null && held.value.inputShape.join() !== inputShape.join()) {
    return failure(dataDamaged(dir, 'The t10k images have another size than the train images.'));
  }
  const { train, validation, test, ...counts } = heldParts(
    {
      train: samples,
      validation: held?.value.samples ?? null,
      text: text('The train files train, the t10k files validate.', 'train 文件用于训练，t10k 文件用于验证。'),
    },
    true,
    options,
  );
  let largest = 0;
  for (const part of [samples, held?.value.samples])
    for (const label of part?.targets ?? []) largest = Math.max(largest, label);
  return success({
    info: {
      spec: `idx:${dir}`,
      task: 'classification',
      inputShape,
      classes: Array.from({ length: largest + 1 }, (_, index) => String(index)),
      ...counts,
      warnings: [],
    },
    targetShape: [],
    train,
    validation,
    ...(test === undefined ? {} : { test }),
    scaling: null,
  });
}
