import { formatHeat, gradientLevel } from '../../shared/analysis/heat';
import { fill, useText } from '../i18n';
import { useMetrics } from '../session';
import { EmptyState } from '../ui';
import { layerHistory } from './layerHistory';
import styles from './LayerHealth.module.css';

const spark = { width: 96, height: 22 } as const;

/** A curve over the epochs, its newest value at the right. */
function Spark({ values, label }: { readonly values: readonly (number | null)[]; readonly label: string }) {
  const step = spark.width / Math.max(1, values.length - 1);
  const points = values.flatMap((value, at) =>
    value === null ? [] : [`${(at * step).toFixed(1)},${((1 - value) * (spark.height - 4) + 2).toFixed(1)}`],
  );
  return (
    <svg width={spark.width} height={spark.height} role="img" aria-label={label}>
      {points.length === 1 ? (
        <circle cx={spark.width / 2} cy={points[0]?.split(',')[1]} r="2" className={styles['dot']} />
      ) : (
        <polyline points={points.join(' ')} className={styles['line']} />
      )}
    </svg>
  );
}

function valueText(measure: 'gradient' | 'dead', value: number | null): string {
  return value === null ? '–' : formatHeat(measure, value);
}

/** The gradient and the dead units of each layer, as the shown run has them epoch by epoch. */
export function LayerHealth() {
  const { t } = useText('training');
  const metrics = useMetrics();
  const layers = layerHistory(metrics.epochs.map(({ event }) => event));
  if (layers.length === 0) return <EmptyState title={t.noLayers} hint={t.noLayersHint} />;
  return (
    <table className={styles['layers']} aria-label={t.layers}>
      <thead>
        <tr>
          <th scope="col">{t.layer}</th>
          <th scope="col" title={t.gradientHint}>
            {t.gradient}
          </th>
          <th scope="col" title={t.deadHint}>
            {t.dead}
          </th>
        </tr>
      </thead>
      <tbody>
        {layers.map((layer) => {
          const gradient = layer.gradients.at(-1) ?? null;
          const dead = layer.dead.at(-1) ?? null;
          return (
            <tr key={layer.nodeId}>
              <th scope="row">{layer.nodeId}</th>
              <td data-state={gradient !== null && gradient < 1e-8 ? 'bad' : undefined}>
                <span className="figures">{valueText('gradient', gradient)}</span>
                <Spark
                  values={layer.gradients.map((value) => (value === null ? null : gradientLevel(value)))}
                  label={fill(t.gradientOver, { name: layer.nodeId, count: layer.gradients.length })}
                />
              </td>
              <td data-state={dead !== null && dead >= 0.5 ? 'bad' : undefined}>
                <span className="figures">{valueText('dead', dead)}</span>
                {dead === null ? null : (
                  <meter min={0} max={1} value={dead} aria-label={fill(t.deadOf, { name: layer.nodeId })} />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
