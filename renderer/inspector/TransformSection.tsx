import { useMemo } from 'react';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import { networkTransforms, nodeTransforms, type OfferedTransform } from '../../shared/transforms/offered';
import { repeatTransforms } from '../../shared/transforms/repeats';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { formatCount } from '../ui';
import { formatDifference } from '../ui/units';
import styles from './Teaching.module.css';
import { useSettled } from './useSettled';

type Settled = { readonly document: NetworkDocument; readonly analysis: NetworkAnalysis };

function offersOf({ document, analysis }: Settled, nodeId: string | null): readonly OfferedTransform[] {
  if (nodeId !== null) return nodeTransforms(document, analysis, nodeId);
  return [...networkTransforms(document, analysis), ...repeatTransforms(document, analysis)];
}

/** What the selected layer, or the whole network, can be turned into: each one step, its parameters counted before. */
export function TransformSection({ nodeId }: { readonly nodeId: string | null }) {
  const { t } = useText('inspector');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  // Plans are whole analyses: they follow once the edit itself is on the screen.
  const latest = useMemo(() => ({ document, analysis }), [document, analysis]);
  const settled = useSettled(latest, document.nodes.length);
  const offers = useMemo(() => (settled === null ? [] : offersOf(settled, nodeId)), [settled, nodeId]);
  if (offers.length === 0) return null;
  return (
    <section className={styles['section']} aria-label={t.transforms}>
      <h3>{t.transforms}</h3>
      <ul className={styles['list']}>
        {offers.map((offer) => (
          <li key={offer.id}>
            <Offer offer={offer} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Offer({ offer }: { readonly offer: OfferedTransform }) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const { plan } = offer;
  const [before, after] = [plan.before.totals.params, plan.after.totals.params];
  return (
    <button type="button" className={styles['row']} onClick={() => session.project.edit(plan.title, plan.edits)}>
      <span>{pick(plan.title)}</span>
      <span className={`${styles['muted'] ?? ''} figures`}>
        {fill(t.transformParams, {
          before: formatCount(before),
          after: formatCount(after),
          difference: formatDifference(after - before),
        })}
      </span>
      {plan.equivalent ? <span className={styles['muted']}>{t.sameOutputs}</span> : null}
    </button>
  );
}
