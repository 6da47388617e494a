import { create } from 'zustand';
import type { Exhibit } from '../../../shared/learn/exhibits/exhibit';
import { findExhibit } from '../../../shared/learn/exhibits/exhibits';
import type { Settings } from '../../../shared/host/api';
import { remember } from '../../store';

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

/** Ticks an exhibit off; kept in the settings, as the trials of lessons are. */
export function keepSolved(exhibit: Exhibit): void {
  remember(key(exhibit), true);
}
