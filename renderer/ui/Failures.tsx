import type { Diagnostic, Fix } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { Button } from './Button';
import styles from './Failures.module.css';

type FailuresProps = {
  readonly diagnostics: readonly Diagnostic[];
  /** Applies what mends one; without it none is offered. */
  readonly onFix?: (fix: Fix) => void;
};

/** What went wrong or is worth knowing, each with why; only an error interrupts who listens. */
export function Failures({ diagnostics, onFix }: FailuresProps) {
  const { pick } = useText('app');
  return diagnostics.map(({ code, severity, summary, why, fixes }, index) => (
    <p
      key={`${code} ${index}`}
      className={styles['failure']}
      data-severity={severity}
      role={severity === 'error' ? 'alert' : 'note'}
    >
      {pick(summary)} {why === undefined ? null : <span>{pick(why)}</span>}
      {onFix === undefined
        ? null
        : fixes.map((fix) => (
            <Button key={fix.title.en} size="sm" onClick={() => onFix(fix)}>
              {pick(fix.title)}
            </Button>
          ))}
    </p>
  ));
}
