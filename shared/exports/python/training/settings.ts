import {
  defaultTrainingConfig,
  trainingField,
  trainingFieldNames,
  type TrainingFieldName,
} from '../../../schema/training';
import type { NetworkAnalysis } from '../../../analysis/types';
import { chooseOutput } from '../../../compile/checks';
import type { NetworkDocument } from '../../../schema/document';
import { parseDataSpec } from '../../../schema/data';
import { perceptualFields } from '../../../schema/perceptualFields';
import { numberLiteral } from '../../code/calls';
import { outputEnding } from '../../outputs';
import { listed } from '../layout';
import { pythonString, tupleOf } from '../literals';

/** The digits as the app packs them, beside the scripts of a project that trains on them. */
export const digitsFile = 'mnist.idx.gz';

/** What trains; a project of a network that cannot be trained has none. */
export const trainFile = 'train.py';

/** The document, as a run's folder has it. */
export const networkFile = 'network.json';

/** The output that a project trains; null where there is none that can be, or none was chosen of several. */
export function trainedOutput({ train }: NetworkDocument, analysis: NetworkAnalysis): string | null {
  if (analysis.inputs.length !== 1 || analysis.totals.trainableParams === 0) return null;
  const chosen = chooseOutput(analysis, train?.output);
  return chosen.ok ? chosen.value : null;
}

const digitSources: readonly string[] = ['mnist', 'mnist-seg', 'mnist-sr', 'mnist-denoise', 'mnist-pictures'];

/** Whether a document trains on the digits that the app has built in. */
export function trainsOnDigits({ train }: NetworkDocument): boolean {
  const kind = parseDataSpec(train?.data ?? defaultTrainingConfig.data)?.source.kind;
  return kind !== undefined && digitSources.includes(kind);
}

/** A setting's value. One that may be any number is a float however it is written, as an option's type follows it. */
function settingLiteral(name: TrainingFieldName, value: unknown): string {
  if (typeof value === 'string') return pythonString(value);
  const literal = numberLiteral(value);
  return trainingField(name).type === 'number' && /^-?\d+$/.test(literal) ? `${literal}.0` : literal;
}

/** Advanced settings that every run may want; the others are options where the document has them. */
const alwaysOffered: readonly TrainingFieldName[] = ['share'];

/** The constants that a training script begins with: the document's settings, and what the network takes and gives. */
export function settingLines(document: NetworkDocument, analysis: NetworkAnalysis, trained: string): readonly string[] {
  const config: { readonly [name: string]: unknown } = { ...defaultTrainingConfig, ...document.train };
  const settings = trainingFieldNames.flatMap((name) => {
    const value = config[name];
    const { isAdvanced = false, default: usual } = trainingField(name);
    const isOff = isAdvanced && value === usual && !alwaysOffered.includes(name);
    // What shapes the perceptual loss is of no use without it, and with it these projects do not train.
    if (value === undefined || isOff || name in perceptualFields) return [];
    return [`"${name}": ${settingLiteral(name, value)}`];
  });
  const shape = (id: string | undefined): string =>
    tupleOf((analysis.nodes.get(id ?? '')?.outputShape ?? []).map((size) => (size === null ? 'None' : String(size))));
  return [
    '# As the network was set up for training; options of the same names go before them.',
    ...listed('SETTINGS: dict[str, Any] = {', settings, '}'),
    '# What the model takes and gives, channels last; None for a size that is open.',
    `INPUT_SHAPE: Shape = ${shape(analysis.inputs[0])}`,
    `OUTPUT_SHAPE: Shape = ${shape(trained)}`,
    '# Which of the outputs is trained.',
    `OUTPUT = ${analysis.outputs.indexOf(trained)}`,
    '# The function that this output ends in, where it is one of these: softmax or sigmoid.',
    `ENDS_IN = ${pythonString(outputEnding(document, analysis, trained) ?? '')}`,
  ];
}
