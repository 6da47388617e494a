import type { Loss } from '../../shared/compile/losses';
import type { TrainingConfig } from '../../shared/schema/training';

/** -share log(share), and 0 where a class never comes. */
function surprise(share: number): number {
  return share === 0 ? 0 : -share * Math.log(share);
}

/** The loss of an answer that knows how often each class comes, its share, and nothing else. */
export function chanceLoss(
  loss: Exclude<Loss, 'dice' | 'perceptual'>,
  shares: readonly number[],
  { focalGamma, labelSmoothing }: Pick<TrainingConfig, 'focalGamma' | 'labelSmoothing'>,
): number {
  const sumOf = (term: (share: number) => number): number => shares.reduce((sum, share) => sum + term(share), 0);
  const classCount = Math.max(1, shares.length);
  switch (loss) {
    case 'crossEntropy':
      return sumOf((share) => surprise((1 - labelSmoothing) * share + labelSmoothing / classCount));
    case 'focal':
      return sumOf((share) => (1 - share) ** focalGamma * surprise(share));
    case 'binaryCrossEntropy':
      return sumOf((share) => surprise(share) + surprise(1 - share)) / classCount;
    case 'meanSquaredError':
      return sumOf((share) => share * (1 - share)) / classCount;
    case 'meanAbsoluteError':
      return sumOf((share) => Math.min(share, 1 - share)) / classCount;
  }
}

/**
 * The Dice loss of the best answer that is the same at every pixel of every mask: the shares of the classes, or one class alone. `areas`
 * are the pixels of each class in each mask. Where every mask has all C classes by their shares it is about 1 - 1/C, of masks with one
 * class each it is less. `ofThing`: as one channel learns, the Dice of the second class alone, of which a quarter of the pixels gives
 * 1 - 2 * 0.25 / 1.25 = 0.6.
 */
export function diceChanceLoss(areas: readonly (readonly number[])[], ofThing: boolean): number {
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const all = (areas[0] ?? []).map((_, label) => sumOf(areas.map((mask) => mask[label] ?? 0)));
  const total = Math.max(1, sumOf(all));
  const answers = [all.map((area) => area / total), ...all.map((_, only) => all.map((_, label) => +(label === only)))];
  const lossOf = (answer: readonly number[], mask: readonly number[]): number => {
    const pixels = sumOf(mask);
    const lost = mask.map((area, label) => {
      const given = answer[label] ?? 0;
      return 1 - (2 * given * area + 1) / (given * pixels + area + 1);
    });
    const counted = lost.filter((_, label) => (ofThing ? label === 1 : (mask[label] ?? 0) > 0));
    return sumOf(counted) / Math.max(1, counted.length);
  };
  const losses = answers.map((answer) => sumOf(areas.map((mask) => lossOf(answer, mask))) / Math.max(1, areas.length));
  return Math.min(...losses);
}

/**
 * For multi-label, the loss of answering each class with its share of the training samples, where `asked` are the shares of the samples
 * that are asked about. Of shares 1/2 and 1/4 the binary cross-entropy is (0.693 + 0.562) / 2 = 0.628.
 */
export function labelChanceLoss(
  loss: Loss,
  shares: readonly number[],
  asked: readonly number[],
  { labelSmoothing }: Pick<TrainingConfig, 'labelSmoothing'>,
): number {
  const terms = shares.map((share, index) => {
    const own = asked[index] ?? share;
    if (loss === 'meanSquaredError') return own * (1 - share) ** 2 + (1 - own) * share ** 2;
    if (loss === 'meanAbsoluteError') return share > 0.5 ? 1 - own : own;
    const smooth = (value: number): number => (1 - labelSmoothing) * value + labelSmoothing / 2;
    return -smooth(own) * Math.log(smooth(share)) - (1 - smooth(own)) * Math.log(1 - smooth(share));
  });
  return terms.reduce((sum, term) => sum + term, 0) / Math.max(1, terms.length);
}
