import type { NetworkDocument } from '../../shared/document';
import { oneCycle } from '../../shared/schema/schedule';
import { defaultTrainingConfig, trainingFieldNames } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { chainDocument } from './chain';
import type { ChainLink } from './chain';

/** What `--case` can name with `--accuracy`. */
export const recipeIds = ['lenet', 'six-convs'] as const;

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
      id: 'six-convs',
      label: 'Six convs with batch norm; digits moved, turned and scaled',
      document: withEpochs(sixConvs()),
      levels: [0.98, 0.99],
    },
  ];
}

/**
 * Pairs of 3x3 convs of 24, 48 and 96 filters, each with batch norm and relu, and ten scores: 171,000 parameters. The second of a pair is
 * pooled before its batch norm, which then has a quarter of the work and the same answer wherever its scale is positive. Networks with
 * one conv a pair, or fewer epochs, came to 98.8 to 99.2 %, and to 99 % from some seeds alone.
 */
function sixConvs(): NetworkDocument {
  const pairs = [24, 48, 96].flatMap((filters, place): readonly ChainLink[] => {
    const conv = { filters, kernelSize: 3, padding: 'same', useBias: false };
    const [first, second] = [`${place + 1}a`, `${place + 1}b`];
    return [
      [`c${first}`, 'conv', conv],
      [`b${first}`, 'batchnorm', {}],
      [`a${first}`, 'activation', { function: 'relu' }],
      [`c${second}`, 'conv', conv],
      [`p${place + 1}`, 'pool', { mode: 'max', poolSize: 2 }],
      [`b${second}`, 'batchnorm', {}],
      [`a${second}`, 'activation', { function: 'relu' }],
    ];
  });
  return {
    ...chainDocument(
      'Six convs',
      [28, 28, 1],
      [...pairs, ['thinned', 'dropout', { rate: 0.4 }], ['scores', 'fc', { units: 10 }]],
    ),
    train: {
      data: 'mnist',
      epochs: 20,
      batchSize: 64,
      optimizer: 'adam',
      learningRate: 0.004,
      schedule: 'oneCycle',
      // Two pixels of 28.
      shift: 0.08,
      rotate: 12,
      zoom: 0.12,
    },
  };
}

/** The recipe in the words of the peers' script, which knows Adam, one cycle and moved, turned and scaled pictures alone. */
export type PeerRecipe = {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly rise: number;
  readonly start: number;
  readonly shiftPixels: number;
  /** Degrees. */
  readonly rotate: number;
  readonly zoom: number;
};

/** The settings that peers have words for, whatever their value; all others have to be as a run has them that says nothing. */
const peerSettings: ReadonlySet<string> = new Set<keyof TrainingConfig>([
  'data',
  'epochs',
  'batchSize',
  'learningRate',
  'shift',
  'rotate',
  'zoom',
]);

/** What a recipe comes to, or the setting that peers have no words for. */
export function peerRecipe({ document }: Recipe): PeerRecipe | { readonly lacking: string } {
  const config: TrainingConfig = { ...defaultTrainingConfig, ...document.train };
  const known: TrainingConfig = { ...defaultTrainingConfig, optimizer: 'adam', schedule: 'oneCycle' };
  const lacking = trainingFieldNames.find((name) => !peerSettings.has(name) && config[name] !== known[name]);
  if (lacking !== undefined) return { lacking: `${lacking} ${JSON.stringify(config[lacking])}` };
  const { epochs, batchSize, learningRate, shift, rotate, zoom } = config;
  const shiftPixels = Math.floor(shift * 28);
  return { epochs, batchSize, learningRate, ...oneCycle, shiftPixels, rotate, zoom };
}

/** How many epochs a recipe has. */
export function epochsOf({ document }: Recipe): number {
  return document.train?.epochs ?? defaultTrainingConfig.epochs;
}
