import type { DataInfo } from '../../shared/host/api';
import { defaultReading } from '../../shared/schema/training';
import type { Text } from '../../shared/text';
import { gatherSamples } from './dataset';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { snapshotOf } from './snapshot';
import { plainSplitText, rarestSplitText, splitSamples, splitText, stratifiedSplitText } from './split';

/** Samples in memory as their source parts them. */
export type GivenParts = {
  readonly train: HeldSamples;
  /** Null where the source has no such part: then some of `train` validate. */
  readonly validation: HeldSamples | null;
  readonly test?: HeldSamples | null;
  /** What is to be alike in the parts, by sample of `train`: absent where that is the class of each. */
  readonly strata?: ArrayLike<number>;
  /** How the source parts them. */
  readonly text: Text;
};

/** Parts of a data set in memory, with what its description says of them. */
export type HeldParts = Pick<Dataset, 'train' | 'validation' | 'test'> &
  Pick<DataInfo, 'trainCount' | 'validationCount' | 'testCount' | 'snapshot' | 'split'>;

/** Parts samples in memory as the reading asks; `hasClasses`: each class alike. */
export function heldParts(
  { train, validation, test = null, strata, text }: GivenParts,
  hasClasses: boolean,
  { reading = defaultReading }: Pick<OpenOptions, 'reading'>,
): HeldParts {
  const arrays = [train, validation, test].flatMap((part) => (part === null ? [] : [part.inputs, part.targets]));
  const snapshot = snapshotOf(arrays);
  const wanted = test === null ? reading.testFraction : 0;
  const { share } = reading;
  const isWhole = validation !== null && wanted === 0 && share === 1;
  const classOf = strata ?? (hasClasses ? train.targets : new Uint8Array(train.count));
  const split = isWhole
    ? null
    : splitSamples({ classOf, testFraction: wanted, share, isValidated: validation !== null });
  const own = split === null ? train : gatherSamples(train, split.train);
  const held = validation ?? gatherSamples(train, split?.validation ?? []);
  const kept = test ?? (split === null || split.test.length === 0 ? null : gatherSamples(train, split.test));
  const plain = strata !== undefined ? rarestSplitText : hasClasses ? stratifiedSplitText : plainSplitText;
  return {
    train: own,
    validation: held,
    ...(kept === null ? {} : { test: kept, testCount: kept.count }),
    trainCount: own.count,
    validationCount: held.count,
    snapshot,
    split: splitText(validation === null ? plain : text, { ...reading, splitBy: 'picture' }, test !== null),
  };
}
