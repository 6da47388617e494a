import { useMemo } from 'react';
import type { Language, Text } from '../../shared/text';
import { useUi } from '../store/ui';
import * as app from './app';
import * as blocks from './blocks';
import * as building from './building';
import * as camera from './camera';
import * as canvas from './canvas';
import * as code from './code';
import * as compare from './compare';
import * as data from './data';
import * as dialogs from './dialogs';
import * as frames from './frames';
import * as exhibits from './exhibits';
import * as exports from './exports';
import * as grading from './grading';
import * as imports from './imports';
import * as inspector from './inspector';
import * as learn from './learn';
import * as maps from './maps';
import * as moving from './moving';
import * as problems from './problems';
import * as runs from './runs';
import * as results from './results';
import * as seeing from './seeing';
import * as settings from './settings';
import * as training from './training';
import * as volumes from './volumes';

export { useClassWords } from './classWords';
export { fill, resolveLanguage } from './language';

/** One catalogue per room, so that rooms can add words without meeting. A missing translation is a compile error there. */
const catalogues = {
  app,
  blocks,
  building,
  camera,
  canvas,
  code,
  compare,
  data,
  dialogs,
  frames,
  exhibits,
  exports,
  grading,
  imports,
  inspector,
  learn,
  maps,
  moving,
  problems,
  runs,
  results,
  seeing,
  settings,
  training,
  volumes,
};

type Room = keyof typeof catalogues;
/** What a message of a room is called. */
export type MessageKey<R extends Room> = keyof (typeof catalogues)[R]['en'];
/** The words of a room in one language. */
export type Messages<R extends Room> = { readonly [K in keyof (typeof catalogues)[R]['en']]: string };

/** The words of one room in one language, for code outside React; components use {@link useText}. */
export function messages<R extends Room>(room: R, language: Language): Messages<R> {
  // TypeScript cannot follow R through the table; every catalogue `satisfies` its own keys in both languages.
  const byLanguage: Readonly<Record<Language, Messages<R>>> = catalogues[room] as (typeof catalogues)[R] &
    Readonly<Record<Language, Messages<R>>>;
  return byLanguage[language];
}

/** One word by names that come with data; undefined where no catalogue has it. */
export function wordOf(room: string, key: string, language: Language): string | undefined {
  const byRoom: Readonly<Record<string, Readonly<Record<Language, Readonly<Record<string, string>>>>>> = catalogues;
  return byRoom[room]?.[language][key];
}

/**
 * The words of a room in the chosen language, and `pick` for texts that come with data (layer names, diagnostics).
 * @example const { t, pick } = useText('canvas'); t.zoomIn; pick(definition.label); fill(t.deleteManyLabel, { count: 3 })
 */
export function useText<R extends Room>(
  room: R,
): { readonly t: Messages<R>; readonly pick: (text: Text) => string; readonly language: Language } {
  const language = useUi((state) => state.language);
  return useMemo(
    () => ({ t: messages(room, language), pick: (text: Text) => text[language], language }),
    [room, language],
  );
}
