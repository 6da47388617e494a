import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Fragment, useMemo, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { bySeverity } from '../../shared/schema/severities';
import { titleById } from '../canvas/speech';
import { fill, useText } from '../i18n';
import { problemKey, useProject, useSession } from '../session';
import { showDockTab } from '../store';
import { EmptyState } from '../ui/EmptyState';
import { formatCount } from '../ui/numbers';
import { foldProblems, shownAtFirst, shownMore } from './foldProblems';
import styles from './ProblemList.module.css';
import { useProblemPlace } from './problemPlace';
import { showProblem } from './showProblem';
import { useIsDataAsked, useTrainingProblems } from './trainingFindings';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** Up and down move through the list without leaving it. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll('button')];
  const at = rows.findIndex((row) => row === document.activeElement);
  event.preventDefault();
  rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

function Row({ diagnostic, isTraining }: { readonly diagnostic: Diagnostic; readonly isTraining: boolean }) {
  const { t, pick } = useText('problems');
  const session = useSession();
  const place = useProblemPlace(diagnostic);
  const title = useProject((state) =>
    place === null ? null : pick(titleById(state.document, state.analysis, place.nodeId)),
  );
  const Icon = icons[diagnostic.severity];
  return (
    <li>
      <button
        type="button"
        className={styles['row']}
        onClick={() => {
          // A setting is mended in its own form.
          if (diagnostic.at.nodeId === undefined && isTraining) showDockTab('training');
          showProblem(session, diagnostic);
        }}
      >
        <Icon size={15} className={styles[diagnostic.severity]} aria-label={t[diagnostic.severity]} />
        <span className={styles['place']}>
          <strong>{title ?? t.network}</strong>
          {diagnostic.at.nodeId === undefined ? null : <code>{diagnostic.at.nodeId}</code>}
        </span>
        <span className={styles['text']}>
          {isTraining ? <span className={styles['training']}>{t.training}</span> : null}
          {pick(diagnostic.summary)}
          {diagnostic.why ? <span className={styles['why']}> {pick(diagnostic.why)}</span> : null}
        </span>
      </button>
    </li>
  );
}

/** Findings in their order; of many that say the same, the first few, and a line that brings the others. */
function Rows({ sorted, isTraining }: { readonly sorted: readonly Diagnostic[]; readonly isTraining: boolean }) {
  const { t } = useText('problems');
  const [limits, setLimits] = useState<ReadonlyMap<string, number>>(new Map());
  return foldProblems(sorted, limits).map(({ shown, code, left }) => (
    <Fragment key={code}>
      {shown.map((diagnostic, index) => (
        <Row key={`${problemKey(diagnostic)}#${index}`} diagnostic={diagnostic} isTraining={isTraining} />
      ))}
      {left === 0 ? null : (
        <li>
          <button
            type="button"
            className={styles['more']}
            onClick={() => {
              setLimits(new Map(limits).set(code, (limits.get(code) ?? shownAtFirst) + shownMore));
            }}
          >
            {fill(t.more, { count: formatCount(left) })}
          </button>
        </li>
      )}
    </Fragment>
  ));
}

/** Every problem of the network, worst first, then what is in the way of training it; a row opens the card at its node. */
export function ProblemList() {
  const { t } = useText('problems');
  const diagnostics = useProject((state) => state.analysis.diagnostics);
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const sorted = useMemo(() => [...diagnostics].sort(bySeverity), [diagnostics]);
  const training = useTrainingProblems();
  const sortedTraining = useMemo(() => [...training].sort(bySeverity), [training]);
  const isDataAsked = useIsDataAsked();
  if (isEmpty) return <EmptyState title={t.noneYet} />;
  if (sorted.length + sortedTraining.length === 0) {
    if (!isDataAsked) return <EmptyState title={t.noneButData} />;
    return <EmptyState icon={<CircleCheck size={20} color="var(--ok)" aria-hidden />} title={t.none} />;
  }
  return (
    <ul className={styles['list']} aria-label={t.list} onKeyDown={moveFocus}>
      <Rows sorted={sorted} isTraining={false} />
      <Rows sorted={sortedTraining} isTraining />
    </ul>
  );
}

/** How many problems there are, for the dock's tab: red while there is an error. */
export function ProblemCount() {
  const { t } = useText('problems');
  const errors = useProject(
    (state) => state.analysis.diagnostics.filter(({ severity }) => severity === 'error').length,
  );
  const warnings = useProject(
    (state) => state.analysis.diagnostics.filter(({ severity }) => severity === 'warning').length,
  );
  // A network that is being built cannot be trained yet: that is not red.
  const ofTraining = useTrainingProblems().filter(({ severity }) => severity !== 'info').length;
  const count = errors + warnings + ofTraining;
  if (count === 0) return null;
  return (
    <span
      className={styles['count']}
      data-severity={errors > 0 ? 'error' : 'warning'}
      title={[
        errors > 0 ? fill(t.countErrors, { count: errors }) : '',
        warnings > 0 ? fill(t.countWarnings, { count: warnings }) : '',
        ofTraining > 0 ? fill(t.countTraining, { count: ofTraining }) : '',
      ]
        .filter((part) => part !== '')
        .join(', ')}
    >
      {count}
    </span>
  );
}
