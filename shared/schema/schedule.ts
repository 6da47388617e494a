import type { TrainingConfig } from './training';

/** One cycle as fastai and PyTorch have it: what part of a run the rate rises for, and the part of the peak that it begins with. */
export const oneCycle = { rise: 0.3, start: 1 / 25 } as const;

/** From 1 at `share` 0 along half a cosine to 0 at `share` 1. */
function halfCosine(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

/** What decides the learning rate at a point of a run. */
export type ScheduleConfig = Pick<
  TrainingConfig,
  'learningRate' | 'schedule' | 'epochs' | 'decayEpochs' | 'decayFactor' | 'warmUpEpochs'
>;

/** The part of the learning rate that a warm-up begins with. */
export const warmUpStart = 0.01;

/** Epochs are counted by dividing, which must not make 3 of 2.9999999. */
const roundingSlack = 1e-9;

function scheduledShare({ schedule, epochs, decayEpochs, decayFactor }: ScheduleConfig, share: number): number {
  switch (schedule) {
    case 'constant':
    case 'plateau':
      return 1;
    case 'cosine':
      return halfCosine(share);
    case 'oneCycle': {
      const { rise, start } = oneCycle;
      if (share < rise) return 1 - (1 - start) * halfCosine(share / rise);
      return halfCosine((share - rise) / (1 - rise));
    }
    case 'step':
      return decayFactor ** Math.floor((share * epochs) / decayEpochs + roundingSlack);
  }
}

/**
 * The learning rate when `share` of a run is done (0 at its first step, nearly 1 at its last): for 'cosine'
 * learningRate * (1 + cos(pi * share)) / 2, so 0.002 is 0.001 half way. For 'oneCycle' 0.002 is 0.00008 at first, 0.002 after three
 * tenths of the run, and 0.001 at 0.65. For 'plateau' it is what {@link followPlateau} has not taken away yet: `plateauShare`.
 */
export function scheduledLearningRate(config: ScheduleConfig, share: number, plateauShare = 1): number {
  const { learningRate, warmUpEpochs, epochs } = config;
  const warm = warmUpEpochs === 0 ? 1 : Math.min(1, warmUpStart + ((1 - warmUpStart) * share * epochs) / warmUpEpochs);
  return learningRate * scheduledShare(config, share) * warm * plateauShare;
}

/** What the schedule 'plateau' remembers from epoch to epoch. */
export type Plateau = {
  /** The least validation loss so far; null before the first epoch. */
  readonly best: number | null;
  /** Epochs since then. */
  readonly waited: number;
  /** What the learning rate is multiplied by. */
  readonly share: number;
};

/** Where a run begins. */
export const noPlateau: Plateau = { best: null, waited: 0, share: 1 };

/** A loss counts as lower from this part below the best one on. */
const plateauThreshold = 1e-4;

/** The plateau after one more epoch, as PyTorch's ReduceLROnPlateau has it. */
export function followPlateau(
  { best, waited, share }: Plateau,
  { decayEpochs, decayFactor }: Pick<TrainingConfig, 'decayEpochs' | 'decayFactor'>,
  validationLoss: number,
): Plateau {
  if (best === null || validationLoss < best * (1 - plateauThreshold))
    return { best: validationLoss, waited: 0, share };
  if (waited + 1 <= decayEpochs) return { best, waited: waited + 1, share };
  return { best, waited: 0, share: share * decayFactor };
}
