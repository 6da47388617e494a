import styles from './Kbd.module.css';

const isMac = typeof navigator === 'object' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const macNames: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Delete: '⌫' };
const otherNames: Readonly<Record<string, string>> = { Mod: 'Ctrl', Delete: 'Del', Escape: 'Esc' };

/** A key combination as the user's keyboard calls it: `Mod+Shift+K` is ⌘⇧K or Ctrl+Shift+K. */
export function keyName(keys: string): string {
  const names = isMac ? macNames : otherNames;
  return keys
    .split('+')
    .map((key) => (key === '' ? '+' : (names[key] ?? key)))
    .join(isMac ? '' : '+')
    .replace(/\+{2,}$/, '+');
}

/** A key combination, drawn small. */
export function Kbd({ keys }: { readonly keys: string }) {
  return <kbd className={styles['kbd']}>{keyName(keys)}</kbd>;
}
