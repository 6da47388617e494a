import { featureNode } from '../../shared/transforms/featureNode';
import type { FeatureFacts } from '../../shared/host/api';
import { fill, useText } from '../i18n';
import { formatCount, Select } from '../ui';
import type { Inspected } from './inspected';
import styles from './maps.module.css';

/** Stands for the node that is found by the network's structure. */
const found = '';

type FeatureSelectProps = {
  readonly network: Inspected;
  /** Null: the one that is found. */
  readonly node: string | null;
  readonly onChange: (node: string | null) => void;
};

/** Whose values the features are. */
export function FeatureSelect({ network: { document, analysis }, node, onChange }: FeatureSelectProps) {
  const { t } = useText('maps');
  const own = featureNode(document, analysis, { output: document.train?.output });
  const automatic =
    own === null ? t.noFeatures : fill(t[own.why === 'bottleneck' ? 'bottleneck' : 'beforeHead'], { node: own.id });
  return (
    <Select
      label={t.featuresOf}
      value={node !== null && analysis.nodes.has(node) ? node : found}
      items={[{ value: found, label: automatic }, ...analysis.order.map((id) => ({ value: id, label: id }))]}
      onChange={(id) => onChange(id === found ? null : id)}
    />
  );
}

/** What was compared, in a sentence. */
export function FeatureNote({ facts: { node, isMean, size, count, total } }: { readonly facts: FeatureFacts }) {
  const { t } = useText('maps');
  const read = fill(isMean ? t.readMeans : t.readValues, { node, size: formatCount(size) });
  const taken =
    count === total
      ? fill(t.allTaken, { count: formatCount(count) })
      : fill(t.someTaken, { count: formatCount(count), total: formatCount(total) });
  return (
    <p className={styles['muted']}>
      {read} {taken}
    </p>
  );
}

/** How far the reading of a set is; nothing where it is done. */
export function FeatureProgress({
  isLoading,
  progress,
}: {
  readonly isLoading: boolean;
  readonly progress: { readonly done: number; readonly total: number } | null;
}) {
  const { t } = useText('maps');
  if (!isLoading) return null;
  return (
    <p className={styles['muted']} role="status">
      {progress === null
        ? t.waiting
        : fill(t.comparing, { done: formatCount(progress.done), total: formatCount(progress.total) })}
    </p>
  );
}
