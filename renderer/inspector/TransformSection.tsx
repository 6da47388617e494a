import { useMemo } from 'react';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import { networkTransforms, nodeTransforms, type OfferedTransform } from '../../shared/transforms/offered';
import type { TransformPlan } from '../../shared/transforms/plan';
import { repeatTransforms } from '../../shared/transforms/repeats';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { formatCount } from '../ui';
import { formatDifference } from '../ui/units';
import styles from './Teaching.module.css';
import { useSettled } from './useSettled';

/** What is shown of a transform and done by it. Its plan, with the analysis of what comes out, is let go. */
type Offer = Pick<TransformPlan, 'title' | 'edits' | 'equivalent'> & {
  readonly id: string;
  /** Parameters. */
  readonly before: number;
  readonly after: number;
};

function offerOf({ id, plan: { title, edits, equivalent, before, after } }: OfferedTransform): Offer {
  return { id, title, edits, equivalent, before: before.totals.params, after: after.totals.params };
}

function offersOf(document: NetworkDocument, analysis: NetworkAnalysis, nodeId: string | null): readonly Offer[] {
  const offered =
    nodeId === null
      ? [...networkTransforms(document, analysis), ...repeatTransforms(document, analysis)]
      : nodeTransforms(document, analysis, nodeId);
  return offered.map(offerOf);
}

/** What the selected layer, or the whole network, can be turned into: each one step, its parameters counted before. */
export function TransformSection({ nodeId }: { readonly nodeId: string | null }) {
  const { t } = useText('inspector');
  const { project } = useSession();
  const latest = useProject((state) => state.document);
  // Plans are whole analyses: they follow once the edit itself is on the screen.
  const document = useSettled(latest, latest.nodes.length);
  const offers = useMemo(() => {
    if (document === null) return [];
    // Asked of the project: kept beside the document, React would hold the one before as well.
    const now = project.getState();
    const analysis = now.document === document ? now.analysis : analyzeNetwork(document, now.analysis);
    return offersOf(document, analysis, nodeId);
  }, [document, project, nodeId]);
  if (offers.length === 0) return null;
  return (
    <section className={styles['section']} aria-label={t.transforms}>
      <h3>{t.transforms}</h3>
      <ul className={styles['list']}>
        {offers.map((offer) => (
          <li key={offer.id}>
            <OfferButton {...offer} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OfferButton({ title, edits, before, after, equivalent }: Offer) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  return (
    <button type="button" className={styles['row']} onClick={() => session.project.edit(title, edits)}>
      <span>{pick(title)}</span>
      <span className={`${styles['muted'] ?? ''} figures`}>
        {fill(t.transformParams, {
          before: formatCount(before),
          after: formatCount(after),
          difference: formatDifference(after - before),
        })}
      </span>
      {equivalent ? <span className={styles['muted']}>{t.sameOutputs}</span> : null}
    </button>
  );
}
