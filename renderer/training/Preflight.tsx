import { useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useTrainingProblems } from '../problems/trainingFindings';
import { useSession } from '../session';
import styles from './TrainingPanel.module.css';

/** What would go wrong (or is worth knowing) before a run starts, with one-click fixes. */
export function Preflight() {
  const { t, pick } = useText('training');
  const { project } = useSession();
  const [first] = useTrainingProblems();
  if (first === undefined) return null;
  const { lesson } = first;
  return (
    <div className={styles['preflight']} data-severity={first.severity} role="status">
      <p title={first.why === undefined ? undefined : pick(first.why)}>{pick(first.summary)}</p>
      {first.fixes.slice(0, 2).map((fix) => (
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
