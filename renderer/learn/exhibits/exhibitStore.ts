import { create } from 'zustand';
import type { ExhibitAnswer } from '../../../shared/grading/results';
import type { Exhibit } from '../../../shared/learn/exhibits/exhibit';
import { findExhibit } from '../../../shared/learn/exhibits/exhibits';
import type { Settings } from '../../../shared/host/api';
import { remember, useUi } from '../../store';

/** The exhibit that is open; null when none is. */
export const useExhibit = create<{ readonly open: Exhibit | null }>(() => ({ open: null }));

/** Opens an exhibit by its id. */
export function openExhibit(id: string): void {
  useExhibit.setState({ open: findExhibit(id) ?? null });
}

export function closeExhibit(): void {
  useExhibit.setState({ open: null });
}

function key({ id }: Exhibit): string {
  return `exhibit.${id}`;
}

/** Whether the question of an exhibit was answered, once and for all. */
export function isSolved(layout: Settings['layout'], exhibit: Exhibit): boolean {
  return layout[key(exhibit)] === true;
}

/** What was answered to the question of an exhibit; null until something was. */
export function answerOf(layout: Settings['layout'], exhibit: Exhibit): ExhibitAnswer | null {
  const solved = isSolved(layout, exhibit);
  const [answer, tries] = [layout[`${key(exhibit)}.answer`], layout[`${key(exhibit)}.tries`]];
  if (!solved && tries === undefined) return null;
  return {
    solved,
    answer: typeof answer === 'string' ? answer : '',
    tries: typeof tries === 'number' ? tries : 0,
  };
}

/**
 * Keeps an answer, and ticks the exhibit off if it is right; in the settings, as the trials of lessons are. Once it was right, what is
 * tried further is play.
 */
export function keepAnswer(exhibit: Exhibit, answer: string, isRight: boolean): void {
  const { layout } = useUi.getState();
  if (isSolved(layout, exhibit)) return;
  remember(`${key(exhibit)}.answer`, answer.slice(0, 1000));
  remember(`${key(exhibit)}.tries`, (answerOf(layout, exhibit)?.tries ?? 0) + 1);
  if (isRight) remember(key(exhibit), true);
}
