import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useMemo } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { bySeverity } from '../../shared/schema/severities';
import { titleById } from '../canvas/speech';
import { goToNode } from '../canvas/view';
import { useText } from '../i18n';
import type { Session } from '../session';
import { problemKey, useProject, useSession } from '../session';
import { EmptyState } from '../ui/EmptyState';
import styles from './ProblemList.module.css';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

function openProblem(session: Session, diagnostic: Diagnostic): void {
  const { nodeId } = diagnostic.at;
  if (nodeId === undefined) return;
  session.project.select([nodeId]);
  goToNode(session, nodeId);
  session.view.openProblemCard(problemKey(diagnostic));
}

/** Up and down move through the list without leaving it. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll('button')];
  const at = rows.findIndex((row) => row === document.activeElement);
  event.preventDefault();
  rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

function Row({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const { t, pick } = useText('problems');
  const session = useSession();
  const place = useProject((state) =>
    diagnostic.at.nodeId === undefined ? null : pick(titleById(state.document, state.analysis, diagnostic.at.nodeId)),
  );
  const Icon = icons[diagnostic.severity];
  return (
    <li>
      <button type="button" className={styles['row']} onClick={() => openProblem(session, diagnostic)}>
        <Icon size={15} className={styles[diagnostic.severity]} aria-label={t[diagnostic.severity]} />
        <span className={styles['place']}>
          <strong>{place ?? t.network}</strong>
          {diagnostic.at.nodeId === undefined ? null : <code>{diagnostic.at.nodeId}</code>}
        </span>
        <span className={styles['text']}>
          {pick(diagnostic.summary)}
          {diagnostic.why ? <span className={styles['why']}> {pick(diagnostic.why)}</span> : null}
        </span>
      </button>
    </li>
  );
}

/** Every problem of the network, worst first; a row opens the card at its node. */
export function ProblemList() {
  const { t } = useText('problems');
  const diagnostics = useProject((state) => state.analysis.diagnostics);
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const sorted = useMemo(() => [...diagnostics].sort(bySeverity), [diagnostics]);
  if (isEmpty) return <EmptyState title={t.noneYet} />;
  if (sorted.length === 0) {
    return <EmptyState icon={<CircleCheck size={20} color="var(--ok)" aria-hidden />} title={t.none} />;
  }
  return (
    <ul className={styles['list']} aria-label={t.list} onKeyDown={moveFocus}>
      {sorted.map((diagnostic, index) => (
        <Row key={`${problemKey(diagnostic)}#${index}`} diagnostic={diagnostic} />
      ))}
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
  const count = errors + warnings;
  if (count === 0) return null;
  return (
    <span
      className={styles['count']}
      data-severity={errors > 0 ? 'error' : 'warning'}
      title={(errors > 0 ? t.countErrors : t.countWarnings).replace('{count}', String(errors > 0 ? errors : warnings))}
    >
      {count}
    </span>
  );
}
