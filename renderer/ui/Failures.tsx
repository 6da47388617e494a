import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import styles from './Failures.module.css';

/** What went wrong, each with why. */
export function Failures({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const { pick } = useText('app');
  return diagnostics.map((one) => (
    <p key={one.code} className={styles['failure']} role="alert">
      {pick(one.summary)} {one.why === undefined ? null : <span>{pick(one.why)}</span>}
    </p>
  ));
}
