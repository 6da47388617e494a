import { useCallback } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { useText } from '../i18n';
import { formatLoss, formatPercent } from '../training/chartNumbers';
import { OverlaidCharts } from '../training/OverlaidCharts';
import { scoreOf } from './useHeadLab';
import styles from './ComparePanel.module.css';

/** The runs of one race in one picture: loss, validation, and what came out. */
export function HeadCurves({ race }: { readonly race: readonly RunSummary[] }) {
  const { t, pick } = useText('compare');
  const { t: training } = useText('training');
  const isSegmentation = race.some(({ lastEpoch }) => lastEpoch?.valMeanIou != null);
  const nameOf = useCallback(
    ({ id, variant }: RunSummary) => (variant === undefined ? id : pick(variant.label)),
    [pick],
  );
  return (
    <section className={styles['curves']} aria-label={t.curves}>
      <OverlaidCharts runs={race} nameOf={nameOf} />
      <div className={styles['outcome']}>
        <table className={styles['outcomes']} aria-label={t.outcome}>
          <thead>
            <tr>
              <th scope="col">{t.head}</th>
              <th scope="col">{isSegmentation ? training.meanIou : t.accuracy}</th>
              <th scope="col">{training.loss}</th>
            </tr>
          </thead>
          <tbody>
            {race.map((run) => {
              const score = scoreOf(run);
              return (
                <tr key={run.id}>
                  <th scope="row">
                    {run.variant === undefined ? run.id : pick(run.variant.label)}
                    {run.state === 'completed' ? null : (
                      <span className={styles['muted']}> {training[`state_${run.state}`]}</span>
                    )}
                  </th>
                  <td className="figures">{score === null ? '–' : formatPercent(score)}</td>
                  <td className="figures">{run.lastEpoch === null ? '–' : formatLoss(run.lastEpoch.valLoss)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
