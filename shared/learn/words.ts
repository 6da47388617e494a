import { findLayer } from '../layers';
import { trainingFields } from '../schema/training';
import type { Language } from '../text';
import type { Experiment } from './experiment';
import { formatFigure } from './experiment';

/** A word of the window by its catalogue and key; undefined where there is none. */
export type WindowWords = (room: string, key: string) => string | undefined;

const training: Readonly<Record<string, (typeof trainingFields)[keyof typeof trainingFields]>> = trainingFields;

/**
 * Fills the places of an experiment's text, so that it calls things what the window calls them: `{ui:app.compare}` is a word of the
 * window, `{layer:conv}` a kind, `{param:conv.filters}` one of its params, `{value:fc.activation.relu}` what one of them may be,
 * `{train:epochs}` a setting, `{relu}` the figure of that trial.
 * What names nothing stays as it is.
 */
export function fillWords(words: string, language: Language, { trials, measure }: Experiment, ui: WindowWords): string {
  const named = (type: string, [owner = '', name = '', value = '']: readonly string[]): string | undefined => {
    switch (type) {
      case 'ui':
        return ui(owner, name);
      case 'layer':
        return findLayer(owner)?.label[language];
      case 'param':
        return findLayer(owner)?.params[name]?.label[language];
      case 'value': {
        const field = findLayer(owner)?.params[name];
        return field?.type === 'choice' ? field.labels?.[value]?.[language] : undefined;
      }
      case 'train':
        return training[owner]?.label[language];
      default: {
        const trial = trials.find(({ id }) => id === owner);
        return trial && formatFigure(measure, trial.figure);
      }
    }
  };
  return words.replace(/\{(?:(\w+):)?([\w.]+)\}/g, (place, type: string | undefined, name: string) => {
    return named(type ?? 'trial', name.split('.')) ?? place;
  });
}
