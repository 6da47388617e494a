import {
  isFieldShown,
  trainingField,
  trainingFieldNames,
  type TrainingConfig,
  type TrainingField,
  type TrainingFieldName,
} from '../../shared/schema/training';
import { text, type Text } from '../../shared/text';

/**
 * One control of the settings form. The source of the data, the engine, and what pictures are compared by have controls of their own, which
 * ask the host.
 */
export type SettingControl = {
  readonly name: TrainingFieldName;
  readonly label: Text;
  readonly doc: Text;
  /** Folded away until it is asked for. */
  readonly isAdvanced: boolean;
} & (
  | {
      readonly type: 'number';
      readonly value: number;
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly isInteger: boolean;
    }
  | {
      readonly type: 'choice';
      readonly value: string;
      /** The value '' leaves the setting open. */
      readonly items: readonly { readonly value: string; readonly label: Text }[];
    }
  | { readonly type: 'text'; readonly value: string; readonly placeholder: string }
  | { readonly type: 'lossNetwork' | 'stylePicture'; readonly value: string }
  | { readonly type: 'data' | 'engine' }
);

/**
 * The controls for a configuration, one for each field that matters to it, in the order of the declaration; those that come and go are
 * last, so that they move no other. `outputs` are the ids of the network's outputs.
 */
export function settingControls(config: TrainingConfig, outputs: readonly string[]): readonly SettingControl[] {
  const situation = { config, outputCount: outputs.length };
  const comesAndGoes = (name: TrainingFieldName): boolean => trainingField(name).shownWhen !== undefined;
  return [...trainingFieldNames]
    .sort((a, b) => Number(comesAndGoes(a)) - Number(comesAndGoes(b)))
    .filter((name) => isFieldShown(name, situation))
    .map((name) => controlOf(name, trainingField(name), config, outputs));
}

function controlOf(
  name: TrainingFieldName,
  field: TrainingField,
  config: TrainingConfig,
  outputs: readonly string[],
): SettingControl {
  const base = { name, label: field.label, doc: field.doc, isAdvanced: field.isAdvanced === true };
  if (name === 'data' || name === 'engine') return { ...base, type: name };
  const value = config[name];
  if (name === 'lossNetwork' || name === 'stylePicture') return { ...base, type: name, value: String(value ?? '') };
  if (field.type === 'text' && name !== 'output')
    return { ...base, type: 'text', value: String(value ?? ''), placeholder: field.placeholder };
  if (field.type === 'text')
    return { ...base, type: 'choice', value: String(value ?? ''), items: outputItems(config, outputs) };
  if (field.type === 'choice') return { ...base, type: 'choice', value: String(value), items: field.choices };
  const { min, max, step } = field;
  return { ...base, type: 'number', value: Number(value), min, max, step, isInteger: field.type === 'integer' };
}

/** The outputs to choose from, with the one that is named although there is no such output. */
function outputItems({ output }: TrainingConfig, outputs: readonly string[]) {
  const open = outputs.length > 1 ? text('Choose one', '请选择') : text('The only one', '唯一的输出');
  const ids = output === undefined || outputs.includes(output) ? outputs : [...outputs, output];
  return [{ value: '', label: open }, ...ids.map((id) => ({ value: id, label: text(id, id) }))];
}
