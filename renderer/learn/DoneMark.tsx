import { Check, Circle } from 'lucide-react';
import { useText } from '../i18n';
import styles from './CoursePanel.module.css';

/** Whether something was done, as a tick that is also said. */
export function DoneMark({ isDone }: { readonly isDone: boolean }) {
  const { t } = useText('learn');
  return (
    <span
      className={styles['mark']}
      data-done={isDone ? true : undefined}
      role="img"
      aria-label={isDone ? t.done : t.notDone}
    >
      {isDone ? <Check size={14} strokeWidth={2.5} aria-hidden /> : <Circle size={10} aria-hidden />}
    </span>
  );
}
