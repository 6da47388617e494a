import { useMemo, useState } from 'react';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compareNetworks, type ComparedNode, type NodeChange } from '../../shared/analysis/compare';
import type { NodeAnalysis } from '../../shared/analysis/types';
import type { Messages } from '../i18n';
import { useText } from '../i18n';
import { useProject, useSession } from '../session';
import { useRequest } from '../store/useRequest';
import { EmptyState, familyColour, formatCount, formatShape, LayerGlyph, Select } from '../ui';
import { formatDifference } from '../ui/units';
import styles from './NetworkDiff.module.css';

/** The open network beside a template, node by node: what is only here, only there, and what differs. */
export function NetworkDiff() {
  const { t } = useText('compare');
  const analysis = useProject((state) => state.analysis);
  const name = useProject((state) => state.document.name);
  const { value: templates } = useRequest('templates.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const suggested = templates?.find((template) => template.name !== name) ?? templates?.[0];
  const id = chosen ?? suggested?.id ?? null;
  const { value: other } = useRequest('templates.open', id === null ? null : { id });
  const comparison = useMemo(
    () => (other === null ? null : compareNetworks(analysis, analyzeNetwork(other))),
    [analysis, other],
  );
  if (templates === null || id === null) return <EmptyState title={t.noTemplates} />;
  return (
    <section className={styles['diff']} aria-label={t.networks}>
      <header className={styles['head']}>
        <b>{name === '' ? t.thisNetwork : name}</b>
        <span className={styles['muted']}>{t.against}</span>
        <Select
          label={t.otherNetwork}
          value={id}
          items={templates.map((template) => ({ value: template.id, label: template.name }))}
          onChange={setChosen}
        />
        {comparison === null ? null : (
          <span className={`${styles['totals'] ?? ''} figures`}>
            {t.allParameters}: {formatCount(comparison.totals.a.params)} {t.against}{' '}
            {formatCount(comparison.totals.b.params)} ({formatDifference(comparison.totals.difference.params)})
          </span>
        )}
      </header>
      {comparison === null ? null : (
        <div className={styles['scroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t.here}</th>
                <th scope="col">{t.shape}</th>
                <th scope="col">{t.parameters}</th>
                <th scope="col">{t.there}</th>
                <th scope="col">{t.shape}</th>
                <th scope="col">{t.parameters}</th>
                <th scope="col">{t.differs}</th>
              </tr>
            </thead>
            <tbody>
              {comparison.nodes.map((row) => (
                <DiffRow key={`${row.a?.id ?? ''} ${row.b?.id ?? ''}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function DiffRow({ row }: { readonly row: ComparedNode }) {
  const session = useSession();
  const { t } = useText('compare');
  const says = row.status === 'changed' ? row.changes.map((change) => changeText(change, t)).join(', ') : t[row.status];
  return (
    <tr data-status={row.status}>
      <NodeCells node={row.a} onSelect={(id) => session.project.select([id])} />
      <NodeCells node={row.b} />
      <td className={styles['says']}>{says}</td>
    </tr>
  );
}

function changeText(change: NodeChange, t: Messages<'compare'>): string {
  const names = {
    kind: t.kind,
    inputs: t.inputs,
    param: change.name ?? '',
    shape: t.shape,
    params: t.parameters,
    macs: t.macs,
    memory: t.memory,
  };
  if (change.what === 'shape' || change.what === 'params' || change.what === 'macs' || change.what === 'memory') {
    return names[change.what];
  }
  return `${names[change.what]} ${change.a ?? '–'} → ${change.b ?? '–'}`;
}

type NodeCellsProps = { readonly node: NodeAnalysis | null; readonly onSelect?: (id: string) => void };

function NodeCells({ node, onSelect }: NodeCellsProps) {
  const { pick } = useText('compare');
  if (node === null) {
    return (
      <>
        <td />
        <td />
        <td />
      </>
    );
  }
  const label = (
    <span className={styles['node']}>
      <span style={{ color: familyColour(node.definition?.family ?? 'io') }}>
        <LayerGlyph definition={node.definition} size={16} />
      </span>
      {node.definition === null ? node.kind : pick(node.definition.label)} <code>{node.id}</code>
    </span>
  );
  return (
    <>
      <td>
        {onSelect === undefined ? (
          label
        ) : (
          <button type="button" className={styles['nodeButton']} onClick={() => onSelect(node.id)}>
            {label}
          </button>
        )}
      </td>
      <td className="figures">{node.outputShape === null ? '–' : formatShape(node.outputShape)}</td>
      <td className="figures">
        {node.paramCount === null || node.paramCount === 0 ? '' : formatCount(node.paramCount)}
      </td>
    </>
  );
}
