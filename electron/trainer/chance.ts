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
