import { useMemo } from 'react';
import type { Diagnostic, Fix } from '../../shared/diagnostics/diagnostic';
import { findLesson } from '../../shared/learn/lessons';
import { goToNode } from '../canvas/view';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { openLesson } from '../learn/lessonStore';
import { useProject, useSession } from '../session';
import { formatCount } from '../ui/numbers';
import { notify, notifyDiagnostics } from '../ui/notify';
import styles from './ProblemBody.module.css';

/** What a fix does to the parameters: as its maker says, else as trying it says; null where it cannot be tried. */
function useFixEffect(fix: Fix): number | null {
  const { project } = useSession();
  const document = useProject((state) => state.document);
  return useMemo(() => {
    if (fix.paramsDelta !== undefined) return fix.paramsDelta;
    const { analysis, document: current } = project.getState();
    if (current !== document) return null;
    const tried = project.preview(fix.edits);
    return tried.ok ? tried.value.analysis.totals.trainableParams - analysis.totals.trainableParams : null;
  }, [fix, document, project]);
}

function signed(delta: number): string {
  return `${delta > 0 ? '+' : '−'}${formatCount(Math.abs(delta))}`;
}

function FixButton({ fix, nodeId }: { readonly fix: Fix; readonly nodeId: string | undefined }) {
  const session = useSession();
  const { t, pick } = useText('problems');
  const delta = useFixEffect(fix);
  const effect = delta === null || delta === 0 ? t.effectNone : fill(t.effectParams, { delta: signed(delta) });
  const shown = delta === null ? '' : delta === 0 ? '±0' : signed(delta);
  const apply = (): void => {
    const result = session.project.applyFix(fix);
    if (!result.ok) {
      notifyDiagnostics(result.diagnostics);
      return;
    }
    session.view.openProblemCard(null);
    // The card had the focus; the node it was about, if it is still there, is where the keyboard goes on.
    if (nodeId !== undefined && result.value.nodes.some(({ id }) => id === nodeId)) goToNode(session, nodeId);
    notify(fill(t.fixed, { title: pick(fix.title) }), 'success');
  };
  return (
    <button
      type="button"
      className={styles['fix']}
      aria-label={[fill(t.applyFix, { title: pick(fix.title) }), shown].filter((part) => part !== '').join(' ')}
      onClick={apply}
    >
      <span>{pick(fix.title)}</span>
      {delta === null ? null : (
        <span className={styles['effect']} title={effect}>
          {shown}
        </span>
      )}
    </button>
  );
}

/** One problem in full: what, why with the numbers, and its fixes. The same on the canvas and wherever else it is shown. */
export function ProblemBody({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { t, pick } = useText('problems');
  const { lesson } = diagnostic;
  return (
    <div className={styles['body']}>
      <p className={styles['summary']} data-severity={diagnostic.severity}>
        {pick(diagnostic.summary)}
      </p>
      {diagnostic.why ? <p className={styles['why']}>{pick(diagnostic.why)}</p> : null}
      {diagnostic.fixes.length > 0 ? (
        <ul className={styles['fixes']} aria-label={t.fixes}>
          {diagnostic.fixes.map((fix) => (
            <li key={fix.title.en}>
              <FixButton fix={fix} nodeId={diagnostic.at.nodeId} />
            </li>
          ))}
        </ul>
      ) : null}
      {lesson === undefined || findLesson(lesson) === undefined ? null : (
        <button type="button" className={styles['learn']} onClick={() => openLesson(lesson)}>
          {t.learn}
        </button>
      )}
    </div>
  );
}
