import { settingNotAccepted } from '../diagnostics/catalog/training';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic';
import type { Edit } from '../schema/edits';
import {
  acceptedText,
  isSettingAccepted,
  trainingField,
  trainingFieldNames,
  type TrainingConfig,
  type TrainingFieldName,
} from '../schema/training';
import { text } from '../text';

/**
 * What of a configuration no run accepts: `epochs` 0 or 1.5, a learning rate of -1. A document may hold all of that, so that it opens and
 * can be saved; whoever starts a run asks here first. Each finding's fix is the nearest value that is accepted.
 */
export function checkSettings(config: Partial<TrainingConfig>): readonly Diagnostic[] {
  return trainingFieldNames.flatMap((name) => {
    const value = config[name];
    if (value === undefined || isSettingAccepted(name, value)) return [];
    const place = { path: `train.${name}`, label: trainingField(name).label };
    return [settingNotAccepted(place, value, acceptedText(name), [mend(name, value)])];
  });
}

function mend(name: TrainingFieldName, value: number | string): Fix {
  const { label } = trainingField(name);
  const nearest = nearestAccepted(name, value);
  const edit: Edit =
    nearest === undefined
      ? { type: 'setTraining', train: {}, unset: [name] }
      : { type: 'setTraining', train: { [name]: nearest } };
  return {
    title:
      nearest === undefined
        ? text(`Leave ${label.en.toLowerCase()} open`, `不指定${label.zh}`)
        : text(`Set ${label.en.toLowerCase()} to ${nearest}`, `将${label.zh}设为 ${nearest}`),
    edits: [edit],
  };
}

/** The accepted value next to one that is not: clamped and rounded where that gives one, else the default, if there is one. */
function nearestAccepted(name: TrainingFieldName, value: number | string): number | string | undefined {
  const field = trainingField(name);
  if (field.type === 'choice' || field.type === 'text' || typeof value === 'string') return field.default;
  const whole = field.type === 'integer' ? Math.round(value) : value;
  const clamped = Math.min(field.max, Math.max(field.min, whole));
  return isSettingAccepted(name, clamped) ? clamped : field.default;
}
