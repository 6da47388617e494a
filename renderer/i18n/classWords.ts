import { useCallback } from 'react';
import { classText } from '../../shared/schema/classNames';
import { useUi } from '../store/ui';

/** What the classes of some data are called in the chosen language. */
export function useClassWords(spec: string): (classes: readonly string[]) => readonly string[] {
  const language = useUi((state) => state.language);
  return useCallback((classes) => classes.map((name) => classText(spec, name)[language]), [spec, language]);
}
