import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useTrainingProblems } from '../problems/trainingFindings';
import { useRun, useSession } from '../session';
import styles from './TrainingPanel.module.css';

/** What would go wrong (or is worth knowing) before a run starts, with one-click fixes. */
export function Preflight() {
  const [first] = useTrainingProblems();
  return first === undefined ? null : <Finding diagnostic={first} />;
}

/** What the shown run has found about itself. */
export function RunFindings() {
  const findings = useRun((run) => ('warnings' in run ? run.warnings : none));
  return findings.map((finding, index) => <Finding key={`${finding.code} ${index}`} diagnostic={finding} />);
}

const none: readonly Diagnostic[] = [];

function Finding({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { t, pick } = useText('training');
  const { project } = useSession();
  const { severity, summary, why, fixes, lesson } = diagnostic;
  return (
    <div className={styles['finding']} data-severity={severity} role="status">
      <p title={why === undefined ? undefined : pick(why)}>{pick(summary)}</p>
      {fixes.slice(0, 2).map((fix) => (
        <button key={fix.title.en} type="button" onClick={() => project.applyFix(fix)}>
          {pick(fix.title)}
        </button>
      ))}
      {lesson === undefined ? null : (
        <button type="button" onClick={() => openLesson(lesson)}>
          {t.learnWhy}
        </button>
      )}
    </div>
  );
}
