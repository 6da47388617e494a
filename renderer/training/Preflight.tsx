import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useTrainingProblems } from '../problems/trainingFindings';
import { useRun, useSession } from '../session';
import { firstUntold } from './untold';
import styles from './TrainingPanel.module.css';

/** What would go wrong (or is worth knowing) before a run starts and the last one does not say, with one-click fixes. */
export function Preflight() {
  const failures = useRun((run) => (run.phase === 'failed' ? run.diagnostics : none));
  const first = firstUntold(useTrainingProblems(), [
    ...useRunFindings(),
    ...failures.filter(({ fixes }) => fixes.length > 0),
  ]);
  return first === undefined ? null : <Finding diagnostic={first} />;
}

/** Whether there is something to be done about a finding, or to be read of it. */
export function hasMend({ fixes, lesson }: Diagnostic): boolean {
  return fixes.length > 0 || lesson !== undefined;
}

/** What the shown run has found about itself and can be mended; of the rest its status tells. */
export function RunFindings() {
  return useRunFindings().map((finding, index) => (
    <Finding key={`${finding.code} ${index}`} diagnostic={finding} tellsWhy />
  ));
}

function useRunFindings(): readonly Diagnostic[] {
  return useRun((run) => ('warnings' in run ? run.warnings : none)).filter(hasMend);
}

const none: readonly Diagnostic[] = [];

type FindingProps = {
  readonly diagnostic: Diagnostic;
  /** Whether its reason stands beside it, and not only where the pointer rests. */
  readonly tellsWhy?: boolean;
};

function Finding({ diagnostic, tellsWhy = false }: FindingProps) {
  const { t, pick } = useText('training');
  const { project } = useSession();
  const { severity, summary, why, fixes, lesson } = diagnostic;
  return (
    <div className={styles['finding']} data-severity={severity} role="status">
      <p title={why === undefined || tellsWhy ? undefined : pick(why)}>
        {pick(summary)} {why === undefined || !tellsWhy ? null : <span>{pick(why)}</span>}
      </p>
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
