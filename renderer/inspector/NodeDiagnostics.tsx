import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { ProblemBody } from '../problems/ProblemBody';
import styles from './NodeDiagnostics.module.css';

/** What is wrong with a node, why, and what would mend it: the canvas's own card, in the inspector. */
export function NodeDiagnostics({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const { t } = useText('inspector');
  if (diagnostics.length === 0) return null;
  return (
    <ul className={styles['list']} aria-label={t.problems}>
      {diagnostics.map((one, index) => (
        <li key={`${one.code} ${index}`} className={styles[one.severity]}>
          <ProblemBody diagnostic={one} />
        </li>
      ))}
    </ul>
  );
}
