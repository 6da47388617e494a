import { useMemo, useState } from 'react';
import { findHead, headCost, type HeadCost, type HeadKind } from '../../shared/transforms/findHead';
import { headVariants, type HeadVariant } from '../../shared/transforms/heads';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import { isRunActive } from '../../shared/training/runState';
import { fill, useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useProject, useRun, useSession } from '../session';
import { openDialog, showDockTab } from '../store';
import { Button, EmptyState, FigureList, formatCount, formatShort, Tabs, Tooltip } from '../ui';
import { formatBytes, formatDifference, formatShare } from '../ui/units';
import { trainHeads, useHeadRace } from './headRace';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { NetworkDiff } from './NetworkDiff';
import styles from './ComparePanel.module.css';

/** One column of the head lab: a variant of the open network that can be had. */
export type HeadColumn = {
  readonly kind: HeadKind;
  readonly isCurrent: boolean;
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly cost: HeadCost;
  readonly variant: HeadVariant;
};

function columnOf(variant: HeadVariant): HeadColumn | null {
  if (variant.state === 'impossible') return null;
  const { document, analysis } =
    variant.state === 'current' ? variant : { document: variant.plan.document, analysis: variant.plan.after };
  const head = findHead(document, analysis);
  if (!head.ok) return null;
  return {
    kind: variant.kind,
    isCurrent: variant.state === 'current',
    document,
    analysis,
    cost: headCost(analysis, head.value),
    variant,
  };
}

/** The head lab (the same trunk under FC, conv and GAP), and this network against another one. */
export function ComparePanel() {
  const { t } = useText('compare');
  const [tab, setTab] = useState<'heads' | 'networks'>('heads');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const variants = useMemo(() => headVariants(document, analysis), [document, analysis]);
  const columns = useMemo(
    () => (variants.ok ? variants.value.flatMap((variant) => columnOf(variant) ?? []) : []),
    [variants],
  );
  return (
    <Tabs<'heads' | 'networks'>
      label={t.compare}
      value={tab}
      onChange={setTab}
      trailing={tab === 'heads' && columns.length > 0 ? <HeadActions columns={columns} isReady={analysis.ok} /> : null}
      items={[
        {
          value: 'heads',
          label: t.heads,
          content: <HeadLab columns={columns} problem={variants.ok ? null : (variants.diagnostics[0] ?? null)} />,
        },
        { value: 'networks', label: t.networks, content: <NetworkDiff /> },
      ]}
    />
  );
}

/** Training them all, and the lesson on what is being compared. */
function HeadActions({ columns, isReady }: { readonly columns: readonly HeadColumn[]; readonly isReady: boolean }) {
  const { t } = useText('compare');
  const config = useTrainingConfig();
  const isTraining = useRun(isRunActive);
  const { current } = useHeadRace();
  const session = useSession();
  return (
    <span className={styles['trailing']}>
      <button type="button" className={styles['link']} onClick={() => openLesson('gap')}>
        {t.learn}
      </button>
      {current === null ? (
        <Tooltip text={t.trainAllHint} side="top">
          <Button size="sm" disabled={isTraining || !isReady} onClick={() => void trainHeads(session, columns, config)}>
            {t.trainAll}
          </Button>
        </Tooltip>
      ) : (
        <Button size="sm" onClick={() => showDockTab('training')}>
          {fill(t.trainingNow, { head: t[`head_${current}`] })}
        </Button>
      )}
    </span>
  );
}

type HeadLabProps = { readonly columns: readonly HeadColumn[]; readonly problem: Diagnostic | null };

function HeadLab({ columns, problem }: HeadLabProps) {
  const { t, pick } = useText('compare');
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const { results } = useHeadRace();
  if (isEmpty) {
    return (
      <EmptyState title={t.emptyTitle}>
        <Button onClick={() => openDialog('templates')}>{t.openTemplate}</Button>
      </EmptyState>
    );
  }
  if (problem !== null) {
    return <EmptyState title={pick(problem.summary)} hint={problem.why === undefined ? '' : pick(problem.why)} />;
  }
  const largest = Math.max(...columns.map((column) => column.analysis.totals.trainableParams), 1);
  return (
    <section className={styles['lab']} aria-label={t.heads}>
      {columns.map((column) => (
        <HeadCard key={column.kind} column={column} largest={largest} accuracy={results[column.kind]} />
      ))}
    </section>
  );
}

type HeadCardProps = { readonly column: HeadColumn; readonly largest: number; readonly accuracy: number | undefined };

const headColors: Readonly<Record<HeadKind, string>> = {
  fc: 'var(--family-fc)',
  conv: 'var(--family-conv)',
  gap: 'var(--family-gap)',
};

function HeadCard({ column, largest, accuracy }: HeadCardProps) {
  const session = useSession();
  const { t } = useText('compare');
  const current = useProject((state) => state.analysis.totals);
  const { totals } = column.analysis;
  const trunk = totals.trainableParams - column.cost.trainableParams;
  const width = (params: number): string => `${(100 * params) / largest}%`;
  const { variant } = column;
  const change = totals.trainableParams - current.trainableParams;
  const rows: readonly (readonly [label: string, value: string])[] = [
    [t.headShare, formatShare(column.cost.trainableParams, totals.trainableParams)],
    [t.macs, formatShort(totals.macs)],
    [t.weights, formatBytes(totals.params * 4)],
    [t.accuracy, accuracy === undefined ? '–' : `${(100 * accuracy).toFixed(1)} %`],
  ];
  return (
    <article
      className={styles['card']}
      data-current={column.isCurrent ? true : undefined}
      aria-label={t[`head_${column.kind}`]}
    >
      <header className={styles['cardHead']}>
        <h3>{t[`head_${column.kind}`]}</h3>
        {variant.state === 'plan' ? (
          <Button size="sm" onClick={() => session.project.edit(variant.plan.title, variant.plan.edits)}>
            {t[`switch_${column.kind}`]}
          </Button>
        ) : (
          <span className={styles['now']}>{t.now}</span>
        )}
      </header>
      <div
        className={styles['bar']}
        role="img"
        aria-label={fill(t.barLabel, { trunk: formatCount(trunk), head: formatCount(column.cost.trainableParams) })}
      >
        <i style={{ width: width(trunk), background: 'var(--line-strong)' }} />
        <i style={{ width: width(column.cost.trainableParams), background: headColors[column.kind] }} />
      </div>
      <p className={styles['params']}>
        <strong className="figures">{formatCount(totals.trainableParams)}</strong> {t.parametersUnit}
        {column.isCurrent ? null : <span className="figures">{formatDifference(change)}</span>}
      </p>
      <FigureList rows={rows} layout="columns" />
      <p className={styles['muted']}>{t[`about_${column.kind}`]}</p>
    </article>
  );
}
