import { create } from 'zustand';

/** What the live region of the canvas says; `count` makes the same sentence twice two announcements. */
export const useAnnouncement = create<{ readonly message: string; readonly count: number }>(() => ({
  message: '',
  count: 0,
}));

/** Says something to screen readers, after an action whose effect they cannot see. */
export function announce(message: string): void {
  useAnnouncement.setState(({ count }) => ({ message, count: count + 1 }));
}
