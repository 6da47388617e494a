import { useMemo, useState } from 'react';
import { findHead, headCost, type HeadCost, type HeadKind } from '../../shared/codegen/transforms/findHead';
import { headVariants, type HeadVariant } from '../../shared/codegen/transforms/heads';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/graph/document';
import { isRunActive } from '../../shared/training/runState';
import { fill, useText } from '../i18n';
import { openLesson } from '../learn/lessonStore';
import { edit, openDialog, showDockTab, useProject, useRun } from '../store';
import { Button, EmptyState, formatCount, formatShort, Tabs } from '../ui';
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
  return (
    <Tabs<'heads' | 'networks'>
      label={t.compare}
      value={tab}
      onChange={setTab}
      items={[
        { value: 'heads', label: t.heads, content: <HeadLab /> },
        { value: 'networks', label: t.networks, content: <NetworkDiff /> },
      ]}
    />
  );
}

function HeadLab() {
  const { t, pick } = useText('compare');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const config = useTrainingConfig();
  const isTraining = useRun(isRunActive);
  const race = useHeadRace();
  const variants = useMemo(() => headVariants(document, analysis), [document, analysis]);
  if (document.nodes.length === 0) {
    return (
      <EmptyState title={t.emptyTitle}>
        <Button onClick={() => openDialog('templates')}>{t.openTemplate}</Button>
      </EmptyState>
    );
  }
  if (!variants.ok) {
    const [first] = variants.diagnostics;
    return (
      <EmptyState
        title={first === undefined ? t.noHead : pick(first.summary)}
        hint={first?.why === undefined ? '' : pick(first.why)}
      />
    );
  }
  const columns = variants.value.flatMap((variant) => columnOf(variant) ?? []);
  const largest = Math.max(...columns.map((column) => column.analysis.totals.trainableParams), 1);
  return (
    <section className={styles['lab']} aria-label={t.heads}>
      <div className={styles['columns']}>
        {columns.map((column) => (
          <HeadCard key={column.kind} column={column} largest={largest} accuracy={race.results[column.kind]} />
        ))}
      </div>
      <footer className={styles['foot']}>
        <Button
          size="sm"
          disabled={isTraining || race.current !== null || !analysis.ok}
          onClick={() => {
            void trainHeads(columns, config);
          }}
        >
          {t.trainAll}
        </Button>
        <p className={styles['muted']}>
          {race.current === null ? t.trainAllHint : fill(t.trainingNow, { head: t[`head_${race.current}`] })}
        </p>
        {race.current === null ? null : (
          <Button size="sm" variant="quiet" onClick={() => showDockTab('training')}>
            {t.showCurve}
          </Button>
        )}
        <button type="button" className={styles['link']} onClick={() => openLesson('gap-and-fc')}>
          {t.learn}
        </button>
      </footer>
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
  const { t } = useText('compare');
  const current = useProject((state) => state.analysis.totals);
  const { totals } = column.analysis;
  const trunk = totals.trainableParams - column.cost.trainableParams;
  const width = (params: number): string => `${(100 * params) / largest}%`;
  const { variant } = column;
  const rows: readonly (readonly [label: string, value: string, difference: string | null])[] = [
    [
      t.parameters,
      formatCount(totals.trainableParams),
      difference(totals.trainableParams - current.trainableParams, column),
    ],
    [t.headShare, formatShare(column.cost.trainableParams, totals.trainableParams), null],
    [t.macs, formatShort(totals.macs), null],
    [t.weights, formatBytes(totals.params * 4), null],
    [t.accuracy, accuracy === undefined ? '–' : `${(100 * accuracy).toFixed(1)} %`, null],
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
          <Button size="sm" onClick={() => edit(variant.plan.title, variant.plan.edits)}>
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
      <dl className={styles['rows']}>
        {rows.map(([label, value, change]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="figures">
              {change === null ? null : <span className={styles['muted']}>{change}</span>} {value}
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles['muted']}>{t[`about_${column.kind}`]}</p>
    </article>
  );
}

function difference(value: number, column: HeadColumn): string | null {
  return column.isCurrent ? null : formatDifference(value);
}
