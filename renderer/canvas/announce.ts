import { createStore } from 'zustand/vanilla';
import type { Session } from '../session';
import { sessionPart } from '../session';

type Announcement = {
  readonly message: string;
  /** Makes the same sentence twice two announcements. */
  readonly count: number;
};

/** What the live region of a session's canvas says. */
export const announcementOf = sessionPart(() => createStore<Announcement>(() => ({ message: '', count: 0 })));

/** Says something to screen readers, after an action whose effect they cannot see. */
export function announce(session: Session, message: string): void {
  announcementOf(session).setState(({ count }) => ({ message, count: count + 1 }));
}
