import { basename } from 'node:path';
import { dataDamaged, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import { readRegularFile } from '../files/regularFile';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { listFolder } from './folder';
import { heldParts } from './heldParts';

const side = 32;
const channels = 3;
const pixelCount = side * side;
/** One byte of label, then the red, green and blue planes. Source: cs.toronto.edu/~kriz/cifar.html, "binary version". */
const recordBytes = 1 + pixelCount * channels;

/** A batch of the set has 10,000 records. */
const maxBytes = 100_000 * recordBytes;

const classes: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

function readRecords(path: string, bytes: Uint8Array): Result<HeldSamples> {
  const count = bytes.length / recordBytes;
  if (!Number.isInteger(count) || count === 0) {
    return failure(dataDamaged(path, `${bytes.length} bytes are not a multiple of ${recordBytes}.`));
  }
  const inputs = new Uint8Array(count * pixelCount * channels);
  const targets = new Uint8Array(count);
  for (let record = 0; record < count; record++) {
    const start = record * recordBytes;
    const label = bytes[start] ?? 0;
    if (label >= classes.length) return failure(dataDamaged(path, `Record ${record} has the label ${label}.`));
    targets[record] = label;
    for (let pixel = 0; pixel < pixelCount; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        inputs[(record * pixelCount + pixel) * channels + channel] =
          bytes[start + 1 + channel * pixelCount + pixel] ?? 0;
      }
    }
  }
  return success({ count, inputs, targets });
}

function joinSamples(parts: readonly HeldSamples[]): HeldSamples {
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    inputs: Buffer.concat(parts.map(({ inputs }) => Uint8Array.from(inputs))),
    targets: Buffer.concat(parts.map(({ targets }) => Uint8Array.from(targets))),
  };
}

async function readBatches(paths: readonly string[]): Promise<Result<HeldSamples>> {
  const parts: HeldSamples[] = [];
  for (const path of paths) {
    const records = readRecords(path, await readRegularFile(path, maxBytes));
    if (!records.ok) return records;
    parts.push(records.value);
  }
  return success(joinSamples(parts));
}

/** The data set `cifar10:DIR`. */
export async function loadCifar10(dir: string, options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  const { files } = await listFolder(dir);
  const batches = files.filter((path) => /^data_batch_\d\.bin$/i.test(basename(path)));
  const held = files.filter((path) => /^test_batch\.bin$/i.test(basename(path)));
  if (batches.length === 0) {
    return failure(
      dataLayout(
        dir,
        text(
          'Expected data_batch_1.bin and so on, and test_batch.bin for validation.',
          '应包含 data_batch_1.bin 等文件，以及用于验证的 test_batch.bin。',
        ),
      ),
    );
  }
  const all = await readBatches(batches);
  if (!all.ok) return all;
  const tested = held.length === 0 ? null : await readBatches(held);
  if (tested !== null && !tested.ok) return tested;
  const { train, validation, test, ...counts } = heldParts(
    {
      train: all.value,
      validation: tested?.value ?? null,
      text: text('The data batches train, the test batch validates.', 'data_batch 用于训练，test_batch 用于验证。'),
    },
    true,
    options,
  );
  return success({
    info: {
      spec: `cifar10:${dir}`,
      task: 'classification',
      inputShape: [side, side, channels],
      classes,
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
