/** What a run remembers to notice that validation gets worse while training gets better. */
export type Fit = {
  /** The least validation loss so far, its epoch, and the training loss of that; null and 0 before the first epoch. */
  readonly best: number | null;
  readonly bestEpoch: number;
  readonly trainThen: number;
  /** It is said once. */
  readonly isTold: boolean;
};

/** Where a run begins. */
export const noFit: Fit = { best: null, bestEpoch: 0, trainThen: 0, isTold: false };

/** For so many epochs validation has to be worse, by this part of its loss, and training better by that. */
const patience = 2;
const leastRise = 0.1;
const leastFall = 0.1;

/** What was found after one more epoch; `isOver`: the network over-fits since `bestEpoch`, and it was not said yet. */
export function followFit(
  fit: Fit,
  { epoch, loss, valLoss }: { readonly epoch: number; readonly loss: number; readonly valLoss: number },
): { readonly fit: Fit; readonly isOver: boolean } {
  if (fit.best === null || valLoss < fit.best) {
    return { fit: { ...fit, best: valLoss, bestEpoch: epoch, trainThen: loss }, isOver: false };
  }
  const isOver =
    !fit.isTold &&
    epoch - fit.bestEpoch >= patience &&
    valLoss > (1 + leastRise) * fit.best &&
    loss < (1 - leastFall) * fit.trainThen;
  return { fit: isOver ? { ...fit, isTold: true } : fit, isOver };
}
