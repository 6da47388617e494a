import { explainTotals, type TotalExplanation } from '../../shared/analysis/explainTotals';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { LayerFamily } from '../../shared/layers/define';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { openDialog, showDockTab } from '../store';
import { Button, EmptyState, familyColour, FigureList, formatCount, formatShape, formatShort } from '../ui';
import { formatBytes, formatShare } from '../ui/units';
import { DialectLens } from './DialectLens';
import { FormulaCard } from './FormulaCard';
import { InputSizesSection } from './InputSizes';
import { MemoryForecast } from './MemoryForecast';
import { TransformSection } from './TransformSection';
import styles from './Inspector.module.css';

type FamilyShare = { readonly family: LayerFamily; readonly params: number };

/** Parameters by family, largest first; families without any are left out. */
export function paramsByFamily(analysis: NetworkAnalysis): readonly FamilyShare[] {
  const sums = new Map<LayerFamily, number>();
  for (const node of analysis.nodes.values()) {
    const family = node.definition?.family;
    if (family === undefined || node.paramCount === null || node.paramCount === 0) continue;
    sums.set(family, (sums.get(family) ?? 0) + node.paramCount);
  }
  return [...sums].map(([family, params]) => ({ family, params })).sort((a, b) => b.params - a.params);
}

/** The whole network in figures, when nothing is selected. */
export function NetworkSummary() {
  const { t } = useText('inspector');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  if (document.nodes.length === 0) {
    return (
      <EmptyState title={t.emptyTitle} hint={t.emptyHint}>
        <Button onClick={() => openDialog('templates')}>{t.openTemplate}</Button>
      </EmptyState>
    );
  }
  const { totals } = analysis;
  const shapes = (ids: readonly string[]): string =>
    ids
      .map((id) => analysis.nodes.get(id)?.outputShape)
      .map((shape) => (shape == null ? '?' : formatShape(shape)))
      .join(', ');
  const sums = explainTotals(analysis);
  const params = formatCount(totals.params);
  const partly = totals.unknown === 1 ? t.unknownLayer : t.unknownLayers;
  const paramsText = totals.unknown === 0 ? params : fill(partly, { params, count: formatCount(totals.unknown) });
  const rows: readonly (readonly [string, string])[] = [
    [t.trainable, formatCount(totals.trainableParams)],
    [t.input, shapes(analysis.inputs)],
    [t.output, shapes(analysis.outputs)],
    [t.layers, formatCount(analysis.nodes.size)],
  ];
  return (
    <>
      <header className={styles['header']}>
        <h2 className={styles['title']}>{document.name === '' ? t.network : document.name}</h2>
        <p className={styles['muted']}>{t.summaryHint}</p>
      </header>
      <FigureList rows={rows} />
      <section className={styles['cards']} aria-label={t.numbers}>
        <TotalCard id="params" title={t.allParameters} result={paramsText} sum={sums.params} />
        <TotalCard id="macs" title={t.macs} result={formatShort(totals.macs)} sum={sums.macs} />
        <TotalCard id="weights" title={t.weightBytes} result={formatBytes(totals.params * 4)} sum={sums.weightBytes} />
        <TotalCard
          id="outputs"
          title={t.activationBytes}
          result={formatBytes(totals.activationBytes)}
          sum={sums.activationBytes}
        />
        <MemoryForecast analysis={analysis} />
      </section>
      <FamilyShares analysis={analysis} />
      <InputSizesSection analysis={analysis} />
      <DialectLens />
      <TransformSection nodeId={null} />
      <LargestLayers analysis={analysis} />
    </>
  );
}

type TotalCardProps = {
  readonly id: string;
  readonly title: string;
  readonly result: string;
  readonly sum: TotalExplanation;
};

/** A total that opens into its sum. */
function TotalCard({ id, title, result, sum }: TotalCardProps) {
  return <FormulaCard id={`total.${id}`} title={title} result={result} explanations={[sum]} isOpenAtFirst={false} />;
}

function FamilyShares({ analysis }: { readonly analysis: NetworkAnalysis }) {
  const { t } = useText('inspector');
  const shares = paramsByFamily(analysis);
  const total = analysis.totals.params;
  const [first] = shares;
  if (first === undefined) return null;
  return (
    <section className={styles['shares']} aria-label={t.shares}>
      <h3>{t.shares}</h3>
      <div className={styles['bar']} aria-hidden="true">
        {shares.map(({ family, params }) => (
          <i key={family} style={{ flexGrow: params, background: familyColour(family) }} />
        ))}
      </div>
      <ul>
        {shares.map(({ family, params }) => (
          <li key={family} className={family === first.family && params > total / 2 ? styles['most'] : undefined}>
            <i style={{ background: familyColour(family) }} aria-hidden="true" />
            {t[`family_${family}`]}
            <span className="figures">{formatShare(params, total)}</span>
          </li>
        ))}
      </ul>
      {first.family === 'fc' && first.params > total / 2 ? (
        <p className={styles['hint']}>
          {fill(t.fcHint, { share: formatShare(first.params, total) })}{' '}
          <button type="button" className={styles['link']} onClick={() => showDockTab('compare')}>
            {t.compareHeads}
          </button>
        </p>
      ) : null}
    </section>
  );
}

function LargestLayers({ analysis }: { readonly analysis: NetworkAnalysis }) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const largest = [...analysis.nodes.values()]
    .filter((node) => (node.paramCount ?? 0) > 0)
    .sort((a, b) => (b.paramCount ?? 0) - (a.paramCount ?? 0))
    .slice(0, 5);
  if (largest.length < 2) return null;
  return (
    <section className={styles['shares']} aria-label={t.largest}>
      <h3>{t.largest}</h3>
      <ul>
        {largest.map((node) => (
          <li key={node.id}>
            <i style={{ background: familyColour(node.definition?.family ?? 'io') }} aria-hidden="true" />
            <button type="button" className={styles['nodeLink']} onClick={() => session.project.select([node.id])}>
              {node.definition === null ? node.kind : pick(node.definition.label)} <code>{node.id}</code>
            </button>
            <span className="figures">{formatCount(node.paramCount ?? 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
