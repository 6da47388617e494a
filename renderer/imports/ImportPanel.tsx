import { Ban, Check, CircleHelp, Replace, Save } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useMemo, useState } from 'react';
import type { KeptImport } from '../../shared/host/api';
import { asClause, isProofGood, proofText } from '../../shared/host/proofText';
import type { ImportLine } from '../../shared/imports/report';
import { FileBrowser } from '../dialogs/FileBrowser';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { useHost } from '../store';
import { Button, EmptyState, TextInput, classes } from '../ui';
import styles from './ImportPanel.module.css';
import { pickAndSaveModel, saveModel } from './saveModel';
import { isThere, showNode } from '../canvas/showNode';

/** In the order of what is worth reading first. */
const statuses = ['left', 'opaque', 'changed', 'same'] as const satisfies readonly ImportLine['status'][];
const icons = { same: Check, changed: Replace, opaque: CircleHelp, left: Ban } as const;

/** What became of the parts of an imported file: proof, weights, and a line for each part that leads to its node. */
export function ImportPanel() {
  const { t } = useText('imports');
  const { imported } = useSession();
  if (imported === null) return <EmptyState title={t.noReport} />;
  return (
    <section className={styles['panel']} aria-label={t.report}>
      <Summary kept={imported} />
      <Report report={imported.report} />
    </section>
  );
}

function Summary({ kept }: { readonly kept: KeptImport }) {
  const { t, pick } = useText('imports');
  const { name, proof, notProved, path, report, folds } = kept;
  const isOpaque = report.some(({ status }) => status === 'opaque');
  const hasDialogs = useHost((state) => state.info?.nativeDialogs === true);
  const [isSaving, setSaving] = useState(false);
  const suggestedName = `${name.replace(/\.[^.]+$/, '')}.convloom-model`;
  return (
    <header className={styles['summary']}>
      <strong>{fill(t.of, { name })}</strong>
      {proof === null ? null : (
        <p className={classes(styles['proof'], !isProofGood(proof) && styles['bad'])}>
          {pick(proofText(proof))} {isProofGood(proof) ? null : t.differs}
        </p>
      )}
      {notProved === null ? null : <p>{fill(t.notCompared, { why: asClause(pick(notProved)) })}</p>}
      {folds.map((fold, at) => (
        <p key={at}>{fill(t.folded, { what: pick(fold) })}</p>
      ))}
      <p>{path === null ? t.noWeights : isOpaque ? t.hasWeightsOpaque : t.hasWeights}</p>
      {path === null ? null : (
        <Button
          size="sm"
          icon={<Save size={14} aria-hidden />}
          onClick={() => (hasDialogs ? void pickAndSaveModel(path, suggestedName) : setSaving(true))}
        >
          {t.saveModel}
        </Button>
      )}
      <FileBrowser
        isOpen={isSaving}
        mode="save"
        title={t.saveModelTitle}
        extension=".convloom-model"
        suggestedName={suggestedName}
        onClose={() => setSaving(false)}
        onPick={(target) => {
          setSaving(false);
          if (path !== null) void saveModel(path, target, false);
        }}
      />
    </header>
  );
}

/** Up and down move through the list without leaving it. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll('button')];
  const at = rows.findIndex((row) => row === document.activeElement);
  event.preventDefault();
  rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

type Filter = ImportLine['status'] | 'all';

function Report({ report }: { readonly report: readonly ImportLine[] }) {
  const { t, pick } = useText('imports');
  const counts = useMemo(
    () => new Map(statuses.map((status) => [status, report.filter((line) => line.status === status).length])),
    [report],
  );
  const [filter, setFilter] = useState<Filter>('all');
  const [query, setQuery] = useState('');
  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    const has = ({ source, nodeId, why }: ImportLine): boolean =>
      [source, nodeId ?? '', why === null ? '' : pick(why)].some((part) => part.toLowerCase().includes(wanted));
    return statuses.flatMap((status) =>
      report.filter((line) => line.status === status && (filter === 'all' || filter === status) && has(line)),
    );
  }, [report, filter, query, pick]);
  if (report.length === 0) return <EmptyState title={t.noReport} />;
  return (
    <>
      <div className={styles['tools']}>
        <div role="group" aria-label={t.filter} className={styles['filters']}>
          {(['all', ...statuses] as const).map((status) => {
            const count = status === 'all' ? report.length : (counts.get(status) ?? 0);
            return (
              <button
                key={status}
                type="button"
                aria-pressed={filter === status}
                disabled={count === 0}
                title={status === 'all' ? undefined : t[`${status}Help`]}
                onClick={() => setFilter(status)}
              >
                {t[status]} <span className="figures">{count}</span>
              </button>
            );
          })}
        </div>
        <div className={styles['search']}>
          <TextInput
            aria-label={t.search}
            placeholder={t.search}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      </div>
      {shown.length === 0 ? (
        <EmptyState title={t.noLines} />
      ) : (
        <ul className={styles['lines']} aria-label={t.lines} onKeyDown={moveFocus}>
          {shown.map((line, index) => (
            <Line key={`${line.source} ${line.nodeId ?? ''} ${index}`} line={line} />
          ))}
        </ul>
      )}
    </>
  );
}

function Line({ line }: { readonly line: ImportLine }) {
  const { t, pick } = useText('imports');
  const session = useSession();
  const { source, nodeId, status, why, isFinding } = line;
  const isHere = useProject((state) => nodeId !== null && isThere(state, nodeId));
  const Icon = icons[status];
  const label = nodeId === null ? undefined : fill(isHere ? t.showNode : t.nodeGone, { node: nodeId });
  return (
    <li>
      <button
        type="button"
        className={styles['line']}
        disabled={!isHere}
        title={label}
        onClick={() => (nodeId === null ? undefined : showNode(session, nodeId))}
      >
        <Icon size={14} className={styles[status]} aria-label={t[status]} />
        <code className={styles['source']} title={source}>
          {source}
        </code>
        <code className={styles['node']}>{nodeId ?? '–'}</code>
        <span className={styles['why']}>
          {isFinding === true ? <span className={styles['finding']}>{t.finding}</span> : null}
          {why === null ? t[`${status}Help`] : pick(why)}
        </span>
      </button>
    </li>
  );
}
