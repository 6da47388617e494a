import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { createRandom } from '../../shared/ops/random';
import { elementCount } from '../../shared/ops/tensor';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { openDigits } from './digits';
import { heldParts } from './heldParts';

const digitShape = [28, 28, 1] as const;
/** Of the noise, of values from 0 to 1. */
const noiseDeviation = 0.3;
const noiseSeeds = { train: 1998, validation: 2006 } as const;

/** Digits, and what becomes of each when it is spoilt: that is the input, and the digit what is to be learned. */
type Spoilt = { readonly inputs: HeldSamples['inputs']; readonly shape: readonly number[] };

/** Each pixel is the mean of 2x2: area averaging, which is how a sensor with fewer pixels would see it. */
export function halved({ count, inputs }: Pick<HeldSamples, 'count' | 'inputs'>): Spoilt {
  const [height, width] = digitShape;
  const shape = [height / 2, width / 2, 1];
  const small = new Uint8Array(count * elementCount(shape));
  for (let at = 0; at < small.length; at++) {
    // Rows follow each other across all digits, as 28 of them are 14 pairs.
    const [row, column] = [Math.floor(at / (width / 2)), at % (width / 2)];
    const first = 2 * row * width + 2 * column;
    const sum = [first, first + 1, first + width, first + width + 1].reduce(
      (all, from) => all + (inputs[from] ?? 0),
      0,
    );
    small[at] = Math.round(sum / 4);
  }
  return { inputs: small, shape };
}

/** Normal noise on each pixel; what leaves 0..255 is cut there. The seed decides all of it. */
export function noisy({ inputs }: Pick<HeldSamples, 'inputs'>, seed: number): Spoilt {
  const random = createRandom(seed);
  const spoilt = Uint8ClampedArray.from(inputs, (value) => value + 255 * noiseDeviation * random.normal());
  return { inputs: new Uint8Array(spoilt.buffer), shape: digitShape };
}

async function loadSpoilt(
  spec: string,
  spoil: (digits: HeldSamples, part: 'train' | 'validation') => Spoilt,
  parted: Text,
  options: Pick<OpenOptions, 'reading'>,
): Promise<Result<Dataset>> {
  const digits = await openDigits();
  if (!digits.ok) return digits;
  const pairs = (part: 'train' | 'validation'): HeldSamples & Pick<Spoilt, 'shape'> => {
    const whole = digits.value[part];
    return { count: whole.count, ...spoil(whole, part), targets: whole.inputs };
  };
  const { shape, ...train } = pairs('train');
  const given = { train, validation: pairs('validation'), text: parted };
  const { train: own, validation, test, ...counts } = heldParts(given, false, options);
  return success({
    info: {
      spec,
      task: 'image-to-image',
      inputShape: shape,
      targetShape: digitShape,
      classes: [],
      ...counts,
      warnings: [],
    },
    targetShape: digitShape,
    train: own,
    validation,
    ...(test === undefined ? {} : { test }),
    scaling: null,
  });
}

const partedText = text(
  'As mnist: 8,000 of its digits train, the other 2,000 validate.',
  '与 mnist 相同：8,000 个数字训练，其余 2,000 个验证。',
);

/** The data set `mnist-sr`: a digit in a quarter of its pixels, and the digit. */
export async function loadSmallDigits(options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  return await loadSpoilt('mnist-sr', halved, partedText, options);
}

/** The data set `mnist-pictures`: a digit, and the same digit. */
export async function loadDigitPictures(options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  return await loadSpoilt('mnist-pictures', ({ inputs }) => ({ inputs, shape: digitShape }), partedText, options);
}

/** The data set `mnist-denoise`: a digit under noise, and the digit. */
export async function loadNoisyDigits(options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  return await loadSpoilt('mnist-denoise', (digits, part) => noisy(digits, noiseSeeds[part]), partedText, options);
}
