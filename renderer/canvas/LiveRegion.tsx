import { useAnnouncement } from './announce';

/** Where announcements to screen readers are put. */
export function LiveRegion() {
  const { message, count } = useAnnouncement();
  return (
    <p aria-live="polite" className="visually-hidden">
      <span key={count}>{message}</span>
    </p>
  );
}
