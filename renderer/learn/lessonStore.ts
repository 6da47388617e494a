import { create } from 'zustand';

/** Which lesson is open; null when none is. */
export const useLesson = create<{ readonly id: string | null }>(() => ({ id: null }));

/** Opens a lesson by the id that diagnostics and layer kinds carry. */
export function openLesson(id: string): void {
  useLesson.setState({ id });
}

/** Closes the open lesson. */
export function closeLesson(): void {
  useLesson.setState({ id: null });
}
