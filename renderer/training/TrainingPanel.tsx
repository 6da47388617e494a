import { useEffect, useState } from 'react';
import type { NetworkDocument } from '../../shared/schema/document';
import { isRunActive } from '../../shared/training/runState';
import { useText } from '../i18n';
import { useProject, useRun, useSession } from '../session';
import { currentHost } from '../store';
import { useRequest } from '../store/useRequest';
import { classes, Tabs } from '../ui';
import { ConfigForm } from './ConfigForm';
import { PastRuns } from './PastRuns';
import { Preflight, RunFindings } from './Preflight';
import { RunCharts } from './RunCharts';
import { RunStatus } from './RunStatus';
import { TryIt } from './TryIt';
import { useTrainingConfig } from './useTrainingConfig';
import styles from './TrainingPanel.module.css';

type Side = 'try' | 'past';

/** The document that a run was started with: its input decides what can be shown to it. */
function useRunDocument(runId: string | null): NetworkDocument | null {
  const [kept, setKept] = useState<{ readonly runId: string; readonly document: NetworkDocument } | null>(null);
  useEffect(() => {
    if (runId === null) return undefined;
    let isCurrent = true;
    void currentHost()
      ?.request('run.get', { runId })
      .then((answer) => {
        if (isCurrent && answer.ok) setKept({ runId, document: answer.value.document });
      });
    return () => {
      isCurrent = false;
    };
  }, [runId]);
  return kept?.runId === runId ? kept.document : null;
}

/**
 * Training as a bench under the network: where the run stands and what is wrong with it always in sight, and below that the settings, the
 * curves, and a place to try the outcome.
 */
export function TrainingPanel() {
  const { t } = useText('training');
  const { id } = useSession();
  const config = useTrainingConfig();
  const run = useRun();
  const isActive = isRunActive(run);
  const [side, setSide] = useState<Side>('try');
  const runs = useRequest('run.list', {});
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const trained = run.phase === 'finished' ? run.runId : null;
  const document = useRunDocument(trained);
  return (
    <div className={styles['frame']}>
      <header className={classes(styles['head'], 'scroller')}>
        <RunStatus />
        {isEmpty || isActive ? null : <Preflight />}
        <RunFindings />
      </header>
      <div className={styles['panel']}>
        <div className={classes(styles['settings'], 'scroller')}>
          <ConfigForm config={config} isActive={isActive} />
        </div>
        <RunCharts />
        <div className={styles['side']}>
          <Tabs<Side>
            label={t.outcome}
            value={side}
            onChange={setSide}
            items={[
              { value: 'try', label: t.tryIt, content: <TryIt key={id} runId={trained} document={document} /> },
              {
                value: 'past',
                label: t.pastRuns,
                badge:
                  runs.value === null || runs.value.length === 0 ? null : (
                    <span className="figures">{runs.value.length}</span>
                  ),
                content: <PastRuns answer={runs} />,
              },
            ]}
          />
        </div>
      </div>
    </div>
  );
}
