import type { ReactNode } from 'react';
import { useId } from 'react';
import styles from './SettingsDialog.module.css';

type SectionProps = { readonly title: string; readonly hint?: string; readonly children: ReactNode };

/** One part of the settings. */
export function Section({ title, hint, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {hint === undefined ? null : <p className={styles['hint']}>{hint}</p>}
      {children}
    </section>
  );
}
