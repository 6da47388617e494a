import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import styles from './Failures.module.css';

/** What went wrong or is worth knowing, each with why; only an error interrupts who listens. */
export function Failures({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const { pick } = useText('app');
  return diagnostics.map(({ code, severity, summary, why }, index) => (
    <p
      key={`${code} ${index}`}
      className={styles['failure']}
      data-severity={severity}
      role={severity === 'error' ? 'alert' : 'note'}
    >
      {pick(summary)} {why === undefined ? null : <span>{pick(why)}</span>}
    </p>
  ));
}
