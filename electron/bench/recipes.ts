import type { NetworkDocument } from '../../shared/document';
import { oneCycle } from '../../shared/schema/schedule';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { chainDocument } from './chain';
import type { ChainLink } from './chain';

/** What `--case` can name with `--accuracy`. */
export const recipeIds = ['lenet', 'three-convs'] as const;

/** A network that is trained on the built-in digits, with the settings in its own `train`, until it reaches levels of validation accuracy. */
export type Recipe = {
  readonly id: (typeof recipeIds)[number];
  readonly label: string;
  readonly document: NetworkDocument;
  /** Fractions, ascending; a run ends once the last is reached. */
  readonly levels: readonly number[];
};

/** The template LeNet as it is, and a small network that reaches 99 %. `epochs`: in the place of their own. */
export function accuracyRecipes(lenet: NetworkDocument, epochs?: number): readonly Recipe[] {
  const more = epochs === undefined ? {} : { epochs };
  const withEpochs = (document: NetworkDocument): NetworkDocument => ({
    ...document,
    train: { ...document.train, ...more },
  });
  return [
    { id: 'lenet', label: 'LeNet with its own recipe', document: withEpochs(lenet), levels: [0.98] },
    {
      id: 'three-convs',
      label: 'Three convs with batch norm, digits shifted by a pixel',
      document: withEpochs(threeConvs()),
      levels: [0.98, 0.99],
    },
  ];
}

/** Three 3x3 convs of 16, 32 and 64 filters, each with batch norm, relu and a pool, and ten scores: 29,000 parameters. */
function threeConvs(): NetworkDocument {
  const rounds = [16, 32, 64].flatMap((filters, place): readonly ChainLink[] => [
    [`c${place + 1}`, 'conv', { filters, kernelSize: 3, padding: 'same', useBias: false }],
    [`b${place + 1}`, 'batchnorm', {}],
    [`a${place + 1}`, 'activation', { function: 'relu' }],
    [`p${place + 1}`, 'pool', { mode: 'max', poolSize: 2 }],
  ]);
  return {
    ...chainDocument('Three convs', [28, 28, 1], [...rounds, ['scores', 'fc', { units: 10 }]]),
    train: {
      data: 'mnist',
      epochs: 20,
      batchSize: 64,
      optimizer: 'adam',
      learningRate: 0.008,
      schedule: 'oneCycle',
      // A pixel of 28.
      shift: 0.04,
    },
  };
}

/** The recipe in the words of the peers' script, which knows Adam, one cycle and whole pixels alone. */
export type PeerRecipe = {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly rise: number;
  readonly start: number;
  readonly shiftPixels: number;
};

/** What a recipe comes to, or the setting that peers have no words for. */
export function peerRecipe({ document }: Recipe): PeerRecipe | { readonly lacking: string } {
  const config: TrainingConfig = { ...defaultTrainingConfig, ...document.train };
  const { epochs, batchSize, learningRate, schedule, optimizer, shift } = config;
  if (schedule !== 'oneCycle') return { lacking: `schedule ${schedule}` };
  if (optimizer !== 'adam') return { lacking: `optimizer ${optimizer}` };
  return { epochs, batchSize, learningRate, ...oneCycle, shiftPixels: Math.floor(shift * 28) };
}

/** How many epochs a recipe has. */
export function epochsOf({ document }: Recipe): number {
  return document.train?.epochs ?? defaultTrainingConfig.epochs;
}
