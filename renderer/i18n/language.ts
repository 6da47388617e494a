import type { Language } from '../../shared/text';
import type { Settings } from '../../shared/host/api';

/** The language to show: the user's choice, else the system's where it is one of ours, else English. */
export function resolveLanguage(choice: Settings['language'], systemLanguage: string): Language {
  if (choice !== 'system') return choice;
  return systemLanguage.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Fills `{name}` places of a message; numbers are grouped in thousands. A place without a value stays visible. */
export function fill(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? value.toLocaleString('en-US') : value;
  });
}
