import { useMemo, useState } from 'react';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compareNetworks, type ComparedNode, type NetworkComparison } from '../../shared/analysis/compare';
import { titleOf } from '../../shared/analysis/describeComparison';
import type { NodeAnalysis } from '../../shared/analysis/types';
import { comparisonSentence, comparisonTable } from '../../shared/exports/tables/comparison';
import { printMarkdown } from '../../shared/exports/tables/markdown';
import { useText } from '../i18n';
import { useSession } from '../session';
import { remember, useUi } from '../store';
import { EmptyState, familyColour, formatCount, formatShape, LayerGlyph, Segments, Select } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import { formatDifference } from '../ui/units';
import { changeText, type DiffSide } from './diffSide';
import { LinkedCanvases } from './LinkedCanvases';
import { useComparedNetwork, type ComparedSide } from './useComparedNetwork';
import styles from './NetworkDiff.module.css';

function useSide({ document }: ComparedSide): DiffSide | null {
  return useMemo(() => (document === null ? null : { document, analysis: analyzeNetwork(document) }), [document]);
}

/** Any two networks beside each other: what happened in a sentence, then node by node as a table or on two linked canvases. */
export function NetworkDiff() {
  const { t, language } = useText('compare');
  const [left, right] = [useComparedNetwork('here'), useComparedNetwork('template')];
  const [a, b] = [useSide(left), useSide(right)];
  const comparison = useMemo(() => (a === null || b === null ? null : compareNetworks(a.analysis, b.analysis)), [a, b]);
  const markdown = useMemo(
    () =>
      comparison === null || a === null || b === null
        ? ''
        : printMarkdown(comparisonTable(comparison, [a.document.name, b.document.name], language)),
    [comparison, a, b, language],
  );
  const isDrawn = useUi((state) => state.layout['compare.drawn'] === true);
  return (
    <section className={styles['diff']} aria-label={t.networks}>
      <header className={styles['head']}>
        <Select label={t.thisNetwork} value={left.value} items={left.items} onChange={left.choose} />
        <span className={styles['muted']}>{t.against}</span>
        <Select label={t.otherNetwork} value={right.value} items={right.items} onChange={right.choose} />
        {left.browser}
        {right.browser}
        {comparison === null ? null : (
          <span className={`${styles['totals'] ?? ''} figures`}>
            {t.allParameters}: {formatCount(comparison.totals.a.params)} {t.against}{' '}
            {formatCount(comparison.totals.b.params)} ({formatDifference(comparison.totals.difference.params)})
          </span>
        )}
        <Segments<'table' | 'drawn'>
          label={t.shownAs}
          value={isDrawn ? 'drawn' : 'table'}
          choice={shownAs}
          language={language}
          onChange={(value) => remember('compare.drawn', value === 'drawn')}
        />
        {comparison === null || a === null || b === null ? null : (
          <CopyButton size="sm" label={t.copyMarkdown} text={markdown} />
        )}
      </header>
      {comparison === null || a === null || b === null ? (
        <EmptyState title={t.nothingChosen} />
      ) : (
        <>
          <p className={styles['sentence']}>{comparisonSentence(comparison, language)}</p>
          {isDrawn ? (
            <LinkedCanvases a={a} b={b} comparison={comparison} here={left.isHere} />
          ) : (
            <DiffTable comparison={comparison} isHere={left.isHere} />
          )}
        </>
      )}
    </section>
  );
}

const shownAs = {
  table: { en: 'Table', zh: '表格' },
  drawn: { en: 'Canvases', zh: '画布' },
} as const;

type DiffTableProps = { readonly comparison: NetworkComparison; readonly isHere: boolean };

function DiffTable({ comparison, isHere }: DiffTableProps) {
  const { t } = useText('compare');
  const [isShort, setShort] = useState(false);
  const rows = isShort ? comparison.nodes.filter(({ status }) => status !== 'same') : comparison.nodes;
  return (
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
            <th scope="col">
              {t.differs}
              <label className={styles['short']}>
                <input type="checkbox" checked={isShort} onChange={(event) => setShort(event.target.checked)} />
                {t.onlyDifferent}
              </label>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <DiffRow key={`${row.a?.id ?? ''} ${row.b?.id ?? ''}`} row={row} isHere={isHere} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DiffRow({ row, isHere }: { readonly row: ComparedNode; readonly isHere: boolean }) {
  const session = useSession();
  const { t } = useText('compare');
  const says = row.status === 'changed' ? row.changes.map((change) => changeText(change, t)).join(', ') : t[row.status];
  return (
    <tr data-status={row.status}>
      <NodeCells node={row.a} {...(isHere ? { onSelect: (id: string) => session.project.select([id]) } : {})} />
      <NodeCells node={row.b} />
      <td className={styles['says']}>{says}</td>
    </tr>
  );
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
      {pick(titleOf(node))} <code>{node.id}</code>
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
