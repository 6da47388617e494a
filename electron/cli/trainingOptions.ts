import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { engineChoices } from '../../shared/schema/engines';
import {
  dataFieldNames,
  defaultTrainingConfig,
  partialTrainingConfigSchema,
  trainingField,
  trainingFieldNames,
  trainingFields,
  type TrainingConfig,
  type TrainingFieldName,
} from '../../shared/schema/training';
import { checkSettings } from '../../shared/training/checkSettings';
import type { OptionSpec } from './command';

/** `--engine`, the same everywhere. */
export const engineOption = {
  type: 'choice',
  values: engineChoices,
  doc: trainingFields.engine.doc.en,
} as const satisfies OptionSpec;

function optionOf(name: TrainingFieldName): OptionSpec {
  const field = trainingField(name);
  const doc = field.default === undefined ? field.doc.en : `${field.doc.en} (default: ${field.default})`;
  switch (field.type) {
    case 'text': {
      const { placeholder, maxLength } = field;
      return { type: 'text', placeholder, ...(maxLength === undefined ? {} : { maxLength }), doc };
    }
    case 'choice':
      return { type: 'choice', values: field.choices.map(({ value }) => value), doc };
    case 'integer':
    case 'number':
      return { ...field, doc };
  }
}

/** The options of `convloom train` that make up the training configuration: one for each of its fields. */
export const trainingOptions: { readonly [name: string]: OptionSpec } = Object.fromEntries(
  trainingFieldNames.map((name) => [trainingField(name).option, optionOf(name)]),
);

/** Those of them that say how data are read and parted. */
export const readingOptions: { readonly [name: string]: OptionSpec } = Object.fromEntries(
  dataFieldNames.map((name) => [trainingField(name).option, optionOf(name)]),
);

/** The configuration of a run: the options, then what the file says, then the defaults. */
export function trainingConfig(
  document: Pick<NetworkDocument, 'train'>,
  options: { readonly [name: string]: unknown },
): TrainingConfig {
  const given = trainingFieldNames.flatMap((name) => {
    const value = options[trainingField(name).option];
    return value === undefined ? [] : [[name, value]];
  });
  // The options were read by the fields' own specs, so they fit their schemas.
  return {
    ...defaultTrainingConfig,
    ...document.train,
    ...partialTrainingConfigSchema.parse(Object.fromEntries(given)),
  };
}

/** Errors that stop a run before it starts: those of the network alone, and settings of the file that no run accepts. */
export function blockingDiagnostics(document: NetworkDocument, config: TrainingConfig): readonly Diagnostic[] {
  const { diagnostics } = analyzeNetwork(document);
  return [...diagnostics.filter(({ severity }) => severity === 'error'), ...checkSettings(config)];
}
