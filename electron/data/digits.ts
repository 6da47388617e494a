import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { dataDamaged } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../shared/text';
import { findBuilt } from '../files/built';
import { gatherSamples } from './dataset';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { heldParts } from './heldParts';
import { readIdx } from './idxFormat';
import { digitsFileName } from './packDigits';
import { shuffledOrder } from './split';

export const digitClasses: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Decides the split of the built-in digits, once and for all. */
const digitsSeed = 1998;
const trainCount = 8000;

const notBuilt = text('The app was built without it. Build it again.', '构建应用时缺少该文件。请重新构建。');

/** Unpacks {@link packDigits}' bytes into samples of 28x28x1. */
export function unpackDigits(packed: Buffer): HeldSamples | string {
  let bytes: Buffer;
  try {
    bytes = gunzipSync(packed);
  } catch (error) {
    return errorText(error);
  }
  const images = readIdx(bytes);
  if (typeof images === 'string') return images;
  const labels = readIdx(bytes.subarray(images.byteLength));
  if (typeof labels === 'string') return labels;
  return { count: labels.data.length, inputs: images.data, targets: labels.data };
}

/** The two parts of the built-in digits: the first 8,000 of a fixed shuffle, and the other 2,000. */
export async function openDigits(): Promise<Result<{ readonly train: HeldSamples; readonly validation: HeldSamples }>> {
  const path = findBuilt(import.meta.dirname, digitsFileName);
  const packed = await readFile(path).catch(() => null);
  if (packed === null) return failure(dataDamaged(digitsFileName, notBuilt));
  const samples = unpackDigits(packed);
  if (typeof samples === 'string') return failure(dataDamaged(path, samples));
  const order = [...shuffledOrder(samples.count, digitsSeed)];
  return success({
    train: gatherSamples(samples, order.slice(0, trainCount)),
    validation: gatherSamples(samples, order.slice(trainCount)),
  });
}

const digitsText = text(
  '10,000 digits of the MNIST set, shuffled once with a fixed seed: the first 8,000 train, the other 2,000 validate. This is not the official split of 60,000 and 10,000.',
  'MNIST 中的 10,000 个数字，用固定种子打乱一次：前 8,000 个训练，其余 2,000 个验证。这不是官方的 60,000 与 10,000 划分。',
);

/** The data set `mnist`. */
export async function loadDigits(options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  const digits = await openDigits();
  if (!digits.ok) return digits;
  const { train, validation, test, ...counts } = heldParts({ ...digits.value, text: digitsText }, true, options);
  return success({
    info: {
      spec: 'mnist',
      task: 'classification',
      inputShape: [28, 28, 1],
      classes: digitClasses,
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
