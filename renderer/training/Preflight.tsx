import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { TrainingConfig } from '../../shared/schema/training';
import { checkTraining } from '../../shared/compile/trainingChecks';
import { isWholeDataSpec } from '../../shared/schema/data';
import { checkSettings } from '../../shared/training/checkSettings';
import { useMemo } from 'react';
import { useText } from '../i18n';
import { openLesson } from '../learn/lessonStore';
import { useProject, useSession } from '../session';
import { useRequest } from '../store/useRequest';
import styles from './TrainingPanel.module.css';

/** What would go wrong (or is worth knowing) before a run starts, with one-click fixes. */
export function Preflight({ config }: { readonly config: TrainingConfig }) {
  const { t, pick } = useText('training');
  const { project } = useSession();
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const info = useRequest('data.info', isWholeDataSpec(config.data) ? { spec: config.data } : null).value;
  const findings = useMemo(
    (): readonly Diagnostic[] => [
      ...checkSettings(config),
      ...(info === null ? [] : checkTraining(document, analysis, info, config.output)),
    ],
    [document, analysis, config, info],
  );
  const [first] = findings;
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
