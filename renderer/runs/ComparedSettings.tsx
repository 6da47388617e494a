import { useMemo } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { compareRuns, runName } from '../../shared/training/runTable';
import { useText } from '../i18n';
import { classes } from '../ui';
import styles from './RunsPanel.module.css';

/** The network and the settings of runs beside each other; what differs is lit, and first. */
export function ComparedSettings({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { t, language, pick } = useText('runs');
  const facts = useMemo(() => compareRuns(runs, language), [runs, language]);
  return (
    // A table that is wider than its pane is moved by keys, too.
    <div className={classes(styles['scroll'], 'scroller')} role="region" aria-label={t.compared} tabIndex={0}>
      <table className={styles['facts']} aria-label={t.compared}>
        <thead>
          <tr>
            <th scope="col">{t.setting}</th>
            {runs.map((run) => (
              <th key={run.id} scope="col">
                {runName(run, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.id} data-differs={fact.differs ? true : undefined}>
              <th scope="row">
                {pick(fact.label)}
                {fact.differs ? <span className={styles['badge']}>{t.differs}</span> : null}
              </th>
              {fact.values.map((value, at) => (
                <td key={runs[at]?.id} className="figures">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
