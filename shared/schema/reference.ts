import type { Text } from '../text';
import { dataSources, dataSpecPattern } from './data';
import { engineTable } from './engines';
import { exportTargets } from './exports';
import { acceptedText, trainingField, trainingFieldNames } from './training';

/** A table of Markdown. A bar in a cell would end it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}

function shownWhen(name: (typeof trainingFieldNames)[number]): string {
  const { shownWhen: when } = trainingField(name);
  if (when === undefined) return '';
  if (when === 'augmented') return 'with augment `own`, or set';
  return when === 'severalOutputs'
    ? 'in a network with several outputs'
    : `with ${when.field} ${when.is.map((value) => `\`${value}\``).join(' or ')}`;
}

/**
 * docs/settings.md: the tables of everything that is declared once in this folder. A test holds the file to it, and
 * `npx vitest run tests/unit/schema/reference.test.ts -u` writes it anew.
 */
export function settingsReference(): string {
  const both = ({ en, zh }: Text): string => (en === zh ? en : `${en} (${zh})`);
  return [
    '# Settings',
    '',
    'These tables are made from the declarations in `shared/schema/`; do not edit them by hand.',
    '',
    '## Training',
    '',
    'What the `train` section of a network file may hold, what the form in the app offers, and the options of `convloom train`. A file',
    'may hold any number or text of the right type, so that it opens and can be saved; a run starts only with what is accepted here.',
    '',
    ...table(
      ['Field', 'In the app', 'Option', 'Accepted', 'Default', 'Unit', 'What it is'],
      trainingFieldNames.map((name) => {
        const field = trainingField(name);
        const when = shownWhen(name);
        return [
          `\`${name}\``,
          `${both(field.label)}${when === '' ? '' : `, ${when}`}`,
          `\`--${field.option}\``,
          acceptedText(name).en,
          field.default === undefined ? 'none' : `\`${field.default}\``,
          field.unit?.en ?? '',
          field.doc.en,
        ];
      }),
    ),
    '',
    "Optimizers have PyTorch's formulas and constants, but for Adam's epsilon, which is Keras's (1e-7, beside the raw moment). Gradients are changed",
    "in PyTorch's order: L1 with the loss, `clipValue`, `clipNorm`, then weight decay. Keras differs: its RMSProp keeps 0.9 and not 0.99 of the",
    'squares and adds epsilon within the root, its Adagrad starts from 0.1, its SGD gathers steps and not gradients, so that a changing learning',
    "rate acts later, and its `clipnorm` limits each weight by itself. `step` is PyTorch's StepLR, `plateau` its ReduceLROnPlateau, `warmUpEpochs`",
    'a chained LinearLR from 0.01. Printed projects train with the settings that they have, and refuse others by name: PyTorch has all but class',
    'weights, label smoothing, several batches a step, averaged weights, early stopping, a share of the data and the losses besides',
    'cross-entropy and squared error.',
    '',
    'Where samples are mixed (`mixup`, `cutmix`), each batch draws one share λ and one order of itself: the loss is λ L(y) + (1 - λ) L(y of the',
    'other), with any loss of classes, label smoothing and class weights; values and pictures that are learned are mixed themselves (CutMix leaves',
    'them out, and classes of pixels are not mixed at all: both are refused with a mend). An answer counts as right by the share of its label, so',
    'a network that knows everything still has a training accuracy of about the mean of the larger share: compare the validation, which is never',
    'mixed. Shares and orders follow from seed, step and batch, so that a run that goes on is the unbroken one.',
    '',
    '## Engines',
    '',
    'The fastest first; `auto` takes the first that can run.',
    '',
    ...table(
      ['Engine', 'Name', 'What it is'],
      engineTable.map(({ id, label, doc }) => [`\`${id}\``, label, doc.en]),
    ),
    '',
    '## Data',
    '',
    ...table(
      ['Spec', 'Example', 'Name', 'What it holds'],
      dataSources.map((source) => [
        `\`${dataSpecPattern(source)}\``,
        `\`${source.example}\``,
        both(source.label),
        source.doc.en,
      ]),
    ),
    '',
    '## Exports',
    '',
    'Targets of `convloom export --to`.',
    '',
    ...table(
      ['Target', 'Name', 'Writes', 'With weights', 'What it is'],
      exportTargets.map((target) => [
        `\`${target.id}\``,
        both(target.label),
        target.writes === 'file' ? `a file \`${target.extension}\`` : 'a folder',
        target.takesWeights ? 'yes' : 'no',
        target.doc.en,
      ]),
    ),
    '',
  ].join('\n');
}
