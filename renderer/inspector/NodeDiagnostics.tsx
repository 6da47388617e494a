import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { openLesson } from '../learn/lessonStore';
import { applyFix } from '../store';
import { formatDifference } from '../ui/units';
import styles from './NodeDiagnostics.module.css';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** What is wrong with a node, why, and what would mend it. */
export function NodeDiagnostics({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const { t, pick } = useText('inspector');
  if (diagnostics.length === 0) return null;
  return (
    <ul className={styles['list']} aria-label={t.problems}>
      {diagnostics.map((one, index) => {
        const Icon = icons[one.severity];
        const lesson = one.lesson;
        return (
          <li key={`${one.code} ${index}`} className={styles[one.severity]}>
            <p className={styles['summary']}>
              <Icon size={14} aria-hidden />
              {pick(one.summary)}
            </p>
            {one.why === undefined ? null : <p className={styles['why']}>{pick(one.why)}</p>}
            {one.fixes.map((fix) => (
              <button key={fix.title.en} type="button" className={styles['fix']} onClick={() => applyFix(fix)}>
                <span>{pick(fix.title)}</span>
                {fix.paramsDelta === undefined ? null : (
                  <span className="figures">{formatDifference(fix.paramsDelta)}</span>
                )}
              </button>
            ))}
            {lesson === undefined ? null : (
              <button type="button" className={styles['learn']} onClick={() => openLesson(lesson)}>
                {t.learnWhy}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
