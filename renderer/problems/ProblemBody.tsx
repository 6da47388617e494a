import { useMemo } from 'react';
import { baselineOf } from '../../shared/analysis/analyze';
import { effectOf } from '../../shared/analysis/fixes';
import type { Diagnostic, Fix, FixEffect } from '../../shared/diagnostics/diagnostic';
import { findLesson } from '../../shared/learn/lessons';
import { wholeWith } from '../canvas/blocks';
import { goToNode } from '../canvas/view';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { openLesson } from '../learn/course';
import { rootOf, useProject, useSession } from '../session';
import { formatCount } from '../ui/numbers';
import { formatDifference } from '../ui/units';
import { notify, notifyDiagnostics } from '../ui/notify';
import styles from './ProblemBody.module.css';
import { useProblemPlace } from './problemPlace';

/** What a fix comes to in parameters: as trying it out said, else as trying it here says; null where it cannot be tried. */
function useFixEffect(fix: Fix): FixEffect | null {
  const session = useSession();
  const document = useProject((state) => state.document);
  return useMemo(() => {
    const { project } = session;
    const root = rootOf(session);
    if (root === session && fix.paramsAfter !== undefined) return fix;
    if (project.getState().document !== document) return null;
    const tried = project.preview(fix.edits);
    if (!tried.ok) return null;
    // Of a block, what counts is what the network comes to.
    const whole: ReturnType<typeof project.preview> =
      root === session
        ? tried
        : root.project.preview([{ type: 'replaceDocument', document: wholeWith(session, tried.value.document) }]);
    return whole.ok ? effectOf(whole.value.analysis.totals, baselineOf(root.project.getState().analysis)) : null;
  }, [fix, document, session]);
}

/** The total after a fix and the change, in words and as they stand on its button: `1,075,080 (+644,000)`. */
function useEffectText(fix: Fix): { readonly shown: string; readonly words: string } | null {
  const { t } = useText('problems');
  const effect = useFixEffect(fix);
  if (effect?.paramsAfter === undefined) return null;
  const { paramsAfter, unknownAfter = 0, paramsDelta } = effect;
  const total = formatCount(paramsAfter);
  const delta = paramsDelta === undefined ? null : formatDifference(paramsDelta);
  const words = [
    fill(t.effectTotal, { total }),
    ...(unknownAfter === 0 ? [] : [fill(t.effectUnknown, { count: formatCount(unknownAfter) })]),
    ...(delta === null ? [] : [fill(t.effectDelta, { delta })]),
  ];
  const more = unknownAfter === 0 ? '' : ' + ?';
  return { shown: `${total}${more}${delta === null ? '' : ` (${delta})`}`, words: words.join(t.comma) };
}

function FixButton({ fix, nodeId }: { readonly fix: Fix; readonly nodeId: string | undefined }) {
  const session = useSession();
  const { t, pick } = useText('problems');
  const effect = useEffectText(fix);
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
    <button type="button" className={styles['fix']} onClick={apply}>
      <span>
        <span className="visually-hidden">{t.applyFix}</span> {pick(fix.title)}
      </span>{' '}
      {effect === null ? null : (
        <span className={styles['effect']} title={effect.words}>
          {effect.shown}
        </span>
      )}
    </button>
  );
}

/** One problem in full: what, why with the numbers, and its fixes. The same on the canvas and wherever else it is shown. */
export function ProblemBody({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { t, pick } = useText('problems');
  const { lesson } = diagnostic;
  const place = useProblemPlace(diagnostic);
  return (
    <div className={styles['body']}>
      {place?.inside === undefined ? null : (
        <p className={styles['inside']}>
          {t.inside} <code>{place.inside}</code>
        </p>
      )}
      <p className={styles['summary']} data-severity={diagnostic.severity}>
        {pick(diagnostic.summary)}
      </p>
      {diagnostic.why ? <p className={styles['why']}>{pick(diagnostic.why)}</p> : null}
      {diagnostic.fixes.length > 0 ? (
        <ul className={styles['fixes']} aria-label={t.fixes}>
          {diagnostic.fixes.map((fix) => (
            <li key={fix.title.en}>
              <FixButton fix={fix} nodeId={place?.nodeId} />
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
