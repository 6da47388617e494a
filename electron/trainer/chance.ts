import type { Loss } from '../../shared/compile/losses';
import type { TrainingConfig } from '../../shared/schema/training';

/** -share log(share), and 0 where a class never comes. */
function surprise(share: number): number {
  return share === 0 ? 0 : -share * Math.log(share);
}

/** The loss of an answer that knows how often each class comes, its share, and nothing else. */
export function chanceLoss(
  loss: Exclude<Loss, 'perceptual'>,
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
    case 'dice':
      return 1 - 1 / classCount;
    case 'binaryCrossEntropy':
      return sumOf((share) => surprise(share) + surprise(1 - share)) / classCount;
    case 'meanSquaredError':
      return sumOf((share) => share * (1 - share)) / classCount;
    case 'meanAbsoluteError':
      return sumOf((share) => Math.min(share, 1 - share)) / classCount;
  }
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
