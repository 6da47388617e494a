import { useStore } from 'zustand';
import { useSession } from '../session';
import { announcementOf } from './announce';

/** Where announcements to screen readers are put. */
export function LiveRegion() {
  const { message, count } = useStore(announcementOf(useSession()));
  return (
    <p aria-live="polite" className="visually-hidden">
      <span key={count}>{message}</span>
    </p>
  );
}
