import type { Language } from '../../shared/text';

/** A moment as people say it: the time today, else the date and time. `iso` is an ISO 8601 time. */
export function formatWhen(iso: string, language: Language): string {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return iso;
  const isToday = when.toDateString() === new Date().toDateString();
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const time = when.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  return isToday ? time : `${when.toLocaleDateString(locale, { day: 'numeric', month: 'short' })} ${time}`;
}
