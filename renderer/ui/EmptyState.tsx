import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

export type EmptyStateProps = {
  /** One line that says what to do. */
  readonly title: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
  /** The buttons that do it. */
  readonly children?: ReactNode;
};

/** What a panel shows when there is nothing yet: what to do, and a button that does it. */
export function EmptyState({ title, hint, icon, children }: EmptyStateProps) {
  return (
    <div className={styles['empty']}>
      {icon}
      <p className={styles['title']}>{title}</p>
      {hint === undefined ? null : <p className={styles['hint']}>{hint}</p>}
      {children === undefined ? null : <div className={styles['actions']}>{children}</div>}
    </div>
  );
}
